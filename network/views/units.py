from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, TemplateView

from core.views import ActionView, EditView, ScopedMixin
from network import actions, queries
from network.forms import CloseUnitForm, MoveUnitForm, NewUnitForm, ShiftForm, UnitForm
from network.models import Unit


class UnitTree(ScopedMixin, TemplateView):
    permission_required = "network.view_unit"
    template_name = "network/units.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(branches=queries.tree_for(self.request.user), **kwargs)


class UnitPage(ScopedMixin, DetailView):
    model = Unit
    permission_required = "network.view_unit"
    template_name = "network/unit.html"

    def get_context_data(self, **kwargs):
        facts = queries.facts_about(self.object, self.request.user)
        return super().get_context_data(facts=facts, **kwargs)


class UnitAction(ActionView):
    """A page that changes one unit."""

    model = Unit

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user, "unit": self.object}


class AddUnit(UnitAction):
    form_class = NewUnitForm
    template_name = "network/unit_add.html"
    permission_required = "network.add_unit"
    success_message = _("The unit has been created.")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        kwargs["parent"] = kwargs.pop("unit")
        return kwargs

    def perform(self, unit, **cleaned):
        self.object = actions.create_unit(unit, by=self.request.user, **cleaned)


class EditUnit(EditView):
    model = Unit
    form_class = UnitForm
    template_name = "network/unit_edit.html"
    permission_required = "network.change_unit_text"
    verb = "network.unit.changed"
    success_message = _("The unit has been changed.")


class MoveUnit(UnitAction):
    form_class = MoveUnitForm
    template_name = "network/unit_move.html"
    permission_required = "network.move_unit"
    success_message = _("The unit has been moved.")

    def perform(self, unit, *, parent):
        actions.move_unit(unit, parent=parent, by=self.request.user)


class CloseUnit(UnitAction):
    form_class = CloseUnitForm
    template_name = "network/unit_close.html"
    permission_required = "network.close_unit"
    success_message = _("The unit has been closed.")

    def perform(self, unit, *, on, successor):
        actions.close_unit(unit, on=on, successor=successor, by=self.request.user)


class OrderUnits(UnitAction):
    form_class = ShiftForm
    template_name = "network/unit_order.html"
    permission_required = "network.change_unit"

    def get_context_data(self, **kwargs):
        return super().get_context_data(children=self.object.children.open(), **kwargs)

    def perform(self, unit, *, child, steps):
        actions.shift_unit(child, steps=steps, by=self.request.user)

    def get_success_url(self):
        return self.request.path


class UnitAccess(ScopedMixin, DetailView):
    """Why can this person see that? The roles in force, and what each lets its holder do."""

    model = Unit
    permission_required = "network.view_access"
    template_name = "network/unit_access.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(rights=queries.rights_at(self.object), **kwargs)


class UnitHistory(ScopedMixin, DetailView):
    model = Unit
    permission_required = "network.view_access"
    template_name = "network/unit_history.html"

    def get_context_data(self, **kwargs):
        pages = Paginator(queries.history_of(self.object), 25)
        page = pages.get_page(self.request.GET.get("page"))
        return super().get_context_data(page_obj=page, **kwargs)
