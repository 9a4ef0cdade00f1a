"""Every mail that the demo sends, as the receiving SMTP server got it."""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

NEWEST = 200


def folder() -> Path:
    """Return the folder where the demo's SMTP server puts what it receives."""
    return settings.LOCAL_DIR / "mail"


@dataclass(frozen=True)
class DemoMail:
    key: str
    to: str
    subject: str
    sent_at: datetime | None
    text: str
    source: str


def newest() -> list[DemoMail]:
    """Return the newest mails, the latest first."""
    files = sorted(folder().glob("*.eml"), reverse=True)[:NEWEST]
    return [read(path) for path in files]


def find(key: str) -> DemoMail | None:
    path = folder() / f"{key}.eml"
    return read(path) if path.exists() else None


def read(path: Path) -> DemoMail:
    source = path.read_bytes()
    message = email.message_from_bytes(source, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 -- what the default policy makes
    body = message.get_body(("plain", "html"))
    return DemoMail(
        key=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent_at=parsedate_to_datetime(message["Date"]) if message["Date"] else None,
        text=body.get_content() if body else "",
        source=source.decode(errors="replace"),
    )
