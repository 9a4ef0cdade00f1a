"""What everyone sees and does about herself, on a phone twice a year."""

from django.http import HttpResponse, JsonResponse
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, ListView

from core.views import ActionView, EditView, ScopedMixin
from members import actions, pdf
from members.forms.memberships import LeaderForm
from members.forms.own import AskForm, OwnContactForm, OwnWorkplaceForm
from members.forms.person import ConfirmForm
from members.models import ChangeRequest, LeaderAssignment, Member, Membership
from members.queries import leaders_at_workplace, own_data_of, person_page, who_sees


class OwnMixin(ScopedMixin):
    """A page about oneself: the address names nobody, so that nobody else can be asked for."""

    model = Member
    context_object_name = "person"
    permission_required = "members.correct_own_data"
    success_url = reverse_lazy("members:own")

    def get_object(self, queryset=None):
        self.kwargs["pk"] = self.request.user.pk
        return super().get_object(queryset)

    def get_success_url(self):
        return str(self.success_url)


class Own(OwnMixin, DetailView):
    template_name = "members/own.html"

    def get_context_data(self, **kwargs):
        page = person_page(self.object, seen_by=self.request.user)
        return super().get_context_data(**kwargs, page=page)


class EditOwnContact(OwnMixin, EditView):
    form_class = OwnContactForm
    template_name = "members/own_contact.html"
    verb = "members.person.changed"
    success_message = _("Your contact data is saved.")


class ConfirmOwnData(OwnMixin, ActionView):
    form_class = ConfirmForm
    template_name = "members/own_confirm.html"
    success_message = _("Thank you. You have confirmed that everything is right.")

    def get_context_data(self, **kwargs):
        page = person_page(self.object, seen_by=self.request.user)
        return super().get_context_data(**kwargs, page=page)

    def perform(self, person):
        actions.confirm_own_data(person, by=self.request.user)


class WhoSeesMe(OwnMixin, DetailView):
    template_name = "members/own_who_sees.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, viewers=who_sees(self.object))


class OwnDataPage(OwnMixin, DetailView):
    template_name = "members/own_data.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, data=own_data_of(self.object))


class OwnDataJson(OwnMixin, DetailView):
    def render_to_response(self, context, **kwargs):
        response = JsonResponse(
            own_data_of(self.object).as_json(),
            json_dumps_params={"ensure_ascii": False, "indent": 2},
        )
        response["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return response


class OwnDataPdf(OwnMixin, DetailView):
    def render_to_response(self, context, **kwargs):
        response = HttpResponse(pdf.own_data(self.object), content_type="application/pdf")
        response["Content-Disposition"] = 'attachment; filename="my-data.pdf"'
        return response


class OwnMembershipPage:
    """A page about one of one's own memberships."""

    model = Membership
    context_object_name = "membership"
    permission_required = "members.correct_own_membership"

    def get_queryset(self):
        rows = super().get_queryset().filter(person=self.request.user)
        return rows.select_related("person", "unit", "workplace", "profession", "position")

    def get_success_url(self):
        return reverse("members:own")


class ChangeOwnWorkplace(OwnMembershipPage, ActionView):
    form_class = OwnWorkplaceForm
    template_name = "members/own_workplace.html"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "membership": self.object}

    def perform(self, membership, *, workplace, workplace_name, keep_leader):
        user = self.request.user
        if workplace_name:
            actions.ask_for_change(membership, workplace_name=workplace_name, by=user)
            self.success_message = _("Your coordinator is asked to add the workplace.")
            return
        actions.move_membership(
            membership,
            unit=membership.unit,
            workplace=workplace,
            on=timezone.localdate(),
            keep_leader=keep_leader,
            by=user,
        )
        self.success_message = _("Your workplace is changed.")


class ChangeOwnLeader(OwnMembershipPage, ActionView):
    form_class = LeaderForm
    template_name = "members/own_leader.html"
    success_message = _("Your leader is changed.")

    def get_form_kwargs(self):
        found = leaders_at_workplace(self.object)
        today = self.object.leaders.open().nearest().first()
        kwargs = super().get_form_kwargs()
        return {**kwargs, "found": found, "may_be_nobody": False, "today": today}

    def perform(self, membership, **named):
        actions.name_leader(membership, **named, by=self.request.user)


class AskForChange(OwnMembershipPage, ActionView):
    form_class = AskForm
    template_name = "members/own_ask.html"
    permission_required = "members.ask_for_change"
    success_message = _("Your coordinator has got your wish. You get the answer by e-mail.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "membership": self.object}

    def perform(self, membership, **wish):
        actions.ask_for_change(membership, **wish, by=self.request.user)


class WithdrawRequest(ActionView):
    model = ChangeRequest
    form_class = ConfirmForm
    template_name = "members/own_withdraw.html"
    context_object_name = "wish"
    permission_required = "members.withdraw_changerequest"
    success_message = _("The wish is withdrawn.")

    def perform(self, request):
        actions.withdraw_request(request, by=self.request.user)

    def get_success_url(self):
        return reverse("members:own")


class OwnPeople(ScopedMixin, ListView):
    """Those the user leads today."""

    model = LeaderAssignment
    template_name = "members/own_people.html"
    context_object_name = "assignments"
    permission_required = "members.view_own_people"

    def get_queryset(self):
        rows = super().get_queryset().filter(leader=self.request.user).current()
        rows = rows.filter(membership__in=Membership.objects.current())
        return rows.select_related(
            "membership__person",
            "membership__unit",
            "membership__workplace",
            "membership__profession",
            "membership__position",
        ).order_by("membership__person__name_order", "pk")
