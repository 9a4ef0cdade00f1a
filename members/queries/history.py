"""Who did what with a person when: her history, from every table that tells of her."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation, Person
from core import phones
from core.audit import phrase_of
from core.models import LogEntry
from members.models import (
    ChangeRequest,
    Education,
    LeaderAssignment,
    Membership,
)
from network.models import Role, units_covered_by

# Columns that say nothing to people, or only repeat whose page this is.
SILENT = {
    "id", "created_at", "updated_at", "person", "invited_by", "expires_at", "sent_at", "decided_at",
    "decided_by", "anonymised_at", "membership",
}  # fmt: skip


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


@dataclass
class Step:
    """What one row became in one act, and what it was before; a row made by the act was nothing."""

    event: Any
    before: Any
    is_gone: bool

    @property
    def model(self) -> type[models.Model]:
        return self.event.pgh_tracked_model

    @property
    def at(self) -> dt.datetime:
        return self.event.pgh_created_at

    @property
    def act(self) -> Any:
        """What happened in one context is told as one thing."""
        return self.event.pgh_context_id or (self.event._meta.label, self.event.pgh_id)

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def is_begun(self) -> bool:
        """Whether a dated row began here and did not end at once."""
        return self.is_new and not self.event.ends_on

    @property
    def is_ended(self) -> bool:
        """Whether a dated row that stood before got its end here."""
        return not self.is_new and not self.before.ends_on and bool(self.event.ends_on)


def history_of(person: Person, *, seen_by: Person) -> list[Entry]:
    """Return what happened to `person`, newest first, as far as `seen_by` may know it.

    Oneself: everything. A coordinator or administrator: the person, and what is in her units.
    """
    steps = sorted(_steps(person, seen_by), key=lambda step: (step.at, step.event.pgh_id))
    names = Names(steps)
    acts: dict[Any, list[Step]] = {}
    for step in steps:
        acts.setdefault(step.act, []).append(step)
    entries = [_entry(of_one_act, person, names) for of_one_act in acts.values()]
    entries += [_logged(row) for row in _log_rows(person, seen_by)]
    return sorted(entries, key=attrgetter("at"), reverse=True)


def _steps(person: Person, seen_by: Person) -> Iterable[Step]:
    """Return what each act made of each row about the person; one query for each table."""
    for model, about in _tables(person, seen_by):
        tracked: Any = model._meta.get_field("events").related_model
        events = tracked.objects.filter(about)
        events = events.select_related("pgh_context").order_by("id", "pgh_id")
        for _row, of_row in groupby(events, key=attrgetter("id")):
            before = None
            for _act, of_act in groupby(of_row, key=lambda event: Step(event, None, False).act):
                *_earlier, last = of_act
                is_gone = last.pgh_label == "delete"
                yield Step(last, before, is_gone)
                before = last


def _tables(person: Person, seen_by: Person) -> list[tuple[type[models.Model], Q]]:
    """Return the tables that tell of `person`, each with the rows that `seen_by` may know."""
    is_self = person.pk == seen_by.pk
    units = units_covered_by(seen_by, Role.MANAGING)
    own_units = Q() if is_self else Q(unit__in=units)
    memberships = Membership.objects.filter(own_units)
    theirs = memberships.filter(person=person).order_by().values("pk")
    led = Q(leader=person) if is_self else Q(leader=person, membership__unit__in=units)
    return [
        (Person, Q(id=person.pk)),
        (Membership, own_units & Q(person=person)),
        (LeaderAssignment, Q(membership__in=theirs) | led),
        (Education, Q(person=person)),
        (Role, own_units & Q(person=person)),
        (Invitation, Q(person=person)),
        (ChangeRequest, Q(membership__in=theirs)),
    ]


class Names:
    """The names behind the keys in the events, asked for once for each table."""

    def __init__(self, steps: list[Step]) -> None:
        wanted: dict[type[models.Model], set[int]] = {Membership: set()}
        for step in steps:
            for column in step.event._meta.concrete_fields:
                if column.is_relation and not column.name.startswith("pgh_"):
                    model = column.related_model
                    wanted.setdefault(model, set()).add(getattr(step.event, column.attname))
        self.names: dict[type[models.Model], dict[int, str]] = {
            model: {row.pk: str(row) for row in self._rows(model, keys - {None})}
            for model, keys in wanted.items()
        }

    @staticmethod
    def _rows(model: type[models.Model], keys: set[int]) -> Iterable[Any]:
        rows = model._base_manager.filter(pk__in=keys)
        return rows.select_related("person", "unit") if model is Membership else rows

    def of(self, column: models.Field, key: Any) -> str:
        related: Any = column.related_model
        return self.names.get(related, {}).get(key, "") if key else ""


def _entry(steps: list[Step], person: Person, names: Names) -> Entry:
    told = _leaders(steps, person, names) + _moves(steps, names)
    changes = [change for _steps, part in told for change in part]
    paired = [id(step) for used, _part in told for step in used]
    for step in steps:
        if id(step) not in paired:
            changes += _changes(step, names)
    context = steps[0].event.pgh_context
    metadata = context.metadata if context else {}
    return Entry(
        at=steps[0].at,
        phrase=phrase_of(metadata["verb"]) if "verb" in metadata else _plain(steps[0]),
        by_name=metadata.get("by_name") or _("The portal"),
        changes=changes,
    )


def _plain(step: Step) -> str:
    noun = str(step.model._meta.verbose_name)
    if step.is_new:
        return _("Registered: %(what)s") % {"what": noun}
    if step.is_gone:
        return _("Removed: %(what)s") % {"what": noun}
    return _("Changed: %(what)s") % {"what": noun}


Told = list[tuple[list[Step], list[Change]]]


def _leaders(steps: list[Step], person: Person, names: Names) -> Told:
    """Tell an ended and a begun leader as one change, and people led as such."""
    told: Told = []
    of_leaders = [step for step in steps if step.model is LeaderAssignment]
    column = LeaderAssignment._meta.get_field("leader")
    for kind in LeaderAssignment.Kind:
        mine = [step for step in of_leaders if step.event.kind == kind]
        mine = [step for step in mine if step.event.leader_id != person.pk]
        ended = [step for step in mine if step.is_ended]
        begun = [step for step in mine if step.is_begun]
        if ended or begun:
            before = ", ".join(names.of(column, step.event.leader_id) for step in ended)
            after = ", ".join(names.of(column, step.event.leader_id) for step in begun)
            told.append(([*ended, *begun], [Change(str(kind.label), before, after)]))
        for step in mine:
            if step.is_new and step.event.ends_on:
                period = f"{names.of(column, step.event.leader_id)}, {_period(step.event)}"
                told.append(([step], [Change(str(kind.label), "", period)]))
    of_led = LeaderAssignment._meta.get_field("membership")
    for step in of_leaders:
        if step.event.leader_id == person.pk and (step.is_begun or step.is_ended):
            whom = names.of(of_led, step.event.membership_id)
            change = Change(_("Leader of"), *(("", whom) if step.is_begun else (whom, "")))
            told.append(([step], [change]))
    return told


def _period(event: Any) -> str:
    first, last = event.starts_on, max(event.ends_on - dt.timedelta(days=1), event.starts_on)
    return f"{formats.date_format(first)} \N{EN DASH} {formats.date_format(last)}"


def _moves(steps: list[Step], names: Names) -> Told:
    """Tell an ended and a begun membership in one act as a move from the one to the other."""
    rows = [step for step in steps if step.model is Membership]
    ended = [step for step in rows if step.is_ended]
    begun = [step for step in rows if step.is_begun]
    if len(ended) != 1 or len(begun) != 1:
        return []
    changes = _differences(ended[0].event, begun[0].event, Membership, names)
    dates = {_label(Membership._meta.get_field(name)) for name in ("ends_on", "end_reason")}
    kept = [change for change in changes if change.label not in dates]
    return [([ended[0], begun[0]], kept)]


def _changes(step: Step, names: Names) -> list[Change]:
    if step.is_gone:
        return _differences(step.event, None, step.model, names)
    return _differences(step.before, step.event, step.model, names)


def _differences(before: Any, after: Any, model: type[models.Model], names: Names) -> list[Change]:
    found = []
    tracked = {column.name for column in (before or after)._meta.concrete_fields}
    for column in model._meta.concrete_fields:
        if column.name in SILENT or column.name not in tracked:
            continue
        old, new = (_value(row, column) for row in (before, after))
        if old != new:
            texts = (_text(column, value, names) for value in (old, new))
            found.append(Change(_label(column), *texts))
    return [change for change in found if change.before or change.after]


def _label(column: Any) -> str:
    label = str(column.verbose_name)
    return label[:1].upper() + label[1:]


def _value(row: Any, column: models.Field) -> Any:
    return getattr(row, column.attname) if row is not None else None


def _text(column: models.Field, value: Any, names: Names) -> str:
    """Return a stored value as people read it."""
    if value is None or value == "":
        return ""
    if column.is_relation:
        return names.of(column, value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if column.name == "work_phone":
        return phones.shown(value)
    return _plain_text(value)


def _plain_text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, dt.date):
        return formats.date_format(value)
    return str(value)


def _log_rows(person: Person, seen_by: Person) -> Iterable[LogEntry]:
    """Return what happened about the person without changing a row; her logins are her own."""
    rows = LogEntry.objects.filter(
        about_type__in=["accounts.person", "members.member"], about_id=str(person.pk)
    )
    if person.pk == seen_by.pk:
        return rows
    return rows.exclude(by=person)


def _logged(row: LogEntry) -> Entry:
    return Entry(at=row.at, phrase=phrase_of(row.verb), by_name=row.by_name or _("The portal"))
