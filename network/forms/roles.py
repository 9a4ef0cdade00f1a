from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from core.forms import DateInput, ScopedForm
from network import queries
from network.models import Role, Unit


class FindPersonForm(forms.Form):
    """The search above the form that gives a role."""

    q = forms.CharField(label=_("Find a person"), required=False, max_length=100)


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person: Any) -> str:
        return f"{person.name} · {person.email}"


class GiveRoleForm(ScopedForm):
    """Somebody the user may find by name, or whoever has an e-mail address."""

    kind = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    person = PersonChoice(
        label=_("Person"),
        queryset=Person.objects.all(),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(label=_("E-mail at work"), required=False, max_length=254)
    given_name = forms.CharField(label=_("Given name"), required=False, max_length=100)
    family_name = forms.CharField(label=_("Family name"), required=False, max_length=100)
    on = forms.DateField(label=_("From"), initial=timezone.localdate, widget=DateInput())

    def __init__(self, *args: Any, unit: Unit, words: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            (kind.value, kind.label) for kind in Role.Kind if self._may_give(kind, unit)
        ]
        found = queries.people_found(self.user, words)
        self.fields["person"].queryset = Person.objects.filter(pk__in=[one.pk for one in found])
        if not found:
            for name in ("email", "given_name", "family_name"):
                self.fields[name].required = True

    def _may_give(self, kind: Role.Kind, unit: Unit) -> bool:
        if kind == Role.Kind.GROUP_CONTACT and unit.kind != Unit.Kind.LOCAL_GROUP:
            return False
        return self.user.has_perm("network.give_role", Role(unit=unit, kind=kind))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("person") or self.errors:
            return cleaned
        for name in ("email", "given_name", "family_name"):
            if not cleaned.get(name):
                self.add_error(name, _("Choose a person above, or fill in this."))
        return cleaned


class EndRoleForm(ScopedForm):
    on = forms.DateField(label=_("Ends on"), initial=timezone.localdate, widget=DateInput())
