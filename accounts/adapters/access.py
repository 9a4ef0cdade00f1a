import time
from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.middleware import Handler

# What someone who manages others may open before she has shown a second factor.
BEFORE_SECOND_FACTOR = {
    "account_logout",
    "account_reauthenticate",
    "accounts:account",
    "accounts:reauthenticate_by_code",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "overview:language",
    "overview:theme",
}


def has_second_factor(request: HttpRequest, user: Any) -> bool:
    """Tell whether this session was opened, or strengthened, with more than the mailbox."""
    records = get_authentication_records(request, user)
    return any(record["method"] == "mfa" or record.get("is_strong") for record in records)


class SecondFactorMiddleware:
    """Whoever manages others shows a second factor before her first page (AN-04)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Turn the request away to the page that asks for, or sets up, the second factor."""
        user = request.user
        if not user.is_authenticated or not getattr(view, "login_required", True):
            return None
        match = request.resolver_match
        if match and match.view_name in BEFORE_SECOND_FACTOR:
            return None
        if has_second_factor(request, user) or not user.needs_second_factor:
            return None
        if not is_mfa_enabled(user):
            return redirect("accounts:account")
        has_app = is_mfa_enabled(user, [Authenticator.Type.TOTP])
        page = "mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn"
        return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")


class SessionLimitsMiddleware:
    """End a session after a working day; sooner when it manages others and is left (AN-11)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self.check(request)
        return self.get_response(request)

    def check(self, request: HttpRequest) -> None:
        """Log the person out when her session is too old; else note that she is here."""
        person: Any = request.user
        session, now = request.session, time.time()
        opened_at = session.setdefault("opened_at", now)
        seen_at = session.setdefault("seen_at", now)
        is_old = now - opened_at > settings.SESSION_COOKIE_AGE
        is_left = now - seen_at > settings.SESSION_IDLE_AGE and person.needs_second_factor
        if is_old or is_left:
            logout(request)
            messages.info(request, _("You have been logged out for safety. Log in to go on."))
        elif now - seen_at > 60:  # noqa: PLR2004 -- a minute
            session["seen_at"] = now
