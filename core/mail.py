"""The outbox: a mail is decided here, in the same transaction as what it tells of."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_guid import get_guid

from core import audit, bell
from core.actions import action
from core.exceptions import Refused
from core.models import OutgoingMail

State = OutgoingMail.State


def queue(
    *,
    key: str,
    address: str,
    subject: str,
    text: str,
    html: str = "",
    person: Any = None,
    language: str = "nb",
    about: models.Model | None = None,
    priority: int = 5,
    is_secret: bool = False,
    **fields: Any,
) -> OutgoingMail | None:
    """Put one mail to one recipient in the outbox and ring for the worker after the commit.

    `key` says for good what this mail is, e.g. `meeting-reminder:7:42:3`: the same key twice
    is a no-op that returns None. Raises Refused when `address` is not one single e-mail address.
    """
    mail = compose(
        key=key,
        address=address,
        subject=subject,
        text=text,
        html=html,
        person=person,
        language=language,
        about=about,
        priority=priority,
        is_secret=is_secret,
        **fields,
    )
    queue_many([mail])
    return OutgoingMail.objects.filter(key=key, message_id=mail.message_id).first()


def compose(
    *,
    key: str,
    address: str,
    subject: str,
    about: models.Model | None = None,
    **fields: Any,
) -> OutgoingMail:
    """Return one mail for `queue_many`; see `queue`."""
    try:
        validate_email(address)
    except ValidationError as error:
        message = _("“%(address)s” is not an e-mail address.") % {"address": address[:100]}
        raise Refused(message) from error
    return OutgoingMail(
        key=key,
        address=address,
        subject=one_line(subject)[:250],
        about_type=about._meta.label_lower if about else "",
        about_id=str(about.pk) if about else "",
        request=get_guid() or "",
        **fields,
    )


def queue_many(mails: Iterable[OutgoingMail]) -> None:
    """Put the mails of a mailing in the outbox, however many, and ring once after the commit."""
    rest = iter(mails)
    while batch := list(islice(rest, 1000)):
        OutgoingMail.objects.bulk_create(batch, ignore_conflicts=True)
    ring_once()


def ring_once() -> None:
    """Ring after the commit, once for all mails of the transaction."""
    if not any(entry[1] is ring for entry in connection.run_on_commit):
        transaction.on_commit(ring, robust=True)


def ring() -> None:
    """Wake a worker; when nobody answers, the sweeper finds the row within a minute."""
    bell.ring("core.tasks.deliver_mail")


def one_line(text: str) -> str:
    """Return `text` without what could begin a new header line or hide in one."""
    visible = "".join(sign if sign.isprintable() else " " for sign in text)
    return re.sub(r"\s+", " ", visible).strip()


# -- What a coordinator may do with a mail that waits ----------------------------------------


@action("core.mail.held")
def hold(mail: OutgoingMail, *, by: Any) -> OutgoingMail:
    """Keep a waiting mail back until somebody releases it."""
    return _become(mail, State.HELD, verb="core.mail.held", by=by)


@action("core.mail.released")
def release(mail: OutgoingMail, *, by: Any) -> OutgoingMail:
    """Let a held mail go."""
    mail = _become(mail, State.QUEUED, verb="core.mail.released", by=by)
    ring_once()
    return mail


@action("core.mail.retried")
def retry(mail: OutgoingMail, *, by: Any) -> OutgoingMail:
    """Try a failed mail again at once, with all its attempts before it."""
    fresh = {"not_before": timezone.now(), "attempts": 0}
    mail = _become(mail, State.QUEUED, verb="core.mail.retried", by=by, **fresh)
    ring_once()
    return mail


@action("core.mail.cancelled")
def cancel(mail: OutgoingMail, *, by: Any) -> OutgoingMail:
    """Take a mail that is not sent yet out of the outbox for good."""
    wiped = {"text": "", "html": ""} if mail.is_secret else {}
    return _become(mail, State.CANCELLED, verb="core.mail.cancelled", by=by, **wiped)


def _become(
    mail: OutgoingMail,
    state: str,
    *,
    verb: str,
    by: Any,
    **fields: Any,
) -> OutgoingMail:
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if not mail.may_become(state) or (mail.is_secret and not mail.text):
        raise Refused(
            _("It is too late: this mail is in the state “%(state)s”.")
            % {"state": mail.get_state_display()},
        )
    for name, value in {"state": state, **fields}.items():
        setattr(mail, name, value)
    mail.save(update_fields=["state", *fields])
    audit.record(verb, by=by, about=mail)
    return mail
