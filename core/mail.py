"""The outbox: a mail is decided here, in the same transaction as what it tells of."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils.translation import gettext as _

from core import bell
from core.exceptions import Refused
from core.models import OutgoingMail


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

    `key` says once and for all what this mail is, e.g. `meeting-reminder:7:42:3`: the same key
    twice is a no-op that returns None. Raises Refused when `address` is not one single address.
    """
    try:
        validate_email(address)
    except ValidationError as error:
        message = _("“%(address)s” is not an e-mail address.") % {"address": address[:100]}
        raise Refused(message) from error
    mail = OutgoingMail(
        key=key,
        address=address,
        subject=re.sub(r"\s+", " ", subject).strip()[:250],
        text=text,
        html=html,
        person=person,
        language=language,
        about_type=about._meta.label_lower if about else "",
        about_id=str(about.pk) if about else "",
        priority=priority,
        is_secret=is_secret,
        **fields,
    )
    created = OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)
    transaction.on_commit(ring, robust=True)
    return OutgoingMail.objects.filter(key=key, message_id=created[0].message_id).first()


def ring() -> None:
    """Wake a worker; when nobody answers, the sweeper finds the row within a minute."""
    bell.ring("core.tasks.deliver_mail")
