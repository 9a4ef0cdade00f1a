"""The roster as numbers, and what its filters offer."""

import datetime as dt
from typing import Any

from django.db.models import Count

from members.models import SEES_ROSTER, Membership, Profession
from network.models import Municipality, Unit, Workplace, units_covered_by, ways_to_covered


def members_per_network(user: Any, on: dt.date) -> list[tuple[Unit, int]]:
    """Return each network of the user's units with its number of resource persons on the day `on`.

    A person counts once in a network, and in every network she is part of; networks without a
    member count 0.
    """
    units = units_covered_by(user, SEES_ROSTER)
    members = (
        Membership.objects.on(on)
        .filter(unit__in=units)
        .order_by()
        .values("unit__parent")
        .annotate(persons=Count("person", distinct=True))
        .values_list("unit__parent", "persons")
    )
    counts = dict(members)
    networks = Unit.objects.on(on).filter(kind=Unit.Kind.NETWORK)
    covered = networks.filter(pk__in={*units, *counts}).order_by("name_order", "pk")
    return [(network, counts.get(network.pk, 0)) for network in covered]


def members_per_profession(user: Any, on: dt.date) -> list[tuple[Profession, int]]:
    """Return each profession in the user's units with its number of persons on the day `on`."""
    members = (
        Membership.objects.on(on)
        .filter(unit__in=units_covered_by(user, SEES_ROSTER))
        .order_by()
        .values("profession")
        .annotate(persons=Count("person", distinct=True))
        .values_list("profession", "persons")
    )
    counts = dict(members)
    return [
        (profession, counts[profession.pk])
        for profession in Profession.objects.filter(pk__in=counts)
    ]


def roster_units(user: Any) -> list[Unit]:
    """Return the units whose roster the user sees, each below its parent, with `tree_path`."""
    units = Unit.objects.in_bulk(units_covered_by(user, SEES_ROSTER))
    paths = {key: path for key, path in ways_to_covered(user) if key in units}
    for key, path in paths.items():
        units[key].tree_path = path
    places = {key: (unit.position, unit.name_order, key) for key, unit in units.items()}
    way = {key: [places[step] for step in path if step in places] for key, path in paths.items()}
    return [units[key] for key in sorted(paths, key=way.__getitem__)]


def municipalities_near(user: Any) -> list[tuple[int, str]]:
    """Return the municipalities with a workplace in the areas that the user's units belong to."""
    around = {key for _, path in ways_to_covered(user) for key in path}
    workplaces = Workplace.objects.filter(area__in=around).order_by()
    near = Municipality.objects.filter(pk__in=workplaces.values("municipality"))
    return list(near.values_list("pk", "name"))
