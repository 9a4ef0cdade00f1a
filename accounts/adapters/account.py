import secrets
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from core import audit, mail
from core.letters import compose


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up, mail through the outbox, the same answer to everyone unknown."""

    CODE = "account/email/login_code"
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "enter_current_password": _("Write the password you have now."),
        "incorrect_code": _("The code is wrong. Look again, or ask for a new one."),
        "incorrect_password": _("The password is wrong."),
        "rate_limited": _("That was too many tries. Wait a few minutes and try again."),
        "too_many_login_attempts": _("That was too many tries. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Lead only to this portal's own pages (IN-03)."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=settings.IS_PUBLIC
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail in the outbox, in the language of the one who reads it."""
        person = Person.objects.who_may_log_in().filter(email=email.lower()).first()
        letter = compose(
            f"{template_prefix}.txt",
            language=person.language if person else translation.get_language(),
            **{**context, "person": person},
        )
        is_code = template_prefix == self.CODE
        mail.queue(
            key=f"{template_prefix}:{secrets.token_hex(16)}",
            address=email,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            person=person,
            language=letter.language,
            priority=0,
            is_secret=is_code,
        )
        if is_code:
            audit.record("accounts.code.sent", by=None, about=person)

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        """Say no more than to somebody unknown."""
        audit.record("accounts.login.failed", by=None, about=user, reason="inactive")
        messages.error(request, _("You cannot log in this way. Ask your coordinator for help."))
        return redirect("account_login")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """Answer a right password of someone who may not log in like a wrong one."""
        person = super().authenticate(request, **credentials)
        return person if person and person.is_active else None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        email = credentials.get("email", "").lower()
        person = Person.objects.filter(email=email).first()
        audit.record("accounts.login.failed", by=None, about=person, method="password")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask whoever has only her mailbox for a new code, unless just logged in (AN-13)."""
        user = self.request.user
        if get_reauthentication_flows(user):
            return True
        fresh = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        if any(record["at"] > fresh for record in get_authentication_records(self.request, user)):
            return False
        raise ReauthenticationRequired

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Offer a code by e-mail where there is no second factor that is worth more."""
        ways = super().get_reauthentication_methods(user)
        if not any(way["id"].startswith("mfa") for way in ways):
            ways.append(
                {
                    "id": "code",
                    "description": _("Send a code to my e-mail"),
                    "url": reverse("accounts:reauthenticate_by_code"),
                }
            )
        return ways

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "accounts.adapters.SecondFactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:account")

    def set_password(self, user: Person, password: str) -> None:
        user.set_password(password)
        user.save(update_fields=["password", "updated_at"])
