"""The roster as numbers, and what its filters offer."""

import datetime as dt
from typing import Any

from django.db.models import Count

from core.models import AnyOf
from members.models import SEES_ROSTER, Membership, Profession
from network.models import Municipality, Unit, Workplace, units_covered_by, ways_to_covered
from network.queries import CoveredUnit, covered_units


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


def roster_units(user: Any) -> list[CoveredUnit]:
    """Return the units whose roster the user sees, each below its parent."""
    keys = set(units_covered_by(user, SEES_ROSTER))
    return [unit for unit in covered_units(user) if unit.pk in keys]


def municipalities_near(user: Any) -> list[tuple[int, str]]:
    """Return the municipalities with a workplace in the areas that the user's units belong to."""
    around = {key for _, path in ways_to_covered(user) for key in path}
    workplaces = Workplace.objects.filter(AnyOf("area", around)).order_by()
    near = Municipality.objects.filter(pk__in=workplaces.values("municipality"))
    return list(near.values_list("pk", "name"))
