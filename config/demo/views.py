from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView, View

from accounts.models import Person
from config.demo import mailbox
from config.demo.logins import LOGINS


@method_decorator(login_not_required, name="dispatch")
class LogInAs(View):
    """Log in as one of the demo's four people, without code or second step."""

    def post(self, request: HttpRequest) -> HttpResponse:
        emails = [login.email for login in LOGINS]
        if request.POST.get("email") not in emails:
            raise Http404
        person = Person.objects.get(email=request.POST["email"])
        login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
        # Stands for the second factor, which nobody has set up for a fictional person.
        record_authentication(request, person, method="mfa", type="demo")
        UserSession.objects.create_from_request(request)
        return redirect("overview:start")


@method_decorator(login_not_required, name="dispatch")
class Mailbox(TemplateView):
    template_name = "demo/mailbox.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(mails=mailbox.newest(), **kwargs)


@method_decorator(login_not_required, name="dispatch")
class ReadMail(TemplateView):
    template_name = "demo/mail.html"

    def get_context_data(self, key: str, **kwargs: Any) -> dict[str, Any]:
        if (mail := mailbox.find(key)) is None:
            raise Http404
        return super().get_context_data(mail=mail, **kwargs)
