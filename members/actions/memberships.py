import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from core.actions import action
from core.exceptions import Refused
from members import emails
from members.models import LeaderAssignment, Membership, Position, Profession
from network.models import Unit, Workplace


@action("members.membership.started", says=gettext_lazy("Registered as a member"))
def start_membership(
    person: Person,
    *,
    unit: Unit,
    workplace: Workplace,
    profession: Profession,
    position: Position | None = None,
    hours_per_month: Decimal | None = None,
    on: dt.date,
    by: Person | None,
) -> Membership:
    """Make `person` a resource person in the local group `unit` from the day `on`."""
    if Membership.objects.filter(person=person, unit=unit).open().exists():
        raise Refused(_("%(person)s is already a member of %(unit)s.") % _names(person, unit))
    membership = Membership(
        person=person,
        unit=unit,
        workplace=workplace,
        profession=profession,
        position=position,
        hours_per_month=hours_per_month,
        starts_on=on,
    )
    membership.full_clean()
    membership.save()
    return membership


@action("members.membership.ended", says=gettext_lazy("Ended the membership"))
def end_membership(
    membership: Membership,
    *,
    on: dt.date,
    reason: str = "",
    tell_leader: bool = False,
    by: Person | None,
) -> Membership:
    """Close the membership and its leaders from the day `on`; the rows stay for past reports.

    When `tell_leader`, the nearest leader is asked by e-mail to name a successor.
    """
    membership = _locked(membership)
    if not membership.is_open:
        raise Refused(_("This membership has already ended."))
    if on < membership.starts_on:
        raise Refused(_("The membership cannot end before it started."))
    membership.ends_on = on
    membership.end_reason = reason
    membership.full_clean()
    membership.save(update_fields=["ends_on", "end_reason", "updated_at"])
    for assignment in membership.leaders.open():
        _end_assignment(assignment, on=on)
    if tell_leader:
        emails.ask_for_successor(membership)
    return membership


@action("members.membership.moved", says=gettext_lazy("Moved the membership"))
def move_membership(
    membership: Membership,
    *,
    unit: Unit,
    workplace: Workplace,
    on: dt.date,
    keep_leader: bool = True,
    by: Person | None,
) -> Membership:
    """Move a member to another group or workplace from `on`: a new row, and the old one ends.

    The leaders come along when `keep_leader`; at a new workplace they usually do not.
    """
    membership = _locked(membership)
    if (membership.unit_id, membership.workplace_id) == (unit.pk, workplace.pk):
        raise Refused(_("Choose another group or another workplace than today's."))
    leaders = list(membership.leaders.open())
    end_membership(membership, on=on, reason=Membership.EndReason.MOVED_GROUP, by=by)
    moved = start_membership(
        membership.person,
        unit=unit,
        workplace=workplace,
        profession=membership.profession,
        position=membership.position,
        hours_per_month=membership.hours_per_month,
        on=on,
        by=by,
    )
    if keep_leader:
        for assignment in leaders:
            change_leader(moved, leader=assignment.leader, kind=assignment.kind, on=on, by=by)
    return moved


@action("members.leader.changed", says=gettext_lazy("Changed the leader"))
def change_leader(
    membership: Membership,
    *,
    leader: Person | None,
    kind: str = LeaderAssignment.Kind.NEAREST,
    on: dt.date,
    by: Person | None,
) -> LeaderAssignment | None:
    """Give the member `leader` from the day `on`, or none; the one before keeps her dates."""
    membership = _locked(membership)
    if leader is not None and leader.pk == membership.person_id:
        raise Refused(_("A person cannot be her own leader."))
    for assignment in membership.leaders.open().filter(kind=kind):
        if leader is not None and assignment.leader_id == leader.pk:
            return assignment
        _end_assignment(assignment, on=on)
    if leader is None:
        return None
    assignment = LeaderAssignment(membership=membership, leader=leader, kind=kind, starts_on=on)
    assignment.full_clean()
    assignment.save()
    return assignment


def _locked(membership: Membership) -> Membership:
    rows = Membership.objects.select_for_update(of=["self"])
    return rows.select_related("person", "unit", "profession", "position").get(pk=membership.pk)


def _end_assignment(assignment: LeaderAssignment, *, on: dt.date) -> None:
    """End it on the day `on`, or on its first day when it has not begun by then."""
    assignment.ends_on = max(on, assignment.starts_on)
    assignment.save(update_fields=["ends_on", "updated_at"])


def _names(person: Person, unit: Unit) -> dict[str, str]:
    return {"person": person.name, "unit": str(unit)}
