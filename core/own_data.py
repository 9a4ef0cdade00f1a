"""Everything that is stored about one person, for herself: each model says here what it holds."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _

# Columns that say nothing about a person, or that would open a door.
NEVER = {"password", "token_hash", "session_key", "name_order", "search_text", "names"}


@dataclass
class Fact:
    """One field of one row: `value` for machines, `text` for people."""

    name: str
    label: str
    value: Any
    text: str


@dataclass
class Section:
    """All rows of one kind about one person."""

    key: str
    title: str
    rows: list[list[Fact]] = field(default_factory=list)


@dataclass
class Source:
    """Where rows about a person are found, and which of their columns are not told."""

    model: type[models.Model]
    title: Any
    rows: Callable[[Any], Iterable[models.Model]]
    without: set[str]
    key: str


SOURCES: list[Source] = []


def register(
    model: type[models.Model],
    *,
    title: Any,
    rows: Callable[[Any], Iterable[models.Model]],
    without: Iterable[str] = (),
    key: str = "",
) -> None:
    """Say where the rows of `model` about a person are; every column is told but `without`."""
    key = key or model._meta.label_lower
    SOURCES.append(Source(model, title, rows, NEVER | set(without), key))


def collect(person: Any) -> list[Section]:
    """Return everything that the registered models store about `person`."""
    return [
        Section(
            key=source.key,
            title=str(source.title),
            rows=[_facts(row, source.without) for row in source.rows(person)],
        )
        for source in SOURCES
    ]


def as_json(sections: list[Section]) -> dict[str, list[dict[str, Any]]]:
    """Return the sections as a machine reads them."""
    return {
        section.key: [{fact.name: fact.value for fact in row} for row in section.rows]
        for section in sections
    }


def _facts(row: models.Model, without: set[str]) -> list[Fact]:
    return [
        _fact(row, column) for column in row._meta.concrete_fields if column.name not in without
    ]


def _fact(row: models.Model, column: models.Field) -> Fact:
    label = str(column.verbose_name)
    label = label[:1].upper() + label[1:]
    if column.is_relation:
        related = getattr(row, column.name)
        value = str(related) if related is not None else None
        return Fact(column.name, label, value, value or "")
    value = getattr(row, column.attname)
    if isinstance(column, models.FileField):
        value = value.name
    if column.choices and value is not None:
        return Fact(column.name, label, value, str(dict(column.flatchoices).get(value, value)))
    return Fact(column.name, label, value, _text(value))


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, dt.date):
        return formats.date_format(value)
    return str(value)
