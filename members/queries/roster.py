"""The roster as numbers, and what its filters offer."""

import datetime as dt
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname

from core.models import AnyOf
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


class RosterUnit(NamedTuple):
    """A unit as the roster's filter offers it, with its way down from the top."""

    pk: int
    slug: str
    label: str
    path: list[int]


def roster_units(user: Any) -> list[RosterUnit]:
    """Return the units whose roster the user sees, each below its parent."""
    covered = Unit.objects.filter(AnyOf("pk", units_covered_by(user, SEES_ROSTER))).order_by()
    name = build_localized_fieldname("name", get_language())
    fields = ("pk", "slug", "short_name", name, "name_nb", "position", "name_order")
    rows = covered.rewrite(False).values_list(*fields)  # the names are looked after here
    units = {row[0]: row for row in rows}
    places = {key: (row[5], row[6], key) for key, row in units.items()}
    ways = sorted(
        ([places[step] for step in path if step in places], key, path)
        for key, path in ways_to_covered(user)
        if key in units
    )
    return [
        RosterUnit(key, row[1], row[2] or row[3] or row[4], path)
        for _, key, path in ways
        for row in [units[key]]
    ]


def municipalities_near(user: Any) -> list[tuple[int, str]]:
    """Return the municipalities with a workplace in the areas that the user's units belong to."""
    around = {key for _, path in ways_to_covered(user) for key in path}
    workplaces = Workplace.objects.filter(AnyOf("area", around)).order_by()
    near = Municipality.objects.filter(pk__in=workplaces.values("municipality"))
    return list(near.values_list("pk", "name"))
