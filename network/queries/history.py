"""What happened to a unit, its roles and what it covers: who did what, and when."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from accounts.models import Person
from core.audit import phrase_of
from network.models import Municipality, Role, Unit, UnitArea, Workplace

# Columns that say nothing to people.
SILENT = {"id", "created_at", "updated_at", "unit", "position", "slug", "name", "role_name"}
SILENT |= {"description"}


@dataclass
class Change:
    """One field of one row, before and after; either may be empty."""

    label: str
    before: str
    after: str


@dataclass
class Entry:
    """What one person did at one moment."""

    at: dt.datetime
    phrase: str
    by_name: str
    changes: list[Change] = field(default_factory=list)


def history_of(unit: Unit) -> list[Entry]:
    """Return what happened to `unit`, newest first; a fixed number of queries."""
    acts: dict[Any, Entry] = {}
    for model, about in (
        (Unit, {"id": unit.pk}),
        (Role, {"unit": unit}),
        (UnitArea, {"unit": unit}),
    ):
        tracked: Any = model._meta.get_field("events").related_model
        before: dict[int, Any] = {}
        events = tracked.objects.filter(**about).select_related("pgh_context")
        for event in events.order_by("pgh_id"):
            key = event.pgh_context_id or (model.__name__, event.pgh_id)
            entry = acts.setdefault(key, _entry(event))
            entry.changes += _changes(before.get(event.id), event)
            before[event.id] = event
    _name_rows(list(acts.values()))
    return sorted(acts.values(), key=lambda entry: entry.at, reverse=True)


def _entry(event: Any) -> Entry:
    said = event.pgh_context.metadata if event.pgh_context else {}
    return Entry(
        at=event.pgh_created_at,
        phrase=phrase_of(said["verb"]) if "verb" in said else _("Changed"),
        by_name=said.get("by_name", ""),
    )


def _changes(before: Any, event: Any) -> list[Change]:
    """Return the fields on which two events of one row differ; all that it has, for a new row."""
    is_gone = event.pgh_label == "delete"
    changes = []
    for column in event.pgh_tracked_model._meta.concrete_fields:
        if column.name in SILENT or not hasattr(event, column.attname):
            continue
        was = _shown(column, getattr(before, column.attname)) if before else ""
        now = "" if is_gone else _shown(column, getattr(event, column.attname))
        if was != now:
            changes.append(Change(str(column.verbose_name), was, now))
    return changes


def _shown(column: Any, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, dt.date):
        return formats.date_format(value)
    if isinstance(value, list):
        return ", ".join(value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if column.is_relation:
        return f"{column.related_model.__name__}:{value}"
    return str(value)


NAMED = {model.__name__: model for model in (Person, Unit, Municipality, Workplace)}


def _name_rows(entries: list[Entry]) -> None:
    """Put names where keys of other rows stand, asked for once for each table."""
    changes = [change for entry in entries for change in entry.changes]
    shown = {text for change in changes for text in (change.before, change.after)}
    names: dict[str, str] = {}
    for name, model in NAMED.items():
        keys = [text.partition(":")[2] for text in shown if text.startswith(f"{name}:")]
        for row in model._base_manager.filter(pk__in=[key for key in keys if key.isdigit()]):
            names[f"{name}:{row.pk}"] = str(row)
    for change in changes:
        change.before = names.get(change.before, change.before)
        change.after = names.get(change.after, change.after)
