"""A compared row as a person reads it: labels, dates and phones, and full sentences."""

import datetime as dt
from typing import Any

from django.utils.formats import date_format

from members.imports.columns import FIELDS
from members.imports.reasons import sentence
from members.models import RosterImportRow


def changes(row: RosterImportRow) -> list[dict[str, Any]]:
    """Return what would change, field by field."""
    return [
        {
            "label": FIELDS[change["field"]],
            "before": _shown(change["field"], change["before"]),
            "after": _shown(change["field"], change["after"]),
        }
        for change in row.content["changes"]
    ]


def _shown(name: str, value: str) -> str:
    if name == "starts_on" and value:
        return date_format(dt.date.fromisoformat(value), "j. F Y")
    return value


def notes(row: RosterImportRow) -> list[str]:
    """Return what to note about a row that is kept."""
    return [sentence(_dated(note)) for note in row.content["notes"]]


def reasons(row: RosterImportRow) -> list[str]:
    """Return why a row is refused."""
    return [sentence(problem) for problem in row.content["problems"]]


def _dated(note: dict[str, Any]) -> dict[str, Any]:
    if "day" not in note:
        return note
    return note | {"day": date_format(dt.date.fromisoformat(note["day"]), "j. F Y")}
