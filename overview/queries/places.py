"""Which workplaces have a resource person, and which look for one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from members.models import Membership
from network.models import Unit, UnitArea, Workplace

# More groups than this are summed up per network.
GROUPS_SHOWN = 12


@dataclass
class Coverage:
    """How many of the workplaces of a unit that need a resource person have one."""

    unit: Unit
    covered: int = 0
    vacant: int = 0
    vacancies: list[int] = field(default_factory=list)

    @property
    def whole(self) -> int:
        return self.covered + self.vacant


class Places:
    """Which workplaces are covered and which are vacant, group by group.

    Inside a network each workplace belongs where its members are; without members to the group that
    names it, else to the group it had members in, else to the group of its municipality.
    """

    def __init__(self, keys: Iterable[int]) -> None:
        groups = (
            Unit.objects.current()
            .filter(pk__in=keys, kind=Unit.Kind.LOCAL_GROUP)
            .select_related("parent")
            .order_by("parent__position", "parent__name_order", "position", "name_order")
        )
        self.groups = {group.pk: group for group in groups}
        self.covered: dict[int, set[int]] = defaultdict(set)
        self.vacant: dict[int, set[int]] = defaultdict(set)
        self._sort()

    def _sort(self) -> None:
        needing = Workplace.objects.current().filter(needs_resource_person=True).order_by()
        in_groups = {"unit__in": self.groups}
        ever = Membership.objects.filter(**in_groups, workplace__in=needing).order_by()
        named = UnitArea.objects.filter(**in_groups, workplace__in=needing)
        near = UnitArea.objects.filter(**in_groups, municipality__workplaces__in=needing)
        placed: set[tuple[int | None, int]] = set()
        for group, workplace in ever.current().values_list("unit", "workplace").distinct():
            self.covered[group].add(workplace)
            placed.add((self.groups[group].parent_id, workplace))
        for pairs in (
            named.values_list("unit", "workplace"),
            ever.values_list("unit", "workplace").distinct(),
            near.values_list("unit", "municipality__workplaces"),
        ):
            for group, workplace in pairs:
                place = (self.groups[group].parent_id, workplace)
                if place not in placed:
                    self.vacant[group].add(workplace)
                    placed.add(place)

    def per_group(self) -> list[Coverage]:
        return [
            Coverage(group, len(self.covered[key]), len(self.vacant[key]), [*self.vacant[key]])
            for key, group in self.groups.items()
        ]

    def per_network(self) -> list[Coverage]:
        networks: dict[int, Coverage] = {}
        for row in self.per_group():
            network = row.unit.parent
            summed = networks.setdefault(network.pk, Coverage(network))
            summed.covered += row.covered
            summed.vacant += row.vacant
        return list(networks.values())

    def table(self) -> list[Coverage]:
        """Return a row per group, or per network where the groups are many; no empty rows."""
        rows = self.per_group() if len(self.groups) <= GROUPS_SHOWN else self.per_network()
        return [row for row in rows if row.whole]


@dataclass
class Vacancy:
    """A workplace that needs a resource person and has none, and the group that looks for one."""

    group: Unit
    workplace: Workplace


def vacancies(places: Places) -> list[Vacancy]:
    """Return the workplaces without a resource person, by group and name."""
    rows = places.per_group()
    keys = {key for row in rows for key in row.vacancies}
    workplaces = Workplace.objects.select_related("municipality").in_bulk(keys)
    return [
        Vacancy(row.unit, workplace)
        for row in rows
        for workplace in sorted(
            (workplaces[key] for key in row.vacancies), key=attrgetter("name_order")
        )
    ]
