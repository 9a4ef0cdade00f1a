"""Members' wishes, and the coordinator's answers."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView

from core.views import ActionView, ScopedMixin
from members import actions
from members.forms.own import DecideForm
from members.models import ChangeRequest


class ChangeRequests(ScopedMixin, ListView):
    """The wishes that wait for an answer, the oldest first."""

    model = ChangeRequest
    template_name = "members/changerequests.html"
    context_object_name = "wishes"
    permission_required = "members.view_changerequests"
    paginate_by = 50

    def get_queryset(self):
        rows = super().get_queryset().waiting().managed_by(self.request.user)
        return rows.select_related(
            "membership__person",
            "membership__unit",
            "membership__profession",
            "membership__workplace",
            "unit",
            "profession",
        ).order_by("created_at", "pk")


class DecideChangeRequest(ActionView):
    model = ChangeRequest
    form_class = DecideForm
    template_name = "members/changerequest_decide.html"
    context_object_name = "wish"
    permission_required = "members.decide_changerequest"
    success_message = _("The answer is on its way to the member.")

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("membership__person", "membership__unit", "unit", "profession")

    def perform(self, request, *, decision, answer):
        if decision == ChangeRequest.State.APPROVED:
            actions.approve_request(request, answer=answer, by=self.request.user)
        else:
            actions.decline_request(request, answer=answer, by=self.request.user)

    def get_success_url(self):
        return reverse("members:changerequests")
