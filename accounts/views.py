import secrets
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.views import (
    BaseReauthenticateView,
    ConfirmLoginCodeView,
    LogoutView,
    RequestLoginCodeView,
)
from allauth.core import ratelimit
from allauth.decorators import rate_limit
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView, View
from requests import RequestException

from accounts import actions, queries
from accounts.adapters.openid import OpenIDAdapter
from accounts.forms import CodeForm, NewAddressForm
from accounts.models import Invitation
from core import audit
from core.exceptions import Refused
from core.views import ScopedMixin


class RequestCode(RequestLoginCodeView):
    """The first page: an address, and the same answer whoever it belongs to."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """Let a person who wrote the wrong address begin again."""

    @method_decorator(rate_limit(action="login"))
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        if form._user is None:
            email = form.cleaned_data["email"]
            get_adapter().send_mail("account/email/unknown_account", email, {})
            audit.record("accounts.code.refused", by=None)
        return super().form_valid(form)


class ConfirmCode(ConfirmLoginCodeView):
    """The second page: the code, at most three tries, also when they come all at once."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        attempt = f"{request.session.session_key}:{self._process.state['at']}"
        if not ratelimit.consume(request, action="confirm_login_code", key=attempt):
            return self.form_invalid(self.get_form())
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        audit.record("accounts.login.failed", by=None, about=self._process.user, method="code")
        return super().form_invalid(form)


class Logout(LogoutView):
    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask the browser to forget as well (OU-06)."""
        response = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


@method_decorator(login_not_required, name="dispatch")
class AcceptInvitation(TemplateView):
    """Opening the link changes nothing, so that a link scanner can do no harm; the button does."""

    template_name = "accounts/invitation.html"

    @cached_property
    def invitation(self) -> Invitation | None:
        found = Invitation.objects.open().with_token(self.kwargs["token"])
        return found.select_related("person").first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        providers = get_social_adapter().list_providers(self.request)
        return super().get_context_data(invitation=self.invitation, providers=providers, **kwargs)

    @method_decorator(rate_limit(action="login"))
    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if self.invitation is None:
            return self.get(request)
        if request.user.is_authenticated and request.user != self.invitation.person:
            logout(request)
        if provider := request.POST.get("provider"):
            return self.accept_through(provider)
        return self.accept()

    def accept(self) -> HttpResponse:
        try:
            person = actions.accept_invitation(self.invitation, by=self.invitation.person)
        except Refused as refusal:
            messages.error(self.request, refusal.message)
            return redirect("account_login")
        record_authentication(self.request, person, method="code", email=person.email)
        return perform_login(self.request, Login(user=person, email=person.email))

    def accept_through(self, provider_id: str) -> HttpResponse:
        """Remember the invitation while the person logs in elsewhere."""
        known = {entry["id"] for entry in settings.OIDC_PROVIDERS}
        if provider_id not in known:
            raise Http404
        self.request.session["invitation"] = self.invitation.pk
        provider = get_social_adapter().get_provider(self.request, provider_id)
        return provider.redirect(self.request, process="login")


@login_not_required
def openid_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the person to the provider; a GET only asks whether she wants to go."""
    return _through(OAuth2LoginView, request, provider_id)


@login_not_required
def openid_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _through(OAuth2CallbackView, request, provider_id)


def _through(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    if provider_id not in {entry["id"] for entry in settings.OIDC_PROVIDERS}:
        raise Http404
    adapter = OpenIDAdapter(request, provider_id)
    try:
        return view.adapter_view(adapter)(request)
    except (OAuth2Error, RequestException) as error:
        provider = get_social_adapter().get_provider(request, provider_id)
        return render_authentication_error(request, provider, exception=error)


class ReauthenticateByCode(BaseReauthenticateView):
    """A code to one's own mailbox, for those who have neither password nor second step."""

    form_class = CodeForm
    template_name = "accounts/reauthenticate_by_code.html"
    STATE = "reauthentication_code"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_sent=self.STATE in self.request.session, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "send" not in request.POST:
            return super().post(request, *args, **kwargs)
        email = request.user.email
        if ratelimit.consume(request, action="request_login_code", key=email):
            code = get_adapter().generate_login_code()
            request.session[self.STATE] = {"code": code, "at": time.time(), "email": email}
            get_adapter().send_mail("account/email/login_code", email, {"code": code})
        else:
            messages.error(request, get_adapter().error_messages["rate_limited"])
        return redirect(request.get_full_path())

    def form_valid(self, form: CodeForm) -> HttpResponse:
        person = self.request.user
        state = self.request.session.get(self.STATE, {"code": "", "at": 0, "email": ""})
        attempt = f"{self.request.session.session_key}:{state['at']}"
        is_right = (
            ratelimit.consume(self.request, action="confirm_login_code", key=attempt)
            and time.time() - state["at"] <= app_settings.LOGIN_BY_CODE_TIMEOUT
            and state["email"] == person.email
            and secrets.compare_digest(form.cleaned_data["code"].encode(), state["code"].encode())
        )
        if not is_right:
            audit.record("accounts.login.failed", by=person, about=person, method="code")
            form.add_error("code", get_adapter().error_messages["incorrect_code"])
            return self.form_invalid(form)
        del self.request.session[self.STATE]
        record_authentication(self.request, person, method="code", reauthenticated=True)
        return super().form_valid(form)


class Account(ScopedMixin, TemplateView):
    """How one logs in, where one is logged in, and what has happened."""

    permission_required = "accounts.change_own_account"
    template_name = "accounts/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.request.user
        ways = queries.ways_in(person)
        providers = get_social_adapter().list_providers(self.request)
        names = {provider.app.provider_id: provider.name for provider in providers}
        connected = {account.provider for account in ways["services"]}
        return super().get_context_data(
            ways=ways,
            services=[
                (account, names.get(account.provider, account.provider))
                for account in ways["services"]
            ],
            free_providers=[
                provider for provider in providers if provider.app.provider_id not in connected
            ],
            sessions=UserSession.objects.filter(user=person).count(),
            log=queries.own_log(person),
            must_add=person.needs_second_factor and not (ways["totp"] or ways["webauthn"]),
            **kwargs,
        )


class RemovePasskey(RemoveWebAuthnView):
    success_url = reverse_lazy("accounts:account")

    def form_valid(self, form: Any) -> HttpResponse:
        if get_mfa_adapter().can_delete_authenticator(self.get_object()):
            return super().form_valid(form)
        message = get_mfa_adapter().error_messages["cannot_delete_authenticator"]
        messages.error(self.request, message)
        return redirect(self.success_url)


reauthenticated = method_decorator(
    reauthentication_required(app="allauth.account"), name="dispatch"
)


@reauthenticated
class ChangeEmail(ScopedMixin, FormView):
    """Ask for a new address; it counts once a link sent there has been opened."""

    permission_required = "accounts.change_own_account"
    form_class = NewAddressForm
    template_name = "accounts/change_email.html"
    success_url = reverse_lazy("accounts:account")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user}

    def form_valid(self, form: NewAddressForm) -> HttpResponse:
        actions.ask_new_address(self.request.user, form.cleaned_data["email"], by=self.request.user)
        messages.success(
            self.request,
            _("We have sent a link to %(email)s. The new address counts when you open it.")
            % {"email": form.cleaned_data["email"]},
        )
        return super().form_valid(form)


class ConfirmEmail(ScopedMixin, TemplateView):
    """The link in the new mailbox; the button changes the address, opening the page does not."""

    permission_required = "accounts.change_own_account"
    template_name = "accounts/confirm_email.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(address=self.address, **kwargs)

    @cached_property
    def address(self) -> str:
        """The new address, if the link is fresh and was made for this person as she is now."""
        address = self.request.user.read_address(self.kwargs["token"])
        if not address:
            raise Http404
        return address

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            person = actions.change_email(request.user, email=self.address, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("accounts:account")
        update_session_auth_hash(request, person)
        messages.success(request, _("Your e-mail address has been changed."))
        return redirect("accounts:account")


@reauthenticated
class RemovePassword(ScopedMixin, TemplateView):
    permission_required = "accounts.change_own_account"
    template_name = "accounts/remove_password.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        person = actions.remove_password(request.user, by=request.user)
        update_session_auth_hash(request, person)
        messages.success(request, _("Your password has been removed. You log in with a code."))
        return redirect("accounts:account")


class EndSessions(ScopedMixin, View):
    """Log out everywhere, here too."""

    permission_required = "accounts.change_own_account"

    def post(self, request: HttpRequest) -> HttpResponse:
        actions.end_sessions(request.user, by=request.user)
        return redirect("account_login")
