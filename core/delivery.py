"""The outbox is emptied here: each mail is sent once, and its state kept as soon as it is.

Any number of workers may do this at once. A claimed mail belongs to its worker as long as that
worker's database session lives, so the mails of a killed worker are free at once.
"""

import logging
import random
import secrets
import smtplib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import parseaddr
from functools import lru_cache
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection, transaction
from django.utils import timezone

from core import locks
from core.models import OutgoingMail

logger = logging.getLogger(__name__)

State = OutgoingMail.State

BATCH = 50
# After this what is left of a batch goes back: a login code may have come in, or a stop.
BATCH_SECONDS = 2.0
# A run ends well before Celery's time limit; the sweeper begins the next.
RUN_SECONDS = 600.0
# Only for a worker that hangs with its database session open: a dead one is seen at once.
LEASE = timedelta(minutes=5)
ATTEMPTS = 10
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
# What a server says when it means "not now", though it is no reply to this mail.
CLOSING = 421

# Asked right before sending: each takes mails and returns {pk: why it may no longer be sent}.
GATES: list[Callable[[list[OutgoingMail]], dict[int, str]]] = []


def gate(
    function: Callable[[list[OutgoingMail]], dict[int, str]],
) -> Callable[[list[OutgoingMail]], dict[int, str]]:
    """Register a function that may stop mails at the door: {pk: why} for those it stops."""
    GATES.append(function)
    return function


def deliver() -> Counter[str]:
    """Send every mail that is due; return how many ended in which state."""
    done: Counter[str] = Counter()
    until = monotonic() + RUN_SECONDS
    done[State.MISSED] = _note_missed()
    _free_abandoned()
    with _server() as server, _claimant() as claimant:
        while monotonic() < until and (mails := _claim(claimant)):
            if not _send_batch(mails, claimant, server, done):
                break
    return done


# -- Who sends what --------------------------------------------------------------------------


@contextmanager
def _claimant() -> Iterator[int]:
    """Yield the number under which this run claims mails, alive as long as the run is."""
    number = secrets.randbelow(2**31)
    with locks.session_lock(f"mail:{number}"):
        yield number


def _claim(claimant: int) -> list[OutgoingMail]:
    """Take the next mails, the most urgent first; other workers skip them and take others."""
    with transaction.atomic():
        mails = list(
            OutgoingMail.objects.due()
            .order_by("priority", "not_before", "pk")
            .select_for_update(skip_locked=True)[:BATCH],
        )
        OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
            state=State.SENDING,
            claimed_by=claimant,
            claimed_until=timezone.now() + LEASE,
        )
    return mails


def _free_abandoned() -> None:
    """Put back the mails of workers that are gone."""
    claimed = OutgoingMail.objects.filter(state=State.SENDING)
    claimants = claimed.values_list("claimed_by", flat=True).order_by().distinct()
    gone = [number for number in claimants if not locks.is_held(f"mail:{number}")]
    if gone:
        claimed.filter(claimed_by__in=gone).update(state=State.QUEUED, claimed_by=None)


def _note_missed() -> int:
    """Close the mails whose time has passed: a reminder after the meeting helps nobody."""
    late = OutgoingMail.objects.filter(
        state__in=[State.QUEUED, State.HELD],
        expires_at__lte=timezone.now(),
    )
    late.filter(is_secret=True).update(text="", html="")
    return late.update(state=State.MISSED)


# -- Sending ---------------------------------------------------------------------------------


class _Unreachable(Exception):  # noqa: N818 -- a state of the server, not of a mail
    """The server takes no mail at all just now."""


@contextmanager
def _server() -> Iterator[BaseEmailBackend]:
    """Yield the mail server; one connection serves the whole run, opened when it is needed."""
    server = get_connection()
    try:
        yield server
    finally:
        _hang_up(server)


def _hang_up(server: BaseEmailBackend) -> None:
    try:
        server.close()
    except OSError as error:
        logger.info("The mail server ended the connection: %s", error)
    finally:
        if hasattr(server, "connection"):
            server.connection = None


def _send_batch(
    mails: list[OutgoingMail],
    claimant: int,
    server: BaseEmailBackend,
    done: Counter[str],
) -> bool:
    """Send `mails` one by one, as far as time allows; tell whether the server is there."""
    refused = {pk: reason for ask in GATES for pk, reason in ask(mails).items()}
    until = monotonic() + BATCH_SECONDS
    for number, mail in enumerate(mails):
        if monotonic() > until:
            _put_back(mails[number:], claimant)
            return True
        if mail.pk in refused:
            state = _close(mail, claimant, State.CANCELLED, error=refused[mail.pk])
        elif mail.expires_at and mail.expires_at <= timezone.now():
            state = _close(mail, claimant, State.MISSED)
        else:
            try:
                state = _send(mail, claimant, server)
            except _Unreachable as error:
                logger.warning("The mail server cannot be reached: %s", error)
                _put_back(mails[number:], claimant, error=str(error), wait=_wait(1))
                return False
        done[state] += 1
    return True


def _send(mail: OutgoingMail, claimant: int, server: BaseEmailBackend) -> str:
    """Hand one mail to the server and keep what it answered."""
    try:
        server.open()
    except OSError as error:
        _hang_up(server)
        raise _Unreachable(_words(error)) from error
    try:
        _hand_over(message_for(mail), server)
    except (smtplib.SMTPException, OSError) as error:
        if _is_disconnected(error):
            _hang_up(server)
        if _is_permanent(error):
            return _close(mail, claimant, State.FAILED, error=_words(error))
        return _try_later(mail, claimant, _words(error))
    except Exception as error:
        logger.exception("Mail %s cannot be built.", mail.pk)
        return _close(mail, claimant, State.FAILED, error=repr(error))
    return _note_sent(mail, claimant)


def _hand_over(message: EmailMessage, server: BaseEmailBackend) -> None:
    """Send `message` to its one recipient, as Django does but without parsing each address."""
    (address,) = message.to
    if isinstance(server, EmailBackend) and server.connection and address.isascii():
        content = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
        server.connection.sendmail(_sender(message.from_email), [address], content)
    else:
        server.send_messages([message])


@lru_cache(maxsize=1)
def _sender(address: str) -> str:
    return parseaddr(address)[1]


def message_for(mail: OutgoingMail) -> EmailMessage:
    """Build the message of one row: one recipient, and the Message-ID the row was born with."""
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        to=[mail.address],
        headers={
            "Message-ID": f"<{mail.message_id}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
            **({"X-Request-ID": mail.request} if mail.request else {}),
            **mail.headers,
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _is_permanent(error: Exception) -> bool:
    """Tell whether the server said never (5xx) of this mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())  # noqa: PLR2004
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return True
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500  # noqa: PLR2004


def _is_disconnected(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return any(code == CLOSING for code, _words in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == CLOSING
    return True


def _words(error: Exception) -> str:
    """Return what the server said, for the person who looks at the mail log."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        ((code, words),) = error.recipients.values()
        return f"{code} {words.decode(errors='replace')}"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        answer = said.decode(errors="replace") if isinstance(said, bytes) else said
        return f"{error.smtp_code} {answer}"
    return str(error) or type(error).__name__


# -- What became of it -----------------------------------------------------------------------


# One statement per mail is the price of forgetting none: the leanest there is.
_NOTE_SENT = """
    UPDATE core_outgoingmail
    SET state = 'sent', sent_at = now(), attempts = attempts + 1, claimed_by = NULL, error = '',
        text = CASE WHEN is_secret THEN '' ELSE text END,
        html = CASE WHEN is_secret THEN '' ELSE html END
    WHERE id = %s AND state = 'sending' AND claimed_by = %s
"""


def _note_sent(mail: OutgoingMail, claimant: int) -> str:
    """Keep that the server took `mail`; the text of a secret one is wiped."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_SENT, [mail.pk, claimant])
    return State.SENT


def _close(mail: OutgoingMail, claimant: int, state: str, *, error: str = "") -> str:
    """Keep why `mail` was not sent; the text of a secret one is wiped."""
    fields: dict[str, Any] = {"state": state, "error": error[:1000], "claimed_by": None}
    if state == State.FAILED:
        fields |= {"attempts": mail.attempts + 1}
    if mail.is_secret:
        fields |= {"text": "", "html": ""}
    _own([mail], claimant).update(**fields)
    return state


def _try_later(mail: OutgoingMail, claimant: int, error: str) -> str:
    """Queue `mail` again after a longer wait than last time, or give up."""
    attempts = mail.attempts + 1
    if attempts >= ATTEMPTS:
        return _close(mail, claimant, State.FAILED, error=error)
    _put_back([mail], claimant, error=error, wait=_wait(attempts), attempts=attempts)
    return State.QUEUED


def _wait(attempts: int) -> timedelta:
    """Return a wait that doubles with each attempt, spread so that not all come back at once."""
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return wait * random.uniform(0.8, 1.2)  # noqa: S311 -- no secret


def _put_back(
    mails: list[OutgoingMail],
    claimant: int,
    *,
    error: str | None = None,
    wait: timedelta | None = None,
    **fields: object,
) -> None:
    if error is not None:
        fields["error"] = error[:1000]
    if wait is not None:
        fields["not_before"] = timezone.now() + wait
    _own(mails, claimant).update(state=State.QUEUED, claimed_by=None, **fields)


def _own(mails: list[OutgoingMail], claimant: int):
    """Return the rows of `mails` that are still claimed by us."""
    return OutgoingMail.objects.filter(
        pk__in=[mail.pk for mail in mails],
        state=State.SENDING,
        claimed_by=claimant,
    )
