from django.utils.translation import gettext_lazy as _

from core.views import ActionView
from network import actions
from network.forms import EndRoleForm, FindPersonForm, GiveRoleForm
from network.models import Role
from network.views.units import UnitAction


class GiveRole(UnitAction):
    form_class = GiveRoleForm
    template_name = "network/role_give.html"
    permission_required = "network.give_role"
    success_message = _("The role has been given, and the person will get an e-mail about it.")

    @property
    def words(self):
        return self.request.GET.get("q", "")[:100]

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "words": self.words}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            search=FindPersonForm(initial={"q": self.words}), words=self.words, **kwargs
        )

    def perform(self, unit, *, kind, person, on, **newcomer):
        by = self.request.user
        if person:
            actions.give_role(person, unit=unit, kind=kind, on=on, by=by)
        else:
            actions.give_role_to_newcomer(unit=unit, kind=kind, on=on, by=by, **newcomer)


class EndRole(ActionView):
    model = Role
    form_class = EndRoleForm
    template_name = "network/role_end.html"
    permission_required = "network.end_role"
    success_message = _("The role has been ended.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def perform(self, role, *, on):
        actions.end_role(role, on=on, by=self.request.user)
