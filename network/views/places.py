from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, FormView, ListView

from core.views import ActionView, EditView, PartialMixin, ScopedMixin
from network import actions, queries
from network.forms import AreaForm, CloseWorkplaceForm, WorkplaceForm, WorkplaceSearchForm
from network.models import UnitArea, Workplace
from network.views.units import UnitAction


class AddArea(UnitAction):
    form_class = AreaForm
    template_name = "network/area_add.html"
    permission_required = "network.change_unitarea"
    success_message = _("The group now covers it.")

    def perform(self, unit, *, municipality, workplace):
        actions.add_area(unit, municipality=municipality, workplace=workplace, by=self.request.user)


class RemoveArea(ActionView):
    model = UnitArea
    form_class = forms.Form
    template_name = "network/area_remove.html"
    permission_required = "network.change_unitarea"
    success_message = _("The group no longer covers it.")

    def perform(self, area):
        self.unit = area.unit
        actions.remove_area(area, by=self.request.user)

    def get_success_url(self):
        return self.unit.get_absolute_url()


class WorkplaceList(PartialMixin, ScopedMixin, ListView):
    model = Workplace
    permission_required = "network.view_workplace"
    template_name = "network/workplaces.html"
    paginate_by = 50

    @cached_property
    def form(self):
        return WorkplaceSearchForm(self.request.GET, user=self.request.user)

    def get_queryset(self):
        self.form.is_valid()
        workplaces = super().get_queryset().select_related("area", "municipality__parent")
        return workplaces.narrowed_by(**self.form.cleaned_data)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(form=self.form, **kwargs)
        queries.count_members_from(context["workplace_list"])
        return context


class WorkplacePage(ScopedMixin, DetailView):
    model = Workplace
    permission_required = "network.view_workplace"
    template_name = "network/workplace.html"

    def get_context_data(self, **kwargs):
        members = queries.members_from([self.object])[self.object.pk]
        return super().get_context_data(members=members, **kwargs)


class AddWorkplace(ScopedMixin, FormView):
    form_class = WorkplaceForm
    template_name = "network/workplace_add.html"
    permission_required = "network.add_workplace"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form):
        workplace = actions.create_workplace(by=self.request.user, **form.cleaned_data)
        messages.success(self.request, _("The workplace has been registered."))
        return redirect(workplace)


class EditWorkplace(EditView):
    model = Workplace
    form_class = WorkplaceForm
    template_name = "network/workplace_edit.html"
    permission_required = "network.change_workplace"
    verb = "network.workplace.changed"
    success_message = _("The workplace has been changed.")


class CloseWorkplace(ActionView):
    model = Workplace
    form_class = CloseWorkplaceForm
    template_name = "network/workplace_close.html"
    permission_required = "network.change_workplace"
    success_message = _("The workplace has been closed.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def perform(self, workplace, *, on):
        actions.close_workplace(workplace, on=on, by=self.request.user)
