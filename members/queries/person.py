"""What one person's page shows, to whoever may open it."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from accounts.models import Invitation, Person
from members.models import (
    SEES_ROSTER,
    ChangeRequest,
    Education,
    LeaderAssignment,
    Member,
    Membership,
)
from network.models import Role, Unit

CANDIDATES = 12


@dataclass
class PersonPage:
    """The rows of the page, already narrowed to what the viewer may know."""

    person: Person
    memberships: list[Membership] = field(default_factory=list)
    leads: list[LeaderAssignment] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    educations: list[Education] = field(default_factory=list)
    requests: list[ChangeRequest] = field(default_factory=list)
    invitation: Invitation | None = None

    @property
    def current(self) -> list[Membership]:
        return [row for row in self.memberships if row.is_current]

    @property
    def coming(self) -> list[Membership]:
        return [row for row in self.memberships if row.is_coming and not row.has_ended]

    @property
    def open(self) -> list[Membership]:
        return [row for row in self.memberships if not row.has_ended]

    @property
    def ended(self) -> list[Membership]:
        return [row for row in self.memberships if row.has_ended]

    @property
    def without_leader(self) -> bool:
        return any(not row.nearest_leader for row in self.current)  # type: ignore[attr-defined]

    @property
    def current_roles(self) -> list[Role]:
        return [row for row in self.roles if row.is_current]

    @property
    def led_now(self) -> list[LeaderAssignment]:
        return [row for row in self.leads if row.is_current and row.membership.is_current]


def person_page(person: Person, *, seen_by: Person) -> PersonPage:
    """Return what the page of `person` shows to `seen_by`, in a constant number of queries."""
    memberships = list(
        Membership.objects.visible_to(seen_by)
        .filter(person=person)
        .select_related("unit", "workplace__municipality", "profession", "position")
    )
    _add_leaders(memberships, seen_by)
    return PersonPage(
        person=person,
        memberships=memberships,
        leads=list(
            LeaderAssignment.objects.visible_to(seen_by)
            .filter(leader=person)
            .select_related("membership__person", "membership__unit", "membership__workplace")
        ),
        roles=list(
            Role.objects.visible_to(seen_by).filter(person=person).select_related("unit"),
        ),
        educations=list(Education.objects.visible_to(seen_by).filter(person=person)),
        requests=list(
            ChangeRequest.objects.visible_to(seen_by)
            .waiting()
            .filter(membership__person=person)
            .select_related("unit", "profession", "membership__unit")
        ),
        invitation=person.invitations.first(),
    )


def _add_leaders(memberships: list[Membership], seen_by: Person) -> None:
    """Hang on each membership its leaders over time and the nearest one of today."""
    assignments: dict[int, list[LeaderAssignment]] = {}
    rows = LeaderAssignment.objects.visible_to(seen_by).filter(membership__in=memberships)
    for row in rows.select_related("leader"):
        assignments.setdefault(row.membership_id, []).append(row)
    for membership in memberships:
        leaders = assignments.get(membership.pk, [])
        membership.all_leaders = leaders  # type: ignore[attr-defined]
        membership.nearest_leader = _in_force(leaders, LeaderAssignment.Kind.NEAREST)  # type: ignore[attr-defined]
        membership.professional_lead = _in_force(  # type: ignore[attr-defined]
            leaders, LeaderAssignment.Kind.PROFESSIONAL_LEAD
        )


def _in_force(leaders: list[LeaderAssignment], kind: Any) -> LeaderAssignment | None:
    """Return the leader of `kind` now, or the one who is to come."""
    return next((row for row in leaders if row.kind == kind and not row.has_ended), None)


@dataclass
class Viewer:
    """Somebody who can see a person, and the reason."""

    name: str
    reason: str
    unit: str


def who_sees(person: Person) -> list[Viewer]:
    """Return whose role or leadership shows them what is registered about `person`, and why."""
    memberships = Membership.objects.unended().filter(person=person)
    units = memberships.order_by().values_list("unit", flat=True)
    tree = Unit.objects.with_tree_fields().filter(pk__in=list(units))
    above = {key for path in tree.values_list("tree_path", flat=True) for key in path}
    roles = Role.objects.current().filter(unit__in=above, kind__in=SEES_ROSTER)
    leaders = LeaderAssignment.objects.current().filter(membership__in=memberships)
    return [
        *(
            Viewer(row.leader.name, str(row.get_kind_display()), str(row.membership.unit))
            for row in leaders.select_related("leader", "membership__unit")
        ),
        *(
            Viewer(row.person.name, str(row.get_kind_display()), str(row.unit))
            for row in roles.exclude(person=person).select_related("person", "unit")
        ),
    ]


def leader_candidates(membership: Membership, *, words: str, seen_by: Person) -> list[Member]:
    """Return whom to offer as leader: those `words` find, or else the leaders at her workplace."""
    people = Member.objects.visible_to(seen_by).exclude(pk=membership.person_id)
    if words:
        return list(people.search(words)[:CANDIDATES])
    return list(people.filter(pk__in=_leaders_at_workplace(membership))[:CANDIDATES])


def leaders_at_workplace(membership: Membership) -> list[Member]:
    """Return who leads a member at the same workplace, known to everyone who works there."""
    people = Member.objects.exclude(pk=membership.person_id)
    return list(people.filter(pk__in=_leaders_at_workplace(membership))[:CANDIDATES])


def _leaders_at_workplace(membership: Membership) -> QuerySet:
    assignments = LeaderAssignment.objects.current().order_by()
    there = assignments.filter(membership__workplace=membership.workplace_id)
    return there.values("leader")
