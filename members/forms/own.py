from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from core.forms import PhoneField, ScopedForm, ScopedModelForm, SeenFormMixin
from members.forms.memberships import GroupChoice, WorkplaceChoice
from members.models import ChangeRequest, Membership, Profession
from network.models import Unit, Workplace


class OwnContactForm(SeenFormMixin, ScopedModelForm):
    """What everyone corrects about herself without asking; the address is changed apart."""

    class Meta:
        model = Person
        fields = ["given_name", "family_name", "work_phone", "language"]
        widgets = {
            "given_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "family_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "work_phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "work tel"}),
            "language": forms.RadioSelect,
        }
        field_classes = {"work_phone": PhoneField}


class OwnWorkplaceForm(ScopedForm):
    """Another workplace in the same trust area, or the name of one that is not in the list."""

    workplace = WorkplaceChoice(
        Workplace.objects.current().select_related("municipality"),
        label=_("Workplace"),
        required=False,
        empty_label=_("My workplace is not in the list"),
    )
    workplace_name = forms.CharField(
        label=_("Not in the list? Write its name"),
        max_length=150,
        required=False,
        help_text=_("Your coordinator adds it, and then moves you there."),
    )
    keep_leader = forms.BooleanField(
        label=_("My leader stays the same"), required=False, initial=True
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["workplace"]
        field.queryset = field.queryset.filter(area=membership.workplace.area_id)
        self.initial.setdefault("workplace", membership.workplace_id)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("workplace") and not cleaned.get("workplace_name"):
            self.add_error("workplace_name", _("Choose a workplace, or write the name of yours."))
        if cleaned.get("workplace_name"):
            cleaned["workplace"] = None
        return cleaned


class AskForm(ScopedForm):
    """A wish for another group or another profession."""

    unit = GroupChoice(Unit.objects.all(), label=_("Group"), required=False)
    profession = forms.ModelChoiceField(
        Profession.objects.all(), label=_("Profession"), required=False
    )
    note = forms.CharField(
        label=_("Note to the coordinator"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The groups beside one's own are no secret: the network publishes them.
        self.fields["unit"].queryset = Unit.objects.filter(
            parent=membership.unit.parent_id, kind=Unit.Kind.LOCAL_GROUP
        ).current()
        self.fields["unit"].label_from_instance = str
        self.initial.setdefault("unit", membership.unit_id)
        self.initial.setdefault("profession", membership.profession_id)


class DecideForm(ScopedForm):
    """Yes or no to a member's wish, with an answer that she is sent."""

    decision = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (ChangeRequest.State.APPROVED, _("Approve, and change it from today")),
            (ChangeRequest.State.DECLINED, _("Decline")),
        ],
        widget=forms.RadioSelect,
        initial=ChangeRequest.State.APPROVED,
    )
    answer = forms.CharField(
        label=_("Answer to the member"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you decline. She gets it by e-mail."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == ChangeRequest.State.DECLINED and not cleaned.get("answer"):
            self.add_error("answer", _("Tell the member why."))
        return cleaned
