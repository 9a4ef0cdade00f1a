import secrets
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import override

from accounts.models import Invitation, Person
from core import mail
from core.letters import Letter, compose


def send_invitation(invitation: Invitation, token: str) -> None:
    """Send the only mail that ever holds this token; it is wiped from the outbox when sent."""
    person = invitation.person
    with override(person.language):
        expires_on = date_format(localdate(invitation.expires_at))
    letter = compose(
        "accounts/emails/invitation.txt",
        language=person.language,
        person=person,
        inviter=invitation.invited_by.name if invitation.invited_by else "",
        expires_on=expires_on,
        url=settings.SITE_URL + reverse("accounts:invitation", args=[token]),
    )
    send(
        letter,
        key=f"invitation:{invitation.pk}",
        address=invitation.email,
        person=person,
        about=invitation,
        is_secret=True,
    )


def ask_new_address(person: Person, *, address: str, token: str) -> None:
    letter = compose(
        "accounts/emails/new_address.txt",
        language=person.language,
        person=person,
        url=settings.SITE_URL + reverse("accounts:confirm_email", args=[token]),
    )
    send(letter, key=once("new-address"), address=address, person=person, is_secret=True)


def tell_old_address(person: Person, *, old: str, by: Person | None) -> None:
    """Tell the address that no longer opens the account, so that a takeover is noticed."""
    letter = compose(
        "accounts/emails/address_changed.txt",
        language=person.language,
        person=person,
        email=person.email,
        changed_by=by.name if by and by != person else "",
    )
    send(letter, key=once("email-changed"), address=old, person=person, about=person)


def tell_factors_removed(person: Person) -> None:
    letter = compose("accounts/emails/factors_removed.txt", language=person.language, person=person)
    send(letter, key=once("factors-removed"), address=person.email, person=person, about=person)


def once(kind: str) -> str:
    """Return a key for a mail that may be sent again and again."""
    return f"{kind}:{secrets.token_hex(16)}"


def send(letter: Letter, *, key: str, address: str, **fields: Any) -> None:
    """Queue what opens the door before what tells of it, and both before the newsletters."""
    fields.setdefault("priority", 0 if fields.get("is_secret") else 3)
    mail.queue(
        key=key,
        address=address,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language=letter.language,
        **fields,
    )
