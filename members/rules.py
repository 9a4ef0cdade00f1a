import rules

from accounts.rules import is_self
from members.models import SEES_ROSTER, ChangeRequest, LeaderAssignment, Member
from network.rules import covers, manages

sees_roster = covers(*SEES_ROSTER)


@rules.predicate
def is_own(user, membership):
    return membership is not None and membership.person_id == user.pk


@rules.predicate
def leads(user, membership):
    """The user is in force as leader of the membership."""
    if membership is None:
        return False
    return LeaderAssignment.objects.filter(leader=user, membership=membership).current().exists()


@rules.predicate
def may_see_person(user, person):
    return person is not None and Member.objects.visible_to(user).filter(pk=person.pk).exists()


@rules.predicate
def manages_person(user, person):
    """One of the person's memberships, led memberships or roles is in a unit the user manages."""
    if person is None:
        return manages(user, None)
    return Member.objects.managed_by(user).filter(pk=person.pk).exists()


@rules.predicate
def manages_membership_of(user, obj):
    return manages(user, obj.membership)


@rules.predicate
def is_own_request(user, request):
    return request.membership.person_id == user.pk


@rules.predicate
def is_waiting(user, request):
    return request.state == ChangeRequest.State.WAITING


rules.add_perm("members.view_roster", sees_roster)
rules.add_perm("members.export_roster", manages)
rules.add_perm("members.import_roster", manages)
rules.add_perm("members.view_member", may_see_person)
rules.add_perm("members.change_member", manages_person)
rules.add_perm("members.add_member", manages)
rules.add_perm("members.invite_member", manages_person)
rules.add_perm("members.view_membership", sees_roster | is_own | leads)
rules.add_perm("members.change_membership", manages)
rules.add_perm("members.move_membership", manages)
rules.add_perm("members.end_membership", manages)
rules.add_perm("members.change_leader", manages)
rules.add_perm("members.correct_own_data", is_self)
rules.add_perm("members.ask_for_change", is_own)
rules.add_perm("members.decide_changerequest", manages_membership_of & is_waiting)
rules.add_perm("members.withdraw_changerequest", is_own_request & is_waiting)
rules.add_perm("members.view_rosterimport", manages)
