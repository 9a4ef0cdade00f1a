"""What the words of a roster can mean below one unit: groups, professions, places, persons."""

from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.utils import timezone

from accounts.models import Person
from core.text import fold
from members.actions.imports import Place
from members.imports.cleaning import Unclean, key_of, shortened, workplace_kind
from members.models import LeaderAssignment, Membership, Position, Profession
from network.models import Municipality, Role, Unit, UnitArea, Workplace

_MANY = 8


@dataclass(frozen=True)
class Group:
    """A local group and where it stands."""

    pk: int
    name: str
    network_id: int
    network: str
    area_id: int | None
    professions: frozenset[int]


@dataclass(frozen=True)
class Occupation:
    """What a word for a profession or a position means."""

    profession_id: int
    position_id: int | None
    name: str

    @property
    def key(self) -> str:
        kind, pk = (
            ("position", self.position_id)
            if self.position_id
            else ("profession", self.profession_id)
        )
        return f"{kind}:{pk}"


def near(key: str, keys: Any) -> list[str]:
    """Return the keys that `key` may be a slip of; figures are never slips."""
    figures = [word for word in key.split() if word.isdigit()]
    found = get_close_matches(key, keys, n=_MANY, cutoff=0.8)
    return [other for other in found if [w for w in other.split() if w.isdigit()] == figures]


class Groups:
    """The local groups at or below a unit, by every name they go by."""

    def __init__(self, unit: Unit) -> None:
        rows = list(
            Unit.objects.under(unit)
            .current()
            .filter(kind=Unit.Kind.LOCAL_GROUP)
            .with_tree_fields()
            .select_related("parent"),
        )
        above = {key for row in rows for key in row.tree_path}
        keepers = Unit.objects.filter(pk__in=above, kind__in=Unit.KEEPS_WORKPLACES)
        areas = set(keepers.values_list("pk", flat=True))
        networks = {row.parent_id for row in rows}
        links = Profession.networks.through.objects.filter(unit__in=networks)
        professions = defaultdict(set)
        for network, profession in links.values_list("unit_id", "profession_id"):
            professions[network].add(profession)
        self.by_pk: dict[int, Group] = {}
        self.by_key: dict[str, set[int]] = defaultdict(set)
        self.by_network: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            self.by_pk[row.pk] = Group(
                pk=row.pk,
                name=str(row),
                network_id=row.parent_id,
                network=str(row.parent),
                area_id=next((key for key in reversed(row.tree_path) if key in areas), None),
                professions=frozenset(professions[row.parent_id]),
            )
            for name in row.names:
                self.by_key[key_of(name)].add(row.pk)
            for name in row.parent.names:
                self.by_network[key_of(name)].add(row.pk)
        self._found: dict[str, set[int]] = {}

    @property
    def only(self) -> Group | None:
        """The one group, when there is no other to choose."""
        return next(iter(self.by_pk.values())) if len(self.by_pk) == 1 else None

    def find(self, name: str, *, network: str = "", profession: int | None = None) -> Group:
        """Return the group of that name; raises Unclean for none and for several."""
        key = key_of(name)
        found = self.by_key.get(key) or self.by_network.get(key) or set()
        if len(found) > 1 and network:
            found = found & self.by_network.get(key_of(network), found) or found
        if len(found) > 1 and profession:
            found = {pk for pk in found if profession in self.by_pk[pk].professions} or found
        if len(found) == 1:
            return self.by_pk[next(iter(found))]
        if found:
            raise Unclean("unit_several", value=shortened(name))
        for other in near(key, self.by_key):
            proposal = self.by_pk[min(self.by_key[other])]
            raise Unclean(
                "unit_near", value=shortened(name), proposal=proposal.name, choice=str(proposal.pk)
            )
        raise Unclean("unit_unknown", value=shortened(name))


class Occupations:
    """Professions and positions, by every word for them."""

    def __init__(self) -> None:
        self.by_key: dict[str, Occupation] = {}
        self.by_choice: dict[str, Occupation] = {}
        for profession in Profession.objects.all():
            self._add(profession.names, Occupation(profession.pk, None, str(profession)))
        for position in Position.objects.all():
            found = Occupation(position.profession_id, position.pk, str(position))
            self._add(position.names, found)
        self.professions = {
            o.profession_id: o.name for o in self.by_choice.values() if not o.position_id
        }
        self.positions = {o.position_id: o.name for o in self.by_choice.values() if o.position_id}

    def _add(self, names: list[str], occupation: Occupation) -> None:
        self.by_choice[occupation.key] = occupation
        for name in names:
            self.by_key[key_of(name)] = occupation

    def find(self, name: str) -> Occupation:
        """Return what the word means; raises Unclean, with a proposal, when it is not known."""
        key = key_of(name)
        if key in self.by_key:
            return self.by_key[key]
        for other in near(key, self.by_key):
            proposal = self.by_key[other]
            raise Unclean(
                "profession_near",
                value=shortened(name),
                proposal=proposal.name,
                choice=proposal.key,
            )
        raise Unclean("profession_unknown", value=shortened(name))


class Municipalities:
    """Municipalities and districts by name and number; a group's own come first."""

    def __init__(self, groups: Groups) -> None:
        self.by_pk = {row.pk: row for row in Municipality.objects.all()}
        today = timezone.localdate()
        self.by_key: dict[str, set[int]] = defaultdict(set)
        for row in self.by_pk.values():
            known = self._successor(row)
            if not known.is_in_force_on(today):
                continue
            names = [row.name, row.sami_name, row.number, f"{row.name} {row.county}"]
            for name in filter(None, names):
                self.by_key[key_of(name)].add(known.pk)
        covers = UnitArea.objects.filter(unit__in=groups.by_pk, municipality__isnull=False)
        self.covered: dict[int, set[int]] = defaultdict(set)
        for unit, municipality in covers.values_list("unit_id", "municipality_id"):
            self.covered[unit].add(municipality)
        self.nearby = {pk for keys in self.covered.values() for pk in keys}
        self.counties = {self.by_pk[pk].county_number for pk in self.nearby}

    def _successor(self, row: Municipality) -> Municipality:
        for _step in range(5):
            if not row.successor_id:
                break
            row = self.by_pk[row.successor_id]
        return row

    def find(self, name: str, *, group: Group | None = None) -> Municipality:
        """Return the municipality or district of that name; raises Unclean with proposals."""
        key = key_of(name)
        words = [w for w in key.split() if w not in {"kommune", "kommunen", "bydel", "bydelen"}]
        found = self.by_key.get(key) or self.by_key.get(" ".join(words)) or set()
        own = self.covered.get(group.pk, set()) if group else set()
        in_county = {pk for pk in found if self.by_pk[pk].county_number in self.counties}
        for preferred in (found, found & own, found & self.nearby, in_county):
            if len(preferred) == 1:
                return self.by_pk[next(iter(preferred))]
        value = shortened(name)
        if found:
            raise Unclean("municipality_several", value=value, options=self._options(found))
        others = {pk for other in near(key, self.by_key) for pk in self.by_key[other]}
        if others:
            options = self._options(others)
            choice, proposal = options[0]
            raise Unclean(
                "municipality_near",
                value=value,
                proposal=proposal,
                choice=choice,
                options=options,
            )
        raise Unclean("municipality_unknown", value=value)

    def _options(self, keys: set[int]) -> list[list[str]]:
        first = sorted(keys, key=lambda pk: (pk not in self.nearby, self.by_pk[pk].name_order))
        rows = [self.by_pk[pk] for pk in first[:_MANY]]
        return [
            [str(row.pk), f"{row.name} ({row.county})" if row.county else row.name] for row in rows
        ]


class Workplaces:
    """The workplaces of the trust areas; a name that is not there becomes a new one."""

    def __init__(self, groups: Groups) -> None:
        areas = {group.area_id for group in groups.by_pk.values()}
        self.by_key: dict[tuple[int, int | None, str], Place] = {}
        self.by_name: dict[tuple[int, str], list[Place]] = defaultdict(list)
        self.names: dict[int, str] = {}
        for row in Workplace.objects.filter(area__in=areas).open():
            place = Place(row.area_id, row.municipality_id, row.name, row.kind, row.pk)
            self.by_key[place.key] = place
            self.by_name[row.area_id, fold(row.name)].append(place)
            self.names[row.pk] = row.name

    def find(self, name: str, *, area_id: int, municipality_id: int | None) -> Place:
        """Return the place, known or to be made; raises Unclean when the name means several."""
        key = (area_id, municipality_id, fold(name))
        if key in self.by_key:
            return self.by_key[key]
        if municipality_id is None:
            same = self.by_name.get((area_id, fold(name)), [])
            if len(same) == 1:
                return same[0]
            if same:
                raise Unclean("workplace_several", value=shortened(name))
        place = Place(area_id, municipality_id, name, workplace_kind(name))
        self.by_key[key] = place
        return place


@dataclass(frozen=True)
class Known:
    """A person whom the importer may see and change."""

    pk: int
    given_name: str
    family_name: str
    email: str
    phone: str

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class People:
    """The persons that the importer manages: only they are changed, or found by name."""

    def __init__(self, units: set[int]) -> None:
        members = Membership.objects.filter(unit__in=units).order_by()
        led = LeaderAssignment.objects.filter(membership__unit__in=units).order_by()
        roles = Role.objects.filter(unit__in=units).order_by()
        persons = Person.objects.order_by().filter(
            pk__in=members.values("person").union(led.values("leader"), roles.values("person")),
        )
        fields = ("pk", "given_name", "family_name", "email", "work_phone")
        self.by_pk = {row[0]: Known(*row) for row in persons.values_list(*fields)}
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        self.by_phone: dict[str, list[Known]] = defaultdict(list)
        for person in self.by_pk.values():
            self.by_name[key_of(person.name)].append(person)
            if person.phone:
                self.by_phone[person.phone].append(person)


class Catalogue:
    """Everything that a roster's words are looked up in, read in a fixed number of queries."""

    def __init__(self, unit: Unit, *, by: Person | None) -> None:
        self.unit = unit
        self.groups = Groups(unit)
        self.occupations = Occupations()
        self.municipalities = Municipalities(self.groups)
        self.workplaces = Workplaces(self.groups)
        below = set(self.groups.by_pk)
        managed = Unit.objects.managed_by(by) if by else Unit.objects.under(unit)
        self.managed = below | set(managed.values_list("pk", flat=True))
        self.people = People(self.managed)
