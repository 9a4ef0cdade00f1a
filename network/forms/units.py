from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput, ScopedForm, ScopedModelForm, SeenFormMixin
from network.models import Unit


class Lines(forms.CharField):
    """A list of short texts, one on each line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = [line.strip() for line in super().to_python(value).splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.to_python(data)


class NewUnitForm(ScopedModelForm):
    """A unit under the parent that the page is about."""

    class Meta:
        model = Unit
        fields = ["kind", "name_nb", "name_nn", "name_en", "sami_name", "short_name", "starts_on"]
        widgets = {"starts_on": DateInput()}

    def __init__(self, *args: Any, parent: Unit, **kwargs: Any) -> None:
        super().__init__(*args, instance=Unit(parent=parent), **kwargs)
        kinds = [kind for kind in Unit.Kind if kind in Unit.CHILDREN[parent.kind]]
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"),
            choices=[(kind.value, kind.label) for kind in kinds],
            widget=forms.RadioSelect,
        )
        self.initial["kind"] = kinds[0] if kinds else ""
        label_names(self)


class UnitForm(SeenFormMixin, ScopedModelForm):
    """What is written about a unit; a group contact writes only the text about it."""

    aliases = Lines(
        label=_("Other names"),
        required=False,
        help_text=_("Names that rosters and people use for the same unit, one on each line."),
    )

    class Meta:
        model = Unit
        fields = [
            "name_nb",
            "name_nn",
            "name_en",
            "sami_name",
            "short_name",
            "aliases",
            "role_name_nb",
            "role_name_nn",
            "role_name_en",
            "strictness",
            "description_nb",
            "description_nn",
            "description_en",
        ]
        widgets = {
            f"description_{language}": forms.Textarea(attrs={"rows": 5})
            for language in ("nb", "nn", "en")
        }

    TEXT = ("description_nb", "description_nn", "description_en")
    OF_NETWORKS = ("role_name_nb", "role_name_nn", "role_name_en", "strictness")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.user.has_perm("network.change_unit", self.instance):
            self._keep_only(self.TEXT)
        elif self.instance.kind != Unit.Kind.NETWORK:
            self._keep_only([name for name in self.fields if name not in self.OF_NETWORKS])
        label_names(self)

    def _keep_only(self, names: Any) -> None:
        self.fields = {
            name: field for name, field in self.fields.items() if name in {*names, "seen"}
        }


LABELS = {
    "name_nb": _("Name in bokmål"),
    "name_nn": _("Name in nynorsk"),
    "name_en": _("Name in English"),
    "sami_name": _("Name in Sámi"),
    "short_name": _("Short name"),
    "role_name_nb": _("What a member is called in bokmål"),
    "role_name_nn": _("What a member is called in nynorsk"),
    "role_name_en": _("What a member is called in English"),
    "description_nb": _("About the unit in bokmål"),
    "description_nn": _("About the unit in nynorsk"),
    "description_en": _("About the unit in English"),
}


def label_names(form: forms.BaseForm) -> None:
    """Say of each translated field in which language it is."""
    for name, label in LABELS.items():
        if name in form.fields:
            form.fields[name].label = label


class MoveUnitForm(ScopedForm):
    parent = forms.ModelChoiceField(
        label=_("New place"), queryset=Unit.objects.all(), empty_label=_("Choose a unit")
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind for kind, below in Unit.CHILDREN.items() if unit.kind in below and kind]
        self.fields["parent"].queryset = (
            Unit.objects.managed_by(self.user)
            .open()
            .filter(kind__in=kinds)
            .exclude(pk__in=[unit.pk, unit.parent_id])
        )


class CloseUnitForm(ScopedForm):
    on = forms.DateField(label=_("Closed from"), initial=timezone.localdate, widget=DateInput())
    successor = forms.ModelChoiceField(
        label=_("Successor"),
        queryset=Unit.objects.all(),
        required=False,
        empty_label=_("None"),
        help_text=_("The unit that takes over, if there is one."),
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alike = self.fields["successor"].queryset.open().filter(kind=unit.kind)
        self.fields["successor"].queryset = alike.exclude(pk=unit.pk)


class ShiftForm(ScopedForm):
    """Which of the units below goes one step up or down."""

    child = forms.ModelChoiceField(queryset=Unit.objects.all(), to_field_name="slug")
    steps = forms.TypedChoiceField(choices=[("-1", _("Up")), ("1", _("Down"))], coerce=int)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["child"].queryset = unit.children.open()
