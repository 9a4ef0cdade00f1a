"""What a member does with what is registered about herself."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from core.actions import action
from core.exceptions import Refused
from members import emails
from members.actions.memberships import move_membership
from members.models import ChangeRequest, Membership, Profession
from network.models import Unit, Workplace


@action("members.person.confirmed", says=gettext_lazy("Confirmed that the data is right"))
def confirm_own_data(person: Person, *, by: Person) -> Person:
    """Note that `person` has looked over what is registered about her today."""
    if person.pk != by.pk:
        raise Refused(_("Only the person herself can confirm this."))
    person = Person.objects.select_for_update().get(pk=person.pk)
    person.confirmed_on = timezone.localdate()
    person.save(update_fields=["confirmed_on", "updated_at"])
    return person


@action("members.change.asked", says=gettext_lazy("Asked the coordinator for a change"))
def ask_for_change(
    membership: Membership,
    *,
    unit: Unit | None = None,
    profession: Profession | None = None,
    workplace_name: str = "",
    note: str = "",
    by: Person,
) -> ChangeRequest:
    """Ask the coordinator for another group or profession, or for a workplace not yet known."""
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.has_ended:
        raise Refused(_("This membership has already ended."))
    if membership.change_requests.waiting().exists():
        raise Refused(_("A wish is already waiting for the coordinator."))
    request = ChangeRequest(
        membership=membership,
        unit=unit if unit and unit.pk != membership.unit_id else None,
        profession=profession if profession and profession.pk != membership.profession_id else None,
        workplace_name=workplace_name.strip(),
        note=note,
    )
    if not request.wants_something:
        raise Refused(_("This is what is registered already."))
    request.full_clean()
    request.save()
    return request


@action("members.change.withdrawn", says=gettext_lazy("Withdrew the wish for a change"))
def withdraw_request(request: ChangeRequest, *, by: Person) -> ChangeRequest:
    return _decided(request, state=ChangeRequest.State.WITHDRAWN, answer="", by=by)


@action("members.change.declined", says=gettext_lazy("Declined the wish for a change"))
def decline_request(request: ChangeRequest, *, answer: str, by: Person) -> ChangeRequest:
    """Say no, with a reason for the member."""
    if not answer.strip():
        raise Refused(_("Tell the member why."))
    request = _decided(request, state=ChangeRequest.State.DECLINED, answer=answer, by=by)
    emails.tell_decision(request)
    return request


@action("members.change.approved", says=gettext_lazy("Approved the wish for a change"))
def approve_request(request: ChangeRequest, *, answer: str = "", by: Person) -> ChangeRequest:
    """Say yes, and carry the wish out as from today."""
    request = _decided(request, state=ChangeRequest.State.APPROVED, answer=answer, by=by)
    membership = Membership.objects.select_for_update().get(pk=request.membership_id)
    if membership.has_ended:
        raise Refused(_("This membership has already ended."))
    if request.profession:
        membership.profession = request.profession
        if membership.position and membership.position.profession_id != request.profession_id:
            membership.position = None
        membership.full_clean()
        membership.save(update_fields=["profession", "position", "updated_at"])
    unit = request.unit or membership.unit
    workplace = membership.workplace
    if request.workplace_name:
        workplace = _workplace_named(request.workplace_name, like=workplace)
    if (unit.pk, workplace.pk) != (membership.unit_id, membership.workplace_id):
        move_membership(membership, unit=unit, workplace=workplace, on=timezone.localdate(), by=by)
    emails.tell_decision(request)
    return request


def _decided(request: ChangeRequest, *, state: str, answer: str, by: Person) -> ChangeRequest:
    request = (
        ChangeRequest.objects.select_for_update(of=["self"])
        .select_related("membership__person", "membership__unit", "unit", "profession")
        .get(pk=request.pk)
    )
    if not request.may_become(state):
        raise Refused(_("This wish has already been answered."))
    request.state = state
    request.answer = answer.strip()
    request.decided_by = by
    request.decided_at = timezone.now()
    request.full_clean()
    request.save()
    return request


def _workplace_named(name: str, *, like: Workplace) -> Workplace:
    """Return the workplace of this name beside `like`, and make it when there is none."""
    if known := Workplace.objects.current().named(name).filter(area=like.area).first():
        return known
    workplace = Workplace(
        name=name,
        kind=Workplace.Kind.OTHER,
        service_level=like.service_level,
        area=like.area,
        municipality=like.municipality,
    )
    workplace.full_clean()
    workplace.save()
    return workplace
