from django.views.generic import TemplateView
from django_htmx.http import replace_url

from core.views import PartialMixin, ScopedMixin
from members.tables import Roster


class RosterPage(ScopedMixin, PartialMixin, TemplateView):
    permission_required = "members.view_roster"
    template_name = "members/roster.html"

    def get_context_data(self, **kwargs):
        self.roster = Roster(self.request.GET, user=self.request.user)
        return super().get_context_data(
            roster=self.roster,
            may_manage=self.request.user.has_perm("members.export_roster"),
            is_partial=self.is_partial,
            **kwargs,
        )

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        if not self.is_partial:
            return response
        return replace_url(response, f"{request.path}?{self.roster.filter.query}")
