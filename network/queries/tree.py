"""The tree of units, who is in charge where, and who may see what because of it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

from accounts.models import Person
from core.models import AnyOf
from network.models import (
    FINDABLE,
    MEMBERS,
    Role,
    Unit,
    UnitArea,
    Workplace,
    asked_once,
    units_covered_by,
    ways_to_covered,
)


@dataclass
class Branch:
    """A unit as it hangs in the tree, with what is under it."""

    unit: Unit
    is_covered: bool
    members: int = 0
    groups: int = 0
    branches: list["Branch"] = field(default_factory=list)
    closed: list["Branch"] = field(default_factory=list)


class CoveredUnit(NamedTuple):
    """A unit that somebody's roles cover, as lists of hundreds offer it: no model row is built."""

    pk: int
    slug: str
    kind: str
    name: str
    label: str
    is_current: bool
    path: list[int]


@asked_once
def covered_units(user: Any) -> list[CoveredUnit]:
    """Return the units that the user's roles cover, each below its parent; asked once a request."""
    paths = dict(ways_to_covered(user))
    if not paths:
        return []
    local = build_localized_fieldname("name", get_language())
    fields = ("pk", "slug", "kind", local, "name_nb", "short_name", "ends_on", "position")
    rows = Unit.objects.filter(AnyOf("pk", paths)).order_by().rewrite(False)
    today = timezone.localdate()
    found, places = {}, {}
    for *row, order in rows.values_list(*fields, "name_order"):
        key, slug, kind, name, bokmal, short, ends_on, position = row
        name = name or bokmal
        is_current = ends_on is None or ends_on > today
        found[key] = CoveredUnit(key, slug, kind, name, short or name, is_current, paths[key])
        places[key] = (position, order, key)
    way = {key: [places[step] for step in paths[key] if step in places] for key in found}
    return sorted(found.values(), key=lambda unit: way[unit.pk])


def tree_for(user: Any) -> list[Branch]:
    """Return the units that exist for `user` as trees, the closed ones apart."""
    units = Unit.objects.visible_to(user).in_tree_order()
    covered = set(units_covered_by(user))
    members, groups = members_below(), groups_below()
    tops: list[Branch] = []
    branches: dict[int, Branch] = {}
    for unit in units:
        branch = Branch(unit, unit.pk in covered, members[unit.pk], groups[unit.pk])
        branches[unit.pk] = branch
        above = branches.get(unit.parent_id)
        if above is None:
            tops.append(branch)
        else:
            (above.branches if unit.ends_on is None else above.closed).append(branch)
    return tops


def members_below() -> Counter[int]:
    """Return how many are members today in each unit, those of the units under it included."""
    counts: Counter[int] = Counter()
    for rows in MEMBERS:
        found = rows().current().order_by().values_list("unit").annotate(Count("pk"))
        counts.update(dict(found))
    return _summed_upwards(counts)


def members_from(workplaces: Iterable[Workplace]) -> Counter[int]:
    """Return how many are members today from each of the workplaces, by key."""
    keys = [workplace.pk for workplace in workplaces]
    counts: Counter[int] = Counter()
    for rows in MEMBERS:
        found = rows().current().filter(workplace__in=keys).order_by()
        counts.update(dict(found.values_list("workplace").annotate(Count("pk"))))
    return counts


def count_members_from(workplaces: Iterable[Workplace]) -> None:
    """Put on each workplace its `headcount`, for a list."""
    members = members_from(workplaces)
    for workplace in workplaces:
        workplace.headcount = members[workplace.pk]  # type: ignore[attr-defined]


def groups_below() -> Counter[int]:
    """Return how many open local groups there are under each unit."""
    groups = Unit.objects.open().filter(kind=Unit.Kind.LOCAL_GROUP).order_by()
    counts = _summed_upwards(Counter(groups.values_list("pk", flat=True)))
    for key in groups.values_list("pk", flat=True):
        del counts[key]
    return counts


def _summed_upwards(counts: Counter[int]) -> Counter[int]:
    """Return the counts of units with those of everything under each added."""
    summed: Counter[int] = Counter()
    paths = Unit.objects.with_tree_fields().filter(pk__in=[*counts])
    for key, path in paths.values_list("pk", "tree_path"):
        for above in path:
            summed[above] += counts[key]
    return summed


def has_members(place: Unit | Workplace, *, day: dt.date) -> bool:
    """Tell whether somebody is a member of the unit, or from the workplace, on `day` or later."""
    here = {"unit" if isinstance(place, Unit) else "workplace": place}
    return any(rows().filter(**here).exclude(ends_on__lte=day).exists() for rows in MEMBERS)


def unattended(day: dt.date) -> tuple[set[int], set[int]]:
    """Return the regions without an administrator, and the groups with members but no coordinator.

    Only roles without an end count: with an end in sight nobody is left in charge.
    """
    roles = Role.objects.lasting(day).order_by()
    administered = roles.filter(kind=Role.Kind.ADMINISTRATOR).values("unit")
    regions = Unit.objects.open().filter(kind=Unit.Kind.REGION).exclude(pk__in=administered)
    coordinators = roles.filter(kind=Role.Kind.COORDINATOR).values_list("unit", flat=True)
    coordinated = Unit.objects.under(*coordinators).order_by().values("pk")
    groups: set[int] = set()
    for rows in MEMBERS:
        left = rows().exclude(ends_on__lte=day).exclude(unit__in=coordinated)
        groups.update(left.order_by().values_list("unit", flat=True).distinct())
    return set(regions.order_by().values_list("pk", flat=True)), groups


def people_found(user: Any, words: str) -> Iterable[Person]:
    """Return the first ten persons whom `user` may find by `words`."""
    if not words.strip():
        return Person.objects.none()
    return people_findable_by(user).search(words)[:10]


def people_findable_by(user: Any) -> Any:
    """Return those who may be found by name: oneself, one's members, and who has a role here."""
    roles = Role.objects.visible_to(user).order_by().values("person")
    findable = Q(pk=user.pk) | Q(pk__in=roles)
    for keys in FINDABLE:
        findable |= Q(pk__in=keys(user))
    return Person.objects.filter(findable, anonymised_at=None)


@dataclass
class UnitFacts:
    """What the page of a unit tells a user about it."""

    line: list[Unit]
    children: list[Branch]
    closed: list[Branch]
    members: int
    covers: list[UnitArea]
    roles: list[Role]
    past_roles: list[Role]
    contacts_above: list[Role]
    workplaces: int
    successor: Unit | None


def facts_about(unit: Unit, user: Any) -> UnitFacts:
    """Return what `user` may know of the unit: its place, people in charge, and what it covers."""
    line = list(unit.ancestors())
    members, groups = members_below(), groups_below()
    below = [
        Branch(child, is_covered=True, members=members[child.pk], groups=groups[child.pk])
        for child in Unit.objects.visible_to(user).filter(parent=unit)
    ]
    roles = list(Role.objects.visible_to(user).filter(unit=unit).select_related("person"))
    today = timezone.localdate()
    above = Role.objects.visible_to(user).current().filter(unit__in=line, kind__in=Role.CONTACTS)
    areas = Unit.objects.under(unit).filter(kind__in=Unit.KEEPS_WORKPLACES).order_by()
    return UnitFacts(
        line=line,
        children=[branch for branch in below if branch.unit.ends_on is None],
        closed=[branch for branch in below if branch.unit.ends_on is not None],
        members=members[unit.pk],
        covers=list(
            unit.covers.select_related("municipality__parent", "workplace").order_by(
                "municipality__name_order", "workplace__name_order"
            ),
        ),
        roles=[role for role in roles if role.ends_on is None or role.ends_on > today],
        past_roles=[role for role in roles if role.ends_on is not None and role.ends_on <= today],
        contacts_above=sorted(
            above.select_related("person", "unit"),
            key=lambda role: -line.index(role.unit),
        ),
        workplaces=Workplace.objects.open().filter(area__in=areas.values("pk")).count(),
        successor=Unit.objects.visible_to(user).filter(pk=unit.successor_id).first(),
    )


@dataclass
class Right:
    """A role, and what it lets its holder do at a unit."""

    role: Role
    comes_from: Unit
    sees_roster: bool
    may_change: bool
    may_give_roles: bool


def rights_at(unit: Unit) -> list[Right]:
    """Return the roles in force at the unit or above it, the nearest first, and what each gives."""
    line = list(unit.ancestors(include_self=True).with_tree_fields())
    depth = {above.pk: above.tree_depth for above in line}
    roles = Role.objects.current().filter(unit__in=depth).select_related("person", "unit")
    rights = [
        Right(
            role=role,
            comes_from=role.unit,
            sees_roster=role.kind != Role.Kind.READER,
            may_change=role.is_managing,
            may_give_roles=_gives_roles(role, unit),
        )
        for role in roles
    ]
    order = list(Role.Kind.values)
    return sorted(
        rights,
        key=lambda right: (-depth[right.role.unit_id], order.index(right.role.kind)),
    )


def _gives_roles(role: Role, unit: Unit) -> bool:
    """Administrators give roles where they are; coordinators only below."""
    if role.kind == Role.Kind.COORDINATOR:
        return role.unit_id != unit.pk
    return role.kind == Role.Kind.ADMINISTRATOR
