from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from core.middleware import Handler

# What someone who manages others may open before she has shown a second factor.
BEFORE_SECOND_FACTOR = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "set_language",
}


def has_second_factor(request: HttpRequest) -> bool:
    """Tell whether this session was opened, or strengthened, with more than the mailbox."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" or record.get("is_strong") for record in records)


class SecondFactorMiddleware:
    """Whoever manages others shows a second factor before her first page (AN-04)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """Turn the request away to the page that asks for, or sets up, the second factor."""
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if request.resolver_match.url_name in BEFORE_SECOND_FACTOR:
            return None
        if has_second_factor(request) or not request.user.needs_second_factor:
            return None
        page = "mfa_reauthenticate" if is_mfa_enabled(request.user) else "mfa_index"
        return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")
