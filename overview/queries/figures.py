"""How many: members, by network and profession, now and on another day."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Membership, Profession
from network.models import Unit
from overview.queries.places import Coverage
from overview.queries.scope import CONFIRMED_FOR, Scope


@dataclass
class Figure:
    """A number with its noun, and what to compare it with."""

    number: int
    noun: str
    whole: int | None = None
    note: str = ""


def figures(scope: Scope, coverage: list[Coverage]) -> list[Figure]:
    """Return the key figures of the units; every number with what it is a part of."""
    today = timezone.localdate()
    new_year = today.replace(month=1, day=1)
    members = scope.members().aggregate(
        persons=Count("person", distinct=True),
        new=Count("person", distinct=True, filter=Q(starts_on__gte=new_year)),
        confirmed=Count(
            "person", distinct=True, filter=Q(person__confirmed_on__gte=today - CONFIRMED_FOR)
        ),
        seen=Count("person", distinct=True, filter=~Q(person__last_login=None)),
    )
    ended = Membership.objects.filter(
        unit__in=scope.keys, ends_on__gt=new_year, ends_on__lte=today
    ).aggregate(persons=Count("person", distinct=True))
    persons = members["persons"]
    covered, vacant = sum(row.covered for row in coverage), sum(row.vacant for row in coverage)
    return [
        Figure(
            persons,
            ngettext("resource person", "resource persons", persons),
            note=_("%(new)s new and %(ended)s ended since New Year")
            % {"new": members["new"], "ended": ended["persons"]},
        ),
        Figure(
            covered,
            ngettext("workplace is covered", "workplaces are covered", covered),
            covered + vacant,
            ngettext("%(count)s vacancy", "%(count)s vacancies", vacant) % {"count": vacant},
        ),
        Figure(
            members["confirmed"],
            ngettext("has confirmed the data", "have confirmed their data", members["confirmed"]),
            persons,
            _("in the last six months"),
        ),
        Figure(
            members["seen"],
            ngettext("has logged in", "have logged in", members["seen"]),
            persons,
            _("at least once"),
        ),
    ]


@dataclass
class Row:
    """One line of a table of figures: a name and how many persons."""

    name: str
    persons: int


def members_per_network(scope: Scope, day: dt.date) -> list[Row]:
    """Return how many were resource persons in each network on `day`."""
    members = Membership.objects.on(day).filter(unit__in=scope.keys).order_by()
    counts = dict(
        members.values("unit__parent")
        .annotate(persons=Count("person", distinct=True))
        .values_list("unit__parent", "persons"),
    )
    networks = Unit.objects.filter(pk__in=[key for key in counts if key])
    return [Row(str(network), counts[network.pk]) for network in networks]


def members_per_profession(scope: Scope, day: dt.date) -> list[Row]:
    """Return how many of each profession were resource persons on `day`."""
    members = Membership.objects.on(day).filter(unit__in=scope.keys).order_by()
    counts = dict(
        members.values("profession")
        .annotate(persons=Count("person", distinct=True))
        .values_list("profession", "persons"),
    )
    professions = Profession.objects.filter(pk__in=counts)
    return [Row(str(profession), counts[profession.pk]) for profession in professions]


def members_on(scope: Scope, day: dt.date) -> int:
    """Return how many different persons were resource persons on `day`."""
    members = Membership.objects.on(day).filter(unit__in=scope.keys).order_by()
    return members.aggregate(persons=Count("person", distinct=True))["persons"]
