from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.generic import TemplateView, View

from core.views import ScopedMixin


class Start(ScopedMixin, TemplateView):
    """The first page: what to do next, then what may be useful."""

    template_name = "overview/start.html"
    permission_required = "accounts.use_portal"


@method_decorator(login_not_required, name="dispatch")
class Help(TemplateView):
    template_name = "overview/help.html"


@method_decorator(login_not_required, name="dispatch")
class Privacy(TemplateView):
    template_name = "overview/privacy.html"


@method_decorator(login_not_required, name="dispatch")
class Accessibility(TemplateView):
    template_name = "overview/accessibility.html"


def back(request: HttpRequest) -> HttpResponse:
    """Send the browser back to the page it came from, if that is one of ours."""
    address = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        address = "/"
    return redirect(address)


@method_decorator(login_not_required, name="dispatch")
class ChooseLanguage(View):
    def post(self, request: HttpRequest) -> HttpResponse:
        response = back(request)
        language = request.POST.get("language", "")
        if check_for_language(language):
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
        return response


@method_decorator(login_not_required, name="dispatch")
class ChooseTheme(View):
    def post(self, request: HttpRequest) -> HttpResponse:
        response = back(request)
        theme = request.POST.get("theme", "")
        if theme in {"light", "dark"}:
            response.set_cookie("theme", theme, max_age=31_536_000, samesite="Lax")
        else:
            response.delete_cookie("theme")
        return response
