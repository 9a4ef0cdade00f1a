"""What happened that changed no row: exports, logins, reading what is another's."""

from typing import Any

from django.db import models
from django_guid import get_guid

from core.models import LogEntry

VERBS: set[str] = set()
# What a verb says to people; filled by `action(says=)` and `says`.
PHRASES: dict[str, Any] = {}


def says(verb: str, phrase: Any) -> str:
    """Give `verb` its phrase for people, a lazy translation, and return the verb."""
    PHRASES[verb] = phrase
    return verb


def phrase_of(verb: str) -> str:
    """Return what `verb` says to people, or its own words when it has no phrase."""
    if verb in PHRASES:
        return str(PHRASES[verb])
    _app, _dot, rest = verb.partition(".")
    return (rest or verb).replace(".", " ").replace("_", " ").capitalize()


def record(verb: str, *, by: Any, about: models.Model | None = None, **details: Any) -> LogEntry:
    """Write `verb` in the log, done by `by`, with `details` that hold no secrets."""
    return LogEntry.objects.create(
        verb=verb,
        by=by if by is not None and by.pk else None,
        by_name=str(by) if by else "",
        about_type=about._meta.label_lower if about else "",
        about_id=str(about.pk) if about else "",
        details=details,
        request=get_guid() or "",
    )
