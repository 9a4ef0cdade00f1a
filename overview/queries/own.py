"""What a person sees of herself and of those she leads."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person
from members.models import LeaderAssignment, Membership, units_of
from network.models import Role, Unit
from overview.queries.scope import CONFIRMED_FOR


@dataclass
class OwnPerson:
    """One of a leader's people, with what she needs now."""

    membership: Membership
    needs: list[str]


def own_people(user: Any) -> list[OwnPerson]:
    """Return those whom `user` leads today, by name."""
    since = timezone.localdate() - CONFIRMED_FOR
    led = LeaderAssignment.objects.filter(leader=user).current().order_by()
    memberships = (
        Membership.objects.current()
        .filter(pk__in=led.values("membership"))
        .select_related("person", "unit", "workplace", "profession", "position")
        .order_by("person__name_order")
    )
    return [OwnPerson(row, _needs(row, since)) for row in memberships]


def _needs(membership: Membership, since: dt.date) -> list[str]:
    needs = []
    person = membership.person
    if membership.ends_on:
        needs.append(_("Ends %(day)s") % {"day": date_format(membership.ends_on)})
    if not person.is_active:
        needs.append(_("Cannot log in yet"))
    if person.confirmed_on is None or person.confirmed_on < since:
        needs.append(_("Has not confirmed the data"))
    return needs


@dataclass
class OwnMembership:
    """One's own place in a group: who leads, and whom to turn to."""

    membership: Membership
    leader: Person | None
    colleagues: int
    contacts: list[Role]


def own_memberships(user: Any) -> list[OwnMembership]:
    """Return the groups that `user` is a member of today."""
    rows = list(
        Membership.objects.current()
        .filter(person=user)
        .select_related("unit__parent", "workplace__municipality", "profession", "position"),
    )
    leaders = {
        row.membership_id: row.leader
        for row in LeaderAssignment.objects.current()
        .nearest()
        .filter(membership__in=rows)
        .select_related("leader")
    }
    groups = [row.unit_id for row in rows]
    counts = dict(
        Membership.objects.current()
        .filter(unit__in=groups)
        .order_by()
        .values_list("unit")
        .annotate(persons=Count("person", distinct=True)),
    )
    contacts = contacts_of(groups)
    return [
        OwnMembership(row, leaders.get(row.pk), counts[row.unit_id], contacts[row.unit_id])
        for row in rows
    ]


def contacts_of(keys: list[int]) -> dict[int, list[Role]]:
    """Return for each unit whom to turn to: its nearest group contacts and coordinators."""
    if not keys:
        return {}
    paths = dict(Unit.objects.with_tree_fields().filter(pk__in=keys).values_list("pk", "tree_path"))
    above = {key for path in paths.values() for key in path}
    at: dict[tuple[int, str], list[Role]] = defaultdict(list)
    roles = Role.objects.current().filter(kind__in=Role.CONTACTS, unit__in=above)
    for role in roles.select_related("person", "unit").order_by("person__name_order"):
        at[role.unit_id, role.kind].append(role)
    nearest = {
        (key, kind): next((at[up, kind] for up in reversed(path) if at[up, kind]), [])
        for key, path in paths.items()
        for kind in reversed(Role.CONTACTS)
    }
    return {
        key: [role for kind in reversed(Role.CONTACTS) for role in nearest[key, kind]]
        for key in keys
    }


def contacts_around(user: Any) -> list[Role]:
    """Return whom `user` may turn to, nearest to where she has a role, is a member or leads."""
    keys = {role.unit_id for role in user.current_roles} | set(units_of(user))
    roles = {role.pk: role for found in contacts_of([*keys]).values() for role in found}
    return sorted(roles.values(), key=lambda role: role.person.name_order)
