from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput, ScopedForm, ScopedModelForm, SeenFormMixin
from network.models import Municipality, Unit, Workplace, areas_managed_by


class MunicipalityChoice(forms.ModelChoiceField):
    def label_from_instance(self, municipality: Municipality) -> str:
        name = str(municipality)
        if municipality.sami_name:
            name = f"{name} / {municipality.sami_name}"
        return f"{name} ({municipality.parent})" if municipality.parent else name


class AreaForm(ScopedForm):
    """One more municipality, city district or workplace for a group."""

    municipality = MunicipalityChoice(
        label=_("Municipality or city district"),
        queryset=Municipality.objects.current().select_related("parent"),
        required=False,
        empty_label=_("None"),
    )
    workplace = forms.ModelChoiceField(
        label=_("Single workplace"),
        queryset=Workplace.objects.current(),
        required=False,
        empty_label=_("None"),
        help_text=_("A ward or a home that the group covers beside its municipalities."),
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        covered = unit.covers.order_by()
        municipality, workplace = self.fields["municipality"], self.fields["workplace"]
        municipality.queryset = municipality.queryset.exclude(
            pk__in=covered.exclude(municipality=None).values("municipality"),
        )
        workplace.queryset = workplace.queryset.filter(area=unit.workplace_area()).exclude(
            pk__in=covered.exclude(workplace=None).values("workplace"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("municipality")) == bool(cleaned.get("workplace")):
            raise forms.ValidationError(_("Choose either a municipality or a workplace."))
        return cleaned


class WorkplaceForm(SeenFormMixin, ScopedModelForm):
    service_level = forms.ChoiceField(
        label=_("Service level"),
        choices=[("", _("As is usual for the kind")), *Workplace.ServiceLevel.choices],
        required=False,
    )
    municipality = MunicipalityChoice(
        label=_("Municipality or city district"),
        queryset=Municipality.objects.current().select_related("parent"),
        required=False,
        empty_label=_("None"),
    )

    class Meta:
        model = Workplace
        fields = ["name", "kind", "service_level", "area", "municipality", "needs_resource_person"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = Unit.objects.filter(pk__in=areas_managed_by(self.user)).open()
        self.fields["area"].queryset = areas
        self.fields["area"].initial = areas.first()

    def _get_validation_exclusions(self) -> set[str]:
        """Let the constraint on open workplaces be checked here, not first by the database."""
        return super()._get_validation_exclusions() - {"name_folded", "ends_on"}

    def clean_service_level(self) -> str:
        """Take the level from the kind when the form leaves it open."""
        given = self.cleaned_data["service_level"]
        kind = self.cleaned_data.get("kind", Workplace.Kind.OTHER)
        return given or Workplace.Kind(kind).service_level


class CloseWorkplaceForm(ScopedForm):
    on = forms.DateField(label=_("Closed from"), initial=timezone.localdate, widget=DateInput())


class WorkplaceSearchForm(ScopedForm):
    """What the list of workplaces is narrowed by; it forgives what it does not understand."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    unit = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Unit.objects.filter(kind__in=Unit.KEEPS_WORKPLACES),
        to_field_name="slug",
        required=False,
        empty_label=_("All"),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All")), *Workplace.Kind.choices], required=False
    )
    level = forms.ChoiceField(
        label=_("Service level"),
        choices=[("", _("All")), *Workplace.ServiceLevel.choices],
        required=False,
    )
    closed = forms.BooleanField(label=_("Show closed ones too"), required=False)
