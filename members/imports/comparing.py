"""From rows of text to what each would do: new, changed, unchanged or refused, and why."""

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from accounts.models import Person
from core import phones
from core.text import fold
from members.actions.imports import Contact, Entry, Leader, Place
from members.imports import cleaning
from members.imports.catalogue import Catalogue, Group, Municipality
from members.imports.cleaning import Unclean, is_nothing, key_of
from members.imports.columns import Columns
from members.imports.reading import Content
from members.models import Education, LeaderAssignment, Membership, RosterImportRow

T = TypeVar("T")
Outcome = RosterImportRow.Outcome
NEAREST = LeaderAssignment.Kind.NEAREST
LEAD = LeaderAssignment.Kind.PROFESSIONAL_LEAD


@dataclass
class Row:
    """One row of the file on its way to an entry."""

    sheet: int
    sheet_name: str
    number: int  # as a spreadsheet counts, from 1
    cells: dict[str, str]
    problems: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, str]] = field(default_factory=list)
    outcome: str = Outcome.REFUSED
    entry: Entry | None = None

    email: str = ""
    given_name: str = ""
    family_name: str = ""
    phone: str = ""
    group: Group | None = None
    municipality: Municipality | None = None
    place: Place | None = None
    profession_id: int | None = None
    is_profession_implied: bool = False
    position_id: int | None = None
    starts_on: dt.date | None = None
    hours: Decimal | None = None
    educations: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.sheet}:{self.number}"

    @property
    def name(self) -> str:
        read = f"{self.given_name} {self.family_name}".strip()
        return read or self.cells.get("name", "") or self.cells.get("family_name", "")

    def refuse(self, code: str, name: str, /, **words: Any) -> None:
        self.problems.append({"code": code, "field": name, **words})

    def note(self, code: str, /, **words: Any) -> None:
        self.notes.append({"code": code, **words})

    def change(self, name: str, before: Any, after: Any) -> None:
        self.changes.append({"field": name, "before": str(before or ""), "after": str(after)})

    def clean(self, name: str, cleaner: Callable[[str], T]) -> T | None:
        """Return the cleaned cell, or nothing; what is wrong is kept as a problem."""
        value = self.cells.get(name, "")
        if is_nothing(value):
            return None
        try:
            return cleaner(value)
        except Unclean as unclean:
            self.refuse(unclean.code, name, **unclean.words)
            return None


def compare(
    content: Content,
    sheets: list[Columns],
    catalogue: Catalogue,
    *,
    choices: dict[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Row]:
    """Return every row with its outcome, in a fixed number of queries."""
    choices, progress = choices or {}, progress or nothing_to_tell
    rows = list(rows_of(content, sheets, choices))
    total = len(rows) * 2
    for at, row in enumerate(rows):
        _read(row, catalogue, sheets[row.sheet], choices.get("values", {}))
        if at % 500 == 0:
            progress(at, total)
    _refuse_twice(rows)
    known = Stored(rows, catalogue)
    for at, row in enumerate(rows):
        Decision(row, catalogue, known).take()
        if at % 500 == 0:
            progress(len(rows) + at, total)
    return rows


def nothing_to_tell(done: int, total: int) -> None:
    """Take the place of a progress bar where nobody looks."""


def rows_of(content: Content, sheets: list[Columns], choices: dict[str, Any]) -> Iterator[Row]:
    """Yield the rows that say something, without those that the coordinator skipped."""
    skipped = set(choices.get("skipped", []))
    corrected = choices.get("cells", {})
    for index, (sheet, columns) in enumerate(zip(content.sheets, sheets, strict=True)):
        if not columns.is_used:
            continue
        used = [(at, name) for at, name in enumerate(columns.fields) if name]
        heading = sheet.rows[columns.header] if columns.header >= 0 else None
        for at, line in enumerate(sheet.rows[columns.header + 1 :], columns.header + 2):
            if not any(line) or line == heading:
                continue
            cells = {name: line[column] for column, name in used if column < len(line)}
            row = Row(index, sheet.name, at, cells)
            if row.key not in skipped:
                row.cells |= corrected.get(row.key, {})
                yield row


def fingerprint(rows: Iterable[Row]) -> str:
    """Return what is the same as long as saving would do the same."""
    said = [[row.key, row.outcome, row.changes, row.problems, _identity(row.entry)] for row in rows]
    return hashlib.sha256(json.dumps(said, cls=DjangoJSONEncoder).encode()).hexdigest()


def _identity(entry: Entry | None) -> list[int | None]:
    if entry is None:
        return []
    person = entry.person.pk if entry.person else None
    return [person, entry.membership.pk if entry.membership else None, entry.unit_id]


def counts(rows: Iterable[Row]) -> dict[str, int]:
    """Return how many rows have each outcome."""
    found = Counter(str(row.outcome) for row in rows)
    return {outcome: found[outcome] for outcome in Outcome.values}


# What a coordinator explains once for the whole file, instead of row by row.
WORDS = ("unit", "profession", "position", "municipality")
_EXPLAINABLE = {
    *("unit_unknown", "unit_near", "unit_several", "profession_unknown", "profession_near"),
    *("municipality_unknown", "municipality_near", "municipality_several"),
}
_MOST_WORDS = 100
_ROWS_NAMED = 5


def unknown_words(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return each word that is not understood, once, with the rows where it stands."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        for problem in row.problems:
            if problem["code"] not in _EXPLAINABLE:
                continue
            name = problem["field"]
            key = key_of(row.cells[name])
            word = found.setdefault(
                (name, key), {**problem, "key": key, "name": row.name, "rows": [], "count": 0}
            )
            word["count"] += 1
            if len(word["rows"]) < _ROWS_NAMED:
                word["rows"].append(row.number)
    return sorted(found.values(), key=lambda word: -word["count"])[:_MOST_WORDS]


def is_explained(row: Row) -> bool:
    """Tell whether nothing is wrong with the row but words that are explained once for all."""
    return bool(row.problems) and all(p["code"] in _EXPLAINABLE for p in row.problems)


def fixes(row: Row) -> list[dict[str, str]]:
    """Return the cells of a refused row that can be typed anew, with the proposed text."""
    found = {
        name: problem.get("proposal", "") or row.cells.get(name, "")
        for problem in row.problems
        if (name := problem["field"]) and problem["code"] not in _EXPLAINABLE
    }
    return [{"field": name, "text": text} for name, text in found.items()]


# -- Reading one row ---------------------------------------------------------------------------


def _read(row: Row, catalogue: Catalogue, columns: Columns, values: dict[str, Any]) -> None:
    """Fill the row from its cells; what is wrong becomes problems."""
    _read_person(row)
    _read_occupation(row, catalogue, values)
    _read_group(row, catalogue, columns, values.get("unit", {}))
    _read_place(row, catalogue, values.get("municipality", {}))
    row.starts_on = row.clean("starts_on", cleaning.date)
    row.hours = row.clean("hours_per_month", cleaning.hours)
    row.educations = row.clean("education", cleaning.educations) or []


def _read_person(row: Row) -> None:
    row.given_name, row.family_name = row.clean("name", cleaning.split_name) or ("", "")
    row.given_name = row.clean("given_name", cleaning.name_part) or row.given_name
    row.family_name = row.clean("family_name", cleaning.name_part) or row.family_name
    row.email = row.clean("email", cleaning.email) or ""
    row.phone = row.clean("phone", cleaning.phone) or ""
    if is_nothing(row.cells.get("email", "")):
        row.refuse("email_missing", "email")


def _read_occupation(row: Row, catalogue: Catalogue, values: dict[str, Any]) -> None:
    occupations = catalogue.occupations
    explicit, implied = None, None
    for name in ("profession", "position"):
        word = row.cells.get(name, "")
        meaning = values.get(name, {}).get(key_of(word), "") if word else ""
        chosen = occupations.by_choice.get(meaning)
        found = chosen or row.clean(name, occupations.find)
        if found and found.position_id:
            row.position_id = row.position_id or found.position_id
            implied = implied or found.profession_id
        elif found:
            explicit = explicit or found.profession_id
    row.profession_id = explicit or implied
    row.is_profession_implied = explicit is None


def _read_group(row: Row, catalogue: Catalogue, columns: Columns, meanings: dict[str, str]) -> None:
    groups = catalogue.groups
    word = row.cells.get("unit", "")
    chosen = meanings.get(key_of(word), "") if word else ""
    if chosen.isdecimal() and int(chosen) in groups.by_pk:
        row.group = groups.by_pk[int(chosen)]
    elif not is_nothing(word):
        network = row.cells.get("network", "") or row.sheet_name
        row.group = row.clean(
            "unit", lambda name: groups.find(name, network=network, profession=row.profession_id)
        )
    elif "unit" not in columns.fields:
        row.group = groups.by_pk.get(columns.unit or 0) or _of_sheet(row, catalogue)
    else:
        row.group = groups.only


def _of_sheet(row: Row, catalogue: Catalogue) -> Group | None:
    """The name of a sheet may be the name of its group."""
    found = catalogue.groups.by_key.get(key_of(row.sheet_name), set())
    return catalogue.groups.by_pk[next(iter(found))] if len(found) == 1 else catalogue.groups.only


def _read_place(row: Row, catalogue: Catalogue, meanings: dict[str, str]) -> None:
    word = row.cells.get("municipality", "")
    chosen = meanings.get(key_of(word), "") if word else ""
    if chosen.isdecimal() and int(chosen) in catalogue.municipalities.by_pk:
        row.municipality = catalogue.municipalities.by_pk[int(chosen)]
    else:
        row.municipality = row.clean(
            "municipality",
            lambda name: catalogue.municipalities.find(name, group=row.group),
        )
    name = row.clean("workplace", lambda value: cleaning.words_of(value, longest=150))
    if not name or not row.group:
        return
    if row.group.area_id is None:
        row.refuse("unit_homeless", "unit", value=row.group.name)
    elif not any(problem["field"] == "municipality" for problem in row.problems):
        area, municipality = row.group.area_id, row.municipality
        row.place = row.clean(
            "workplace",
            lambda _value: catalogue.workplaces.find(
                name, area_id=area, municipality_id=municipality.pk if municipality else None
            ),
        )


# -- The same person twice -----------------------------------------------------------------------


def _refuse_twice(rows: list[Row]) -> None:
    """Of rows with one address the first counts, unless they put one person in different groups."""
    seen: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if not row.email:
            continue
        for other in seen[row.email]:
            if not _is_alike(row.name, other.name):
                row.refuse("twice_other", "email", name=other.name, row=other.number)
                break
            if row.group == other.group:
                _refuse_copy(row, other)
                break
        else:
            seen[row.email].append(row)


def _refuse_copy(row: Row, other: Row) -> None:
    if row.cells != other.cells and row.sheet == other.sheet:
        row.refuse("twice_unlike", "", row=other.number)
    elif row.sheet != other.sheet:
        row.refuse("twice_sheet", "", row=other.number, sheet=other.sheet_name)
    else:
        row.refuse("twice", "", row=other.number)


def _is_alike(name: str, other: str) -> bool:
    """Two names may be one person's if they share a word: people marry, and have middle names."""
    return not name or not other or bool(set(key_of(name).split()) & set(key_of(other).split()))


# -- What the portal holds ---------------------------------------------------------------------


class Stored:
    """What the portal has about the persons in the file."""

    def __init__(self, rows: list[Row], catalogue: Catalogue) -> None:
        emails = {row.email for row in rows if row.email}
        leaders = {_address(row.cells.get(name, "")) for row in rows for name in _LEADER_EMAILS}
        people = Person.objects.filter(email__in=emails | leaders).order_by()
        self.persons = {person.email: person for person in people}
        keys = [self.persons[email].pk for email in emails if email in self.persons]
        networks = {group.network_id for group in catalogue.groups.by_pk.values()}
        self.memberships: dict[int, list[Membership]] = defaultdict(list)
        memberships = Membership.objects.filter(person__in=keys, unit__parent__in=networks)
        for membership in memberships.select_related("unit").order_by("starts_on", "pk"):
            self.memberships[membership.person_id].append(membership)
        self.leaders: dict[tuple[int, str], Person] = {}
        assignments = LeaderAssignment.objects.open().filter(membership__in=memberships.order_by())
        for assignment in assignments.select_related("leader").order_by("pk"):
            self.leaders[assignment.membership_id, assignment.kind] = assignment.leader
        self.educations: dict[int, set[str]] = defaultdict(set)
        for person, title in Education.objects.filter(person__in=keys).values_list(
            "person_id", "title"
        ):
            self.educations[person].add(fold(title))
        # The file itself knows people by their addresses and by their names.
        self.by_email = {row.email: row for row in rows if row.email and row.given_name}
        self.by_name: dict[str, set[str]] = defaultdict(set)
        self.leader_names: dict[str, str] = {}
        for row in rows:
            if row.email and row.given_name:
                self.by_name[key_of(row.name)].add(row.email)
            for name, address in _LEADERS.values():
                if leader := _address(row.cells.get(address, "")):
                    called = row.cells.get(name, "")
                    self.by_name[key_of(called)].add(leader)
                    self.leader_names[leader] = self.leader_names.get(leader) or called
        self.wished = {(row.email, row.group.pk) for row in rows if row.email and row.group}


_LEADERS = {NEAREST: ("leader_name", "leader_email"), LEAD: ("lead_name", "lead_email")}
_LEADER_EMAILS = ("leader_email", "lead_email")


def _address(value: str) -> str:
    try:
        return "" if is_nothing(value) else cleaning.email(value)
    except Unclean:
        return ""


# -- What one row does ---------------------------------------------------------------------------


class Decision:
    """Decide the outcome of one row, and make its entry."""

    def __init__(self, row: Row, catalogue: Catalogue, known: Stored) -> None:
        self.row = row
        self.catalogue = catalogue
        self.known = known
        self.today = timezone.localdate()
        self.person = known.persons.get(row.email)
        self.memberships = known.memberships.get(self.person.pk, []) if self.person else []
        self.is_ours = self.person is not None and self.person.pk in catalogue.people.by_pk

    def take(self) -> None:
        """Refuse the row, or say what it does."""
        row = self.row
        if self.person and row.name and not _is_alike(row.name, self.person.name):
            row.refuse("other_person", "email", name=self.person.name)
        if row.group is None and not _has_problem(row, "unit"):
            row.group = self._present_group()
        before = self._membership()
        self._require(before)
        if row.problems:
            return
        row.entry = Entry(
            contact=Contact(row.email, row.given_name, row.family_name, row.phone),
            unit_id=row.group.pk if row.group else 0,
            person=self.person,
            membership=before,
            place=row.place,
            profession_id=row.profession_id,
            position_id=row.position_id,
            starts_on=row.starts_on,
            hours_per_month=row.hours,
        )
        self._person(row.entry)
        if before:
            self._changed(row.entry, before)
        else:
            self._new(row.entry)
        self._educations(row.entry)
        self._leaders(row.entry, before)
        is_changed = bool(row.changes)
        row.outcome = Outcome.CHANGED if is_changed else Outcome.UNCHANGED
        if before is None:
            row.outcome = Outcome.NEW

    def _present_group(self) -> Group | None:
        """A row without a group means the one group she is in."""
        groups = self.catalogue.groups.by_pk
        found = {m.unit_id for m in self.memberships if m.is_open and m.unit_id in groups}
        return groups[found.pop()] if len(found) == 1 else None

    def _membership(self) -> Membership | None:
        """The open membership that the row speaks of: in its group, or the one she moves from."""
        group = self.row.group
        if group is None:
            return None
        in_network = [
            m for m in self.memberships if m.is_open and m.unit.parent_id == group.network_id
        ]
        for membership in in_network:
            if membership.unit_id == group.pk:
                return membership
        free = [
            m
            for m in in_network
            if m.unit_id in self.catalogue.managed
            and (self.row.email, m.unit_id) not in self.known.wished
        ]
        return free[0] if len(in_network) == len(free) == 1 else None

    def _require(self, before: Membership | None) -> None:
        """A new member needs everything; of a known one the file may say as little as it likes."""
        row = self.row
        needed: dict[str, Any] = {"unit": row.group}
        if not self.person:
            needed["name"] = row.given_name and row.family_name
        if not before:
            needed |= {"profession": row.profession_id, "workplace": row.place}
        for name, value in needed.items():
            parts = {"name": {"name", "given_name", "family_name"}}.get(name, {name})
            if name == "profession":
                parts = {"profession", "position"}
            if name == "workplace":
                parts = {"workplace", "municipality", "unit"}
            if not value and not any(_has_problem(row, part) for part in parts):
                row.refuse(f"{name}_missing", name)

    def _person(self, entry: Entry) -> None:
        row, person = self.row, self.person
        if person is None:
            self._note_same()
            return
        said = {"given_name": row.given_name, "family_name": row.family_name}
        changes = {
            name: value
            for name, value in said.items()
            if value and fold(value) != fold(getattr(person, name))
        }
        if row.phone and row.phone != _kept_phone(person.work_phone):
            changes["work_phone"] = row.phone
        if changes and not self.is_ours:
            row.note("known_elsewhere")
            return
        entry.person_changes = changes
        for name, value in changes.items():
            if name == "work_phone":
                row.change("phone", phones.shown(person.work_phone), phones.shown(value))
            else:
                row.change(name, getattr(person, name), value)

    def _note_same(self) -> None:
        """Tell of someone with another address who may be the same person."""
        people, row = self.catalogue.people, self.row
        same = [
            *people.by_name.get(key_of(row.name), []),
            *(p for p in people.by_phone.get(row.phone, []) if _is_alike(p.name, row.name)),
        ]
        if same:
            row.note("maybe_same", name=same[0].name, email=same[0].email)

    def _new(self, entry: Entry) -> None:
        """A member anew begins no earlier than her former membership ended."""
        former = [m.ends_on for m in self.memberships if m.unit_id == entry.unit_id and m.ends_on]
        if former:
            last = max(former)
            self.row.note("returns", day=last.isoformat())
            entry.starts_on = max(entry.starts_on or self.today, last)

    def _changed(self, entry: Entry, before: Membership) -> None:
        row, changes = self.row, entry.membership_changes
        self._occupation(entry, before)
        if row.hours is not None and row.hours != before.hours_per_month:
            changes["hours_per_month"] = row.hours
            row.change("hours_per_month", before.hours_per_month, row.hours)
        entry.hours_per_month = row.hours if row.hours is not None else before.hours_per_month
        starts_on = self._start(entry, before)
        moves = False
        if entry.unit_id != before.unit_id:
            moves = True
            row.change("unit", before.unit, row.group.name if row.group else "")
        if row.place and row.place.pk != before.workplace_id:
            moves = True
            names = self.catalogue.workplaces.names
            row.change("workplace", names.get(before.workplace_id, ""), row.place.name)
        if moves and starts_on < self.today:
            entry.moves_on = self._first_free_day(entry)
        elif moves:
            changes["unit_id"] = entry.unit_id
            if row.place:
                changes["workplace"] = True

    def _occupation(self, entry: Entry, before: Membership) -> None:
        """A position says nothing of the profession of someone the portal already knows."""
        row, changes, words = self.row, entry.membership_changes, self.catalogue.occupations
        profession = None if row.is_profession_implied else row.profession_id
        if row.position_id and row.position_id != before.position_id:
            changes["position_id"] = row.position_id
            row.change(
                "position",
                words.positions.get(before.position_id or 0, ""),
                words.positions[row.position_id],
            )
        if profession and profession != before.profession_id:
            changes["profession_id"] = profession
            row.change(
                "profession", words.professions[before.profession_id], words.professions[profession]
            )
        entry.profession_id = profession or before.profession_id
        entry.position_id = row.position_id or before.position_id

    def _start(self, entry: Entry, before: Membership) -> dt.date:
        """The day she became a member here, through all the parts of her history in the network."""
        row, wanted = self.row, entry.starts_on
        parts = [m for m in self.memberships if m.unit.parent_id == before.unit.parent_id]
        if wanted is None or wanted in {m.starts_on for m in parts}:
            return before.starts_on
        if len(parts) > 1:
            row.note("start_kept")
            return before.starts_on
        entry.membership_changes["starts_on"] = wanted
        row.change("starts_on", before.starts_on.isoformat(), wanted.isoformat())
        return wanted

    def _first_free_day(self, entry: Entry) -> dt.date:
        there = [m.ends_on for m in self.memberships if m.unit_id == entry.unit_id and m.ends_on]
        return max([self.today, *there])

    def _educations(self, entry: Entry) -> None:
        if self.person and not self.is_ours:
            return
        have = self.known.educations.get(self.person.pk, set()) if self.person else set()
        for education in self.row.educations:
            if fold(education["title"]) not in have:
                entry.educations.append(education)
                self.row.change("education", "", education["title"])

    def _leaders(self, entry: Entry, before: Membership | None) -> None:
        for kind, (name, address) in _LEADERS.items():
            leader = self._leader(self.row.cells.get(name, ""), self.row.cells.get(address, ""))
            if leader is None:
                continue
            present = self.known.leaders.get((before.pk, kind)) if before else None
            if present and present.email == leader.contact.email:
                continue
            entry.leaders[kind] = leader
            contact = leader.contact
            label = "leader_name" if kind == NEAREST else "lead_name"
            self.row.change(
                label,
                present.name if present else "",
                f"{contact.given_name} {contact.family_name}",
            )

    def _leader(self, name: str, address: str) -> Leader | None:
        """The leader by address, else by a name that is one person's; or a note why not."""
        name = "" if is_nothing(name) else name
        if is_nothing(address):
            return self._leader_by_name(name) if name else None
        try:
            email = cleaning.email(address)
        except Unclean:
            self.row.note("leader_bad_email", value=cleaning.shortened(address))
            return None
        return self._leader_by_email(email, name)

    def _leader_by_email(self, email: str, name: str) -> Leader | None:
        if email == self.row.email:
            self.row.note("leader_self")
            return None
        if person := self.known.persons.get(email):
            if not _is_alike(name, person.name):
                self.row.note("leader_other_name", name=person.name)
            return Leader(Contact(email, person.given_name, person.family_name), person.pk)
        if row := self.known.by_email.get(email):
            return Leader(Contact(email, row.given_name, row.family_name, row.phone))
        try:
            given, family = cleaning.split_name(name or self.known.leader_names.get(email, ""))
        except Unclean:
            self.row.note("leader_no_name", value=email)
            return None
        phone = _kept_phone(self.row.cells.get("leader_phone", ""))
        return Leader(Contact(email, given, family, phone if phone.startswith("+") else ""))

    def _leader_by_name(self, name: str) -> Leader | None:
        key = key_of(" ".join(reversed(name.split(",", 1))))
        known = {person.email: person for person in self.catalogue.people.by_name.get(key, [])}
        emails = known.keys() | self.known.by_name.get(key, set())
        if len(emails) != 1:
            self.row.note("leader_no_email", name=cleaning.shortened(name))
            return None
        email = next(iter(emails))
        if email in known:
            person = known[email]
            contact = Contact(email, person.given_name, person.family_name)
            return None if email == self.row.email else Leader(contact, person.pk)
        return self._leader_by_email(email, name)


def _has_problem(row: Row, name: str) -> bool:
    return any(problem["field"] == name for problem in row.problems)


def _kept_phone(number: str) -> str:
    try:
        return phones.parse(number)
    except ValueError:
        return number
