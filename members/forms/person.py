from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from core.forms import PhoneField, ScopedForm, ScopedModelForm, SeenFormMixin
from core.text import fold
from members.forms.memberships import JoinForm
from members.models import Education, Member

FIRST_YEAR = 1960


class PersonForm(SeenFormMixin, ScopedModelForm):
    """The contact data of a person, as a coordinator corrects it."""

    class Meta:
        model = Person
        fields = ["given_name", "family_name", "email", "work_phone", "language"]
        widgets = {
            "given_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "family_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "work_phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
            "language": forms.RadioSelect,
        }
        field_classes = {"work_phone": PhoneField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member = Member(pk=self.instance.pk)
        if not self.user.has_perm("members.change_account", member):
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _(
                "This person also belongs outside your units: only she can change her address."
            )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()


class NewPersonForm(ScopedModelForm, JoinForm):
    """A person who is not in the portal yet; says so when she may be there already."""

    ASKED = (
        "given_name", "family_name", "email", "work_phone", "language",
        "unit", "workplace", "profession", "position", "hours_per_month", "on",
    )  # fmt: skip

    is_another = forms.BooleanField(
        label=_("This is another person of the same name"), required=False
    )

    class Meta:
        model = Person
        fields = ["given_name", "family_name", "email", "work_phone", "language"]
        widgets = PersonForm.Meta.widgets
        field_classes = {"work_phone": PhoneField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.namesakes: list[Member] = []
        self.known: Member | None = None
        if not self.is_bound:
            self.fields["is_another"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        visible = Member.objects.visible_to(self.user)
        email = self.data.get(self.add_prefix("email"), "").strip().lower()
        self.known = visible.filter(email=email).first()
        name = f"{cleaned.get('given_name', '')} {cleaned.get('family_name', '')}"
        found = visible.search(name).exclude(email=email)[:20]
        self.namesakes = [person for person in found if fold(person.name) == fold(name)]
        if self.namesakes and not cleaned.get("is_another"):
            self.add_error(
                "is_another",
                _("A person of this name is registered already. Look whether it is the same."),
            )
        elif not self.namesakes:
            self.fields["is_another"].widget = forms.HiddenInput()
        return cleaned

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()


class EducationForm(SeenFormMixin, ScopedModelForm):
    class Meta:
        model = Education
        fields = ["kind", "title", "completed_in", "expected_in"]
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "title": _("For example: Cancer nursing, 60 credits."),
            "completed_in": _("The year. Leave empty when it is under way."),
            "expected_in": _("The year in which it is expected to be finished."),
        }

    def _get_validation_exclusions(self) -> set[str]:
        """Check also that the person does not have the same education twice."""
        return super()._get_validation_exclusions() - {"person"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        done, expected = cleaned.get("completed_in"), cleaned.get("expected_in")
        this_year = timezone.localdate().year
        if done and not FIRST_YEAR <= done <= this_year:
            self.add_error("completed_in", _("Write a year that has been, such as 2019."))
        if expected and not this_year <= expected <= this_year + 15:
            self.add_error("expected_in", _("Write this year or a later one."))
        if done and expected:
            self.add_error("expected_in", _("Choose one of the two years."))
        return cleaned


class ConfirmForm(ScopedForm):
    """Nothing to fill in: the button is the answer."""
