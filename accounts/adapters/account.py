import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import Person
from core import audit, mail


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up, mail through the outbox, and a line in the log for what goes wrong."""

    # These hold what opens the door: wiped from the outbox when sent, and first in the queue.
    SECRETS = ("account/email/login_code", "account/email/password_reset_key")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail in the outbox, in the language of the one who reads it."""
        person = Person.objects.who_may_log_in().filter(email=email.lower()).first()
        language = person.language if person else translation.get_language()
        context = {**context, "email": email, "person": person, "site_url": settings.SITE_URL}
        with translation.override(language):
            subject = render_to_string(f"{template_prefix}_subject.txt", context)
            text = render_to_string(f"{template_prefix}_message.txt", context)
            try:
                html = render_to_string(f"{template_prefix}_message.html", context)
            except TemplateDoesNotExist:
                html = ""
        is_secret = template_prefix in self.SECRETS
        mail.queue(
            key=f"{template_prefix}:{secrets.token_hex(16)}",
            address=email,
            subject=subject,
            text=text.strip() + "\n",
            html=html,
            person=person,
            language=language,
            priority=0 if is_secret else 3,
            is_secret=is_secret,
        )

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        """Say no more than to somebody unknown."""
        raise self.validation_error("email_password_mismatch")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        person = Person.objects.filter(email=credentials.get("email", "").lower()).first()
        audit.record("accounts.login.failed", by=None, about=person, method="password")
