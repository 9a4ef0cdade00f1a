import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import RedirectView, TemplateView, View

from accounts import actions
from core.views import ScopedMixin
from members.models import SEES_ROSTER
from network.models import Unit, units_covered_by
from overview.queries.attention import attention, leaders_outside, undelivered
from overview.queries.figures import (
    figures,
    members_on,
    members_per_network,
    members_per_profession,
)
from overview.queries.own import contacts_around, own_memberships, own_people
from overview.queries.places import Places, vacancies
from overview.queries.scope import Scope, scope_of


class UnitPage(ScopedMixin, TemplateView):
    """A page about the units that one's roles cover, or with ?unit= about one of them."""

    permission_required = "members.view_roster"

    @cached_property
    def scope(self) -> Scope:
        slug = self.request.GET.get("unit")
        if not slug:
            return scope_of(self.request.user)
        covered = units_covered_by(self.request.user, SEES_ROSTER)
        unit = Unit.objects.filter(pk__in=covered, slug=slug).first()
        if unit is None:
            raise Http404
        return scope_of(self.request.user, unit)


class Start(UnitPage):
    """The first page: what to do next, then what may be useful; a section for each hat."""

    template_name = "overview/start.html"
    permission_required = "accounts.use_portal"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        own = {
            "memberships": own_memberships(user),
            "people": own_people(user) if user.has_perm("members.view_own_people") else [],
        }
        if not user.has_perm("members.view_roster"):
            return super().get_context_data(**own, contacts=contacts_around(user), **kwargs)
        coverage = Places(self.scope.keys)
        today = timezone.localdate()
        return super().get_context_data(
            **own,
            scope=self.scope,
            coverage=coverage.table(),
            figures=figures(self.scope, coverage.per_group()),
            attention=attention(self.scope, coverage.per_group()),
            networks=members_per_network(self.scope, today),
            professions=members_per_profession(self.scope, today),
            may_add=user.has_perm("members.add_member"),
            **kwargs,
        )


class Figures(UnitPage):
    """How many resource persons there were on a day, by network and profession."""

    template_name = "overview/figures.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = self.day
        return super().get_context_data(
            scope=self.scope,
            day=day,
            total=members_on(self.scope, day),
            networks=members_per_network(self.scope, day),
            professions=members_per_profession(self.scope, day),
            **kwargs,
        )

    @property
    def day(self) -> dt.date:
        """The day asked for; today if it is no day at all."""
        try:
            return parse_date(self.request.GET.get("on", "")) or timezone.localdate()
        except ValueError:
            return timezone.localdate()


class Coverage(UnitPage):
    """Which workplaces look for a resource person, and how well each group is covered."""

    template_name = "overview/coverage.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        places = Places(self.scope.keys)
        return super().get_context_data(
            scope=self.scope,
            coverage=[row for row in places.per_group() if row.whole],
            vacancies=vacancies(places),
            **kwargs,
        )


class Leaders(UnitPage):
    """The leaders in the units who cannot log in yet."""

    template_name = "overview/leaders.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(people=leaders_outside(self.scope), **kwargs)


class Undelivered(UnitPage):
    """The persons in the units whom e-mail does not reach."""

    template_name = "overview/undelivered.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(people=undelivered(self.scope), **kwargs)


@method_decorator(login_not_required, name="dispatch")
class Help(TemplateView):
    """How to get help, and from whom."""

    template_name = "overview/help.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        contacts = contacts_around(user) if user.is_authenticated else []
        support = settings.SUPPORT_EMAIL
        return super().get_context_data(contacts=contacts, support=support, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class Privacy(TemplateView):
    template_name = "overview/privacy.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cookies = {
            "session": settings.SESSION_COOKIE_NAME,
            "csrf": settings.CSRF_COOKIE_NAME,
            "language": settings.LANGUAGE_COOKIE_NAME,
        }
        return super().get_context_data(cookies=cookies, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class Accessibility(TemplateView):
    """The way to the accessibility statement, which is kept where the law wants it."""

    template_name = "overview/accessibility.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.ACCESSIBILITY_STATEMENT_URL:
            return redirect(settings.ACCESSIBILITY_STATEMENT_URL)
        return super().get(request, *args, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class SecurityText(TemplateView):
    """Whom to tell about a hole in the portal (RFC 9116)."""

    template_name = "overview/security.txt"
    content_type = "text/plain; charset=utf-8"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            contact=settings.SECURITY_EMAIL,
            site=settings.SITE_URL,
            expires=(timezone.now() + dt.timedelta(days=180)).replace(microsecond=0),
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class ChangePassword(RedirectView):
    """Where password managers look for the page that changes a password."""

    pattern_name = "account_change_password"


def back(request: HttpRequest) -> HttpResponse:
    """Send the browser back to the page it came from, if that is one of ours."""
    address = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        address = "/"
    return redirect(address)


@method_decorator(login_not_required, name="dispatch")
class ChooseLanguage(View):
    """Change the language: for good when logged in, else for this browser."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        response = back(request)
        language = request.POST.get("language", "")
        if language not in dict(settings.LANGUAGES):
            return response
        if request.user.is_authenticated:
            actions.choose_language(request.user, language=language, by=request.user)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response


@method_decorator(login_not_required, name="dispatch")
class ChooseTheme(View):
    """Choose light, dark, or what the device says; kept by this browser."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        response = back(request)
        theme = request.POST.get("theme", "")
        if theme in {"light", "dark"}:
            response.set_cookie(
                "theme",
                theme,
                max_age=settings.LANGUAGE_COOKIE_AGE or 31_536_000,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        else:
            response.delete_cookie("theme", samesite="Lax")
        return response
