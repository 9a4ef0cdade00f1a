import rules

from accounts.rules import is_self
from members.models import SEES_ROSTER, ChangeRequest, LeaderAssignment, Member, Membership
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
def keeps_account_of(user, person):
    """The person's account opens nothing that the user could not open herself."""
    if person is None:
        return manages(user, None)
    return Member.objects.with_account_kept_by(user).filter(pk=person.pk).exists()


@rules.predicate
def sees_membership_of(user, person):
    """One of the person's memberships, also a former one, is in the user's sight."""
    return Membership.objects.visible_to(user).filter(person=person).exists()


@rules.predicate
def leads_anyone(user, nothing):
    return LeaderAssignment.objects.filter(leader=user).current().exists()


@rules.predicate
def sees_assigned(user, assignment):
    """The roster, her own membership, or herself as the leader."""
    membership = assignment.membership
    is_hers = user.pk in {membership.person_id, assignment.leader_id}
    return is_hers or sees_roster(user, membership)


@rules.predicate
def sees_educated(user, education):
    return sees_membership_of(user, education.person_id)


@rules.predicate
def manages_membership_of(user, obj):
    return obj is None or manages(user, obj.membership)


@rules.predicate
def manages_new_unit(user, request):
    return request.unit_id is None or manages(user, request.unit)


@rules.predicate
def is_running(user, membership):
    return not membership.has_ended


@rules.predicate
def owns_education(user, education):
    return education is not None and education.person_id == user.pk


@rules.predicate
def manages_educated(user, education):
    return manages_person(user, education.person)


@rules.predicate
def manages_roster_of(user, row):
    return manages(user, row.roster)


@rules.predicate
def is_own_request(user, request):
    return request.membership.person_id == user.pk


@rules.predicate
def is_waiting(user, request):
    return request.state == ChangeRequest.State.WAITING


rules.add_perm("members.view_roster", sees_roster)
rules.add_perm("members.export_roster", manages)
rules.add_perm("members.import_roster", manages)
rules.add_perm("members.mail_members", manages)
rules.add_perm("members.view_member", may_see_person)
rules.add_perm("members.change_member", manages_person)
rules.add_perm("members.change_account", keeps_account_of & ~is_self)
rules.add_perm("members.view_details", is_self | manages_person | sees_membership_of)
rules.add_perm("members.view_history", is_self | manages_person)
rules.add_perm("members.add_member", manages)
rules.add_perm("members.invite_member", manages_person)
rules.add_perm("members.view_membership", sees_roster | is_own | leads)
rules.add_perm("members.change_membership", manages)
rules.add_perm("members.move_membership", manages)
rules.add_perm("members.end_membership", manages)
rules.add_perm("members.change_leader", manages)
rules.add_perm("members.correct_own_data", is_self)
rules.add_perm("members.correct_own_membership", is_own & is_running)
rules.add_perm("members.ask_for_change", is_own & is_running)
rules.add_perm("members.add_education", is_self | manages_person)
rules.add_perm("members.change_education", owns_education | manages_educated)
rules.add_perm("members.view_own_people", leads_anyone)
rules.add_perm("members.view_changerequests", manages)
rules.add_perm(
    "members.decide_changerequest", manages_membership_of & manages_new_unit & is_waiting
)
rules.add_perm("members.withdraw_changerequest", is_own_request & is_waiting)
rules.add_perm("members.view_rosterimport", manages)
rules.add_perm("members.view_rosterimportrow", manages_roster_of)
rules.add_perm("members.view_leaderassignment", sees_assigned)
rules.add_perm("members.view_education", owns_education | sees_educated)
rules.add_perm("members.view_changerequest", is_own_request | manages_membership_of)
rules.add_perm("members.view_profession", rules.is_authenticated)
rules.add_perm("members.view_position", rules.is_authenticated)
