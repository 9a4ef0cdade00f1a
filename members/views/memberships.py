"""What a coordinator does with one membership."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.views import ActionView, EditView
from members import actions
from members.forms.memberships import EndForm, JoinForm, LeaderForm, MembershipForm, MoveForm
from members.models import LeaderAssignment, Member, Membership
from members.queries import leader_candidates


class AddMembership(ActionView):
    model = Member
    form_class = JoinForm
    template_name = "members/membership_add.html"
    context_object_name = "person"
    permission_required = "members.change_member"
    success_message = _("The membership is registered.")

    def perform(self, person, **membership):
        actions.start_membership(person, **membership, by=self.request.user)


class MembershipPage:
    """A page about one membership of one person."""

    model = Membership
    context_object_name = "membership"

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("person", "unit", "workplace", "profession", "position")


class EditMembership(MembershipPage, EditView):
    form_class = MembershipForm
    template_name = "members/membership_edit.html"
    permission_required = "members.change_membership"
    verb = "members.membership.changed"
    success_message = _("The changes are saved.")


class MoveMembership(MembershipPage, ActionView):
    form_class = MoveForm
    template_name = "members/membership_move.html"
    permission_required = "members.move_membership"
    success_message = _("The member has moved.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "membership": self.object}

    def perform(self, membership, **to):
        actions.move_membership(membership, **to, by=self.request.user)


class EndMembership(MembershipPage, ActionView):
    form_class = EndForm
    template_name = "members/membership_end.html"
    permission_required = "members.end_membership"
    success_message = _("The membership has an end. Everything that was registered is kept.")

    def get_context_data(self, **kwargs):
        leader = self.object.leaders.open().nearest().select_related("leader").first()
        return super().get_context_data(**kwargs, assignment=leader)

    def perform(self, membership, **end):
        actions.end_membership(membership, **end, by=self.request.user)


class ChangeLeader(MembershipPage, ActionView):
    form_class = LeaderForm
    template_name = "members/leader_change.html"
    permission_required = "members.change_leader"
    success_message = _("The leader is changed.")
    kind = LeaderAssignment.Kind.NEAREST

    def get_form_kwargs(self):
        words = self.request.GET.get("q", "")
        found = leader_candidates(self.object, words=words, seen_by=self.request.user)
        kwargs = super().get_form_kwargs()
        return {**kwargs, "found": found, "may_be_nobody": True, "today": self.today}

    def get_context_data(self, **kwargs):
        kind = LeaderAssignment.Kind(self.kind)
        return super().get_context_data(
            **kwargs,
            kind=kind,
            words=self.request.GET.get("q", ""),
            assignment=self.today,
        )

    @cached_property
    def today(self) -> LeaderAssignment | None:
        """Who is the leader of this kind now."""
        leaders = self.object.leaders.open().filter(kind=self.kind)
        return leaders.select_related("leader").first()

    def perform(self, membership, **named):
        actions.name_leader(membership, kind=self.kind, **named, by=self.request.user)
