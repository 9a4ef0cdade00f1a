import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from core import jobs
from core.actions import action
from core.exceptions import Refused
from core.text import fold
from members.models import (
    Education,
    LeaderAssignment,
    Membership,
    RosterImport,
    RosterImportRow,
)
from network.models import Unit, Workplace

State = RosterImport.State
BATCH = 500
KEPT_FOR = dt.timedelta(days=7)


# -- What is to be saved: made by `members.imports`, carried out here --------------------------


@dataclass(frozen=True)
class Contact:
    """A person as a roster gives her."""

    email: str
    given_name: str
    family_name: str
    phone: str = ""


@dataclass(frozen=True)
class Place:
    """A workplace as a roster gives it; `pk` when the portal has it."""

    area_id: int
    municipality_id: int | None
    name: str
    kind: str
    pk: int | None = None

    @property
    def key(self) -> tuple[int, int | None, str]:
        return (self.area_id, self.municipality_id, fold(self.name))


@dataclass(frozen=True)
class Leader:
    """Whom a row names as a leader: someone the portal knows, or someone to make."""

    contact: Contact
    person_id: int | None = None


@dataclass
class Entry:
    """What one row does: a new membership, a new part of one, or corrections."""

    contact: Contact
    unit_id: int
    person: Person | None = None
    person_changes: dict[str, str] = field(default_factory=dict)
    membership: Membership | None = None
    membership_changes: dict[str, Any] = field(default_factory=dict)
    moves_on: dt.date | None = None  # the day on which `membership` ends and a new part begins
    place: Place | None = None
    profession_id: int | None = None
    position_id: int | None = None
    starts_on: dt.date | None = None
    hours_per_month: Decimal | None = None
    leaders: dict[str, Leader] = field(default_factory=dict)  # by kind, only those that change
    educations: list[dict[str, Any]] = field(default_factory=list)


# -- The way of an import ----------------------------------------------------------------------


@action("members.rosterimport.uploaded")
def upload_roster(file: File, *, unit: Unit, by: Person) -> RosterImport:
    """Take in a file for `unit`; a worker reads it."""
    content = file.read()
    roster = RosterImport(
        unit=unit,
        by=by,
        file_name=(file.name or "").rsplit("/", 1)[-1][-200:],
        file_hash=hashlib.sha256(content).hexdigest(),
        state=State.READING,
    )
    roster.file.save("roster", ContentFile(content), save=False)
    roster.save()
    return _work(roster, "members.roster.read", by=by)


@action("members.rosterimport.columns_connected")
def connect_columns(roster: RosterImport, *, sheets: list[dict[str, Any]], by: Person) -> Any:
    """Say how each sheet is read, and compare with the portal."""
    roster = _locked(roster, State.MAPPING, State.REVIEW)
    roster.mapping = {**roster.mapping, "sheets": sheets}
    roster.state = State.COMPARING
    return _work(roster, "members.roster.compare", by=by)


@action("members.rosterimport.corrected")
def correct_rows(
    roster: RosterImport,
    *,
    values: dict[str, dict[str, str]],
    cells: dict[str, dict[str, str]],
    skipped: Iterable[str],
    by: Person,
) -> RosterImport:
    """Take the coordinator's answers to what was wrong, and compare anew.

    `values` says for a field what a word in the file means, `cells` what one row should say.
    """
    roster = _locked(roster, State.REVIEW)
    choices = roster.choices or {}
    for name, meanings in values.items():
        choices.setdefault("values", {}).setdefault(name, {}).update(meanings)
    for row, fields in cells.items():
        choices.setdefault("cells", {}).setdefault(row, {}).update(fields)
    choices["skipped"] = sorted({*choices.get("skipped", []), *skipped})
    roster.choices = choices
    roster.state = State.COMPARING
    return _work(roster, "members.roster.compare", by=by)


@action("members.rosterimport.rows_chosen")
def include_rows(
    roster: RosterImport, *, shown: Iterable[int], included: Iterable[int], by: Person
) -> None:
    """Of the rows shown, take along those that are ticked."""
    roster = _locked(roster, State.REVIEW)
    chosen = set(included)
    rows = roster.rows.filter(pk__in=list(shown))
    rows.filter(pk__in=chosen).update(is_included=True)
    rows.exclude(pk__in=chosen).update(is_included=False)


@action("members.rosterimport.rows_chosen")
def include_all(roster: RosterImport, *, outcome: str, is_included: bool, by: Person) -> None:
    """Take along every row of an outcome, or none."""
    roster = _locked(roster, State.REVIEW)
    roster.rows.filter(outcome=outcome).update(is_included=is_included)


@action("members.rosterimport.confirmed")
def confirm_roster(roster: RosterImport, *, by: Person) -> RosterImport:
    """Let a worker save what was looked over."""
    roster = _locked(roster, State.REVIEW)
    if not roster.rows.to_save().exists():
        raise Refused(_("There is nothing to save."))
    roster.state = State.SAVING
    return _work(roster, "members.roster.save", by=by)


@action("members.rosterimport.resumed")
def resume_import(roster: RosterImport, *, by: Person) -> RosterImport:
    """Start anew the work that broke off; what was looked over is compared again."""
    roster = _locked(roster, *RosterImport.BUSY)
    if roster.job and not roster.job.is_finished:
        raise Refused(_("The work is still going on."))
    if roster.state == State.READING:
        return _work(roster, "members.roster.read", by=by)
    roster.state = State.COMPARING
    return _work(roster, "members.roster.compare", by=by)


@action("members.rosterimport.abandoned")
def abandon_import(roster: RosterImport, *, by: Person) -> RosterImport:
    """Give up an import; nothing has been saved, and file and rows go at once."""
    roster = _locked(roster, State.MAPPING, State.REVIEW)
    roster.state = State.ABANDONED
    return _wipe(roster)


@action("members.rosterimport.failed")
def fail_import(roster: RosterImport, *, error: str, by: Person | None) -> RosterImport:
    """Stop an import that cannot be read, with one sentence for the coordinator."""
    roster.state = State.FAILED
    roster.error = error
    roster.save(update_fields=["state", "error", "updated_at"])
    return roster


@action("members.rosterimport.wiped")
def wipe_imports(*, by: Person | None, now: dt.datetime | None = None) -> int:
    """Delete files and rows of imports that are more than 7 days old."""
    before = (now or timezone.now()) - KEPT_FOR
    old = list(RosterImport.objects.filter(created_at__lt=before).exclude(file=""))
    for roster in old:
        _wipe(roster)
    return len(old)


def _wipe(roster: RosterImport) -> RosterImport:
    """Forget the persons in the file; what was counted is kept."""
    roster.rows.all().delete()
    roster.mapping, roster.choices = {}, {}
    roster.plan = {"counts": roster.plan["counts"]} if "counts" in roster.plan else {}
    if roster.is_on_its_way:
        roster.state = State.ABANDONED
    if roster.file:
        name, storage = str(roster.file.name), roster.file.storage
        roster.file = ""
        _after_commit(lambda: storage.delete(name))
    roster.save()
    return roster


@action("members.rosterimport.read")
def keep_reading(roster: RosterImport, *, mapping: dict[str, Any], by: Person | None) -> None:
    """Keep how the file is proposed to be read."""
    roster.mapping = mapping
    roster.state = State.MAPPING
    roster.save(update_fields=["mapping", "state", "updated_at"])


@action("members.rosterimport.compared")
def keep_comparison(
    roster: RosterImport,
    *,
    rows: list[RosterImportRow],
    plan: dict[str, Any],
    by: Person | None,
) -> None:
    """Keep what would happen; a row that was left out stays left out."""
    left_out = set(roster.rows.filter(is_included=False).values_list("sheet", "number"))
    for row in rows:
        row.roster = roster
        row.is_included = (row.sheet, row.number) not in left_out
    roster.rows.all().delete()
    RosterImportRow.objects.bulk_create(rows, batch_size=2000)
    roster.plan = plan
    roster.state = State.REVIEW
    roster.save(update_fields=["plan", "state", "updated_at"])


def _work(roster: RosterImport, kind: str, *, by: Person) -> RosterImport:
    title = _("Import of %(file)s") % {"file": roster.file_name}
    roster.job = jobs.start(kind, by=by, title=title[:200], roster=roster.pk)
    roster.save()
    return roster


def _locked(roster: RosterImport, *states: str) -> RosterImport:
    roster = RosterImport.objects.select_for_update(of=["self"]).get(pk=roster.pk)
    if roster.state not in states:
        raise Refused(_("The import has moved on since this page was opened."))
    return roster


def _after_commit(function: Callable[[], None]) -> None:
    transaction.on_commit(function, robust=True)


# -- Saving ------------------------------------------------------------------------------------


def lock_areas(area_ids: Iterable[int]) -> None:
    """Let one import at a time write in a trust area, until the transaction ends."""
    with connection.cursor() as cursor:
        for area in sorted(set(area_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, area])


_LOCK = 0x1409  # any number of our own


@action("members.roster.imported")
def save_roster(entries: list[Entry], *, on: dt.date, by: Person | None) -> dict[str, list[int]]:
    """Carry out every entry, all or nothing, and return the keys of what was made.

    The rules are those of the single actions: a new workplace or group is a new row from the day
    `on`, one nearest leader at a time. The database's constraints have the last word.
    """
    places = _make_places(entries, on=on)
    persons = _make_persons(entries)
    _change_persons(entries)
    copied = _end_moved(entries)
    _correct_memberships(entries, places)
    made = _make_memberships(entries, persons, places, on=on)
    _change_leaders(entries, persons, made, copied, on=on)
    _make_educations(entries, persons)
    return {
        "persons": [person.pk for person in persons.values()],
        "memberships": [membership.pk for membership in made.values()],
    }


def _make_places(entries: list[Entry], *, on: dt.date) -> dict[Any, int]:
    """Make each new workplace once, and return the key of every place."""
    wanted = {entry.place.key: entry.place for entry in entries if entry.place}
    new = [
        Workplace(
            area_id=place.area_id,
            municipality_id=place.municipality_id,
            name=place.name,
            kind=place.kind,
            service_level=Workplace.Kind(place.kind).service_level,
            starts_on=on,
        )
        for place in wanted.values()
        if place.pk is None
    ]
    Workplace.objects.bulk_create(new, batch_size=BATCH)
    keys = {place.key: place.pk for place in wanted.values() if place.pk is not None}
    return keys | {(w.area_id, w.municipality_id, fold(w.name)): w.pk for w in new}


def _make_persons(entries: list[Entry]) -> dict[str, Person]:
    """Make each new person once, member or leader, by her e-mail address."""
    wanted: dict[str, Contact] = {}
    for entry in entries:
        for leader in entry.leaders.values():
            if leader.person_id is None:
                wanted.setdefault(leader.contact.email, leader.contact)
    for entry in entries:  # a member's own row knows more of her than her people's rows
        if entry.person is None:
            wanted[entry.contact.email] = entry.contact
    new = [
        Person(
            email=contact.email,
            given_name=contact.given_name,
            family_name=contact.family_name,
            work_phone=contact.phone,
        )
        for contact in wanted.values()
    ]
    for person in new:
        person.set_unusable_password()
    Person.objects.bulk_create(new, batch_size=BATCH)
    return {person.email: person for person in new}


def _change_persons(entries: list[Entry]) -> None:
    changed = {}
    for entry in entries:
        if entry.person and entry.person_changes:
            _assign(entry.person, entry.person_changes)
            changed[entry.person.pk] = entry.person
    names = ["given_name", "family_name", "work_phone", "updated_at"]
    _update(Person, changed.values(), names)


def _end_moved(entries: list[Entry]) -> dict[int, list[LeaderAssignment]]:
    """End what is followed by a new part, and return the leaders who may come along."""
    ended = []
    for entry in entries:
        if entry.membership and entry.moves_on:
            changes = {"ends_on": entry.moves_on, "end_reason": Membership.EndReason.MOVED_GROUP}
            if "starts_on" in entry.membership_changes:
                changes["starts_on"] = entry.membership_changes.pop("starts_on")
            _assign(entry.membership, changes)
            ended.append(entry.membership)
    _update(Membership, ended, ["starts_on", "ends_on", "end_reason", "updated_at"])
    days = {membership.pk: membership.ends_on for membership in ended}
    leaders = list(LeaderAssignment.objects.open().filter(membership__in=days))
    _end_leaders(leaders, days)
    copied: dict[int, list[LeaderAssignment]] = {}
    for assignment in leaders:
        copied.setdefault(assignment.membership_id, []).append(assignment)
    return copied


def _correct_memberships(entries: list[Entry], places: dict[Any, int]) -> None:
    changed = []
    for entry in entries:
        if entry.membership and not entry.moves_on and entry.membership_changes:
            if entry.place and entry.membership_changes.pop("workplace", None):
                entry.membership.workplace_id = places[entry.place.key]
            _assign(entry.membership, entry.membership_changes)
            changed.append(entry.membership)
    names = ["unit", "workplace", "profession", "position", "starts_on", "hours_per_month"]
    _update(Membership, changed, [*names, "updated_at"])


def _make_memberships(
    entries: list[Entry], persons: dict[str, Person], places: dict[Any, int], *, on: dt.date
) -> dict[int, Membership]:
    """Make new memberships and new parts of moved ones; by the place of the entry in the list."""
    made = {}
    for at, entry in enumerate(entries):
        if entry.membership and not entry.moves_on:
            continue
        person = entry.person or persons[entry.contact.email]
        before = entry.membership
        made[at] = Membership(
            person_id=person.pk,
            unit_id=entry.unit_id,
            workplace_id=places[entry.place.key] if entry.place else before and before.workplace_id,  # type: ignore[misc]
            profession_id=entry.profession_id,
            position_id=entry.position_id,
            hours_per_month=entry.hours_per_month,
            starts_on=entry.moves_on or entry.starts_on or on,
        )
    Membership.objects.bulk_create(made.values(), batch_size=BATCH)
    return made


def _change_leaders(
    entries: list[Entry],
    persons: dict[str, Person],
    made: dict[int, Membership],
    copied: dict[int, list[LeaderAssignment]],
    *,
    on: dt.date,
) -> None:
    new = []
    replaced: dict[int, set[str]] = {}
    for at, entry in enumerate(entries):
        membership: Any = made.get(at) or entry.membership
        is_new = entry.membership is None
        starts_on = membership.starts_on if is_new or entry.moves_on else on
        wanted = {
            kind: leader.person_id or persons[leader.contact.email].pk
            for kind, leader in entry.leaders.items()
        }
        if not is_new and not entry.moves_on:
            replaced[membership.pk] = set(wanted)
        elif entry.membership:
            for old in copied.get(entry.membership.pk, []):
                wanted.setdefault(old.kind, old.leader_id)
        new += [
            LeaderAssignment(
                membership=membership, leader_id=leader, kind=kind, starts_on=starts_on
            )
            for kind, leader in wanted.items()
        ]
    _replace_leaders(replaced, on=on)
    LeaderAssignment.objects.bulk_create(new, batch_size=BATCH)


def _replace_leaders(replaced: dict[int, set[str]], *, on: dt.date) -> None:
    kinds = {key: kinds for key, kinds in replaced.items() if kinds}
    open_ones = LeaderAssignment.objects.open().filter(membership__in=kinds)
    ended = [row for row in open_ones if row.kind in kinds[row.membership_id]]
    _end_leaders(ended, dict.fromkeys(kinds, on))


def _end_leaders(assignments: list[LeaderAssignment], days: dict[int, Any]) -> None:
    for assignment in assignments:
        ends_on = max(days[assignment.membership_id], assignment.starts_on)
        _assign(assignment, {"ends_on": ends_on})
    _update(LeaderAssignment, assignments, ["ends_on", "updated_at"])


def _make_educations(entries: list[Entry], persons: dict[str, Person]) -> None:
    new = {}
    for entry in entries:
        person = entry.person or persons[entry.contact.email]
        for education in entry.educations:
            new[person.pk, fold(education["title"])] = Education(person=person, **education)
    Education.objects.bulk_create(new.values(), batch_size=BATCH)


def _assign(row: models.Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_at = timezone.now()  # type: ignore[attr-defined]


def _update(model: type[models.Model], rows: Iterable[Any], names: list[str]) -> None:
    model._default_manager.bulk_update(list(rows), names, batch_size=BATCH)
