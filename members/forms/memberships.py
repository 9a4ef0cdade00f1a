from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput, LongSelect, ScopedForm, ScopedModelForm, SeenFormMixin
from members.models import LeaderAssignment, Member, Membership, Position, Profession
from network.models import Unit, Workplace


def groups_managed_by(user: Any) -> Any:
    """Return the local groups that the user may put a member in."""
    return Unit.objects.managed_by(user).filter(kind=Unit.Kind.LOCAL_GROUP).current()


class GroupChoice(forms.ModelChoiceField):
    """A local group, told apart by its network where names repeat."""

    def label_from_instance(self, unit: Unit) -> str:
        return f"{unit.name} ({unit.parent})" if unit.parent else unit.name


class WorkplaceChoice(forms.ModelChoiceField):
    """One of hundreds of workplaces, told apart by its municipality where names repeat."""

    widget = LongSelect

    def label_from_instance(self, workplace: Workplace) -> str:
        if workplace.municipality:
            return f"{workplace.name} ({workplace.municipality})"
        return workplace.name


class MembershipForm(SeenFormMixin, ScopedModelForm):
    """What may be corrected in a running membership; a new group or workplace is a move."""

    class Meta:
        model = Membership
        fields = ["profession", "position", "hours_per_month", "starts_on"]
        widgets = {"starts_on": DateInput()}


class JoinForm(ScopedForm):
    """Where and as what a person becomes a member."""

    unit = GroupChoice(Unit.objects.none(), label=_("Group"))
    workplace = WorkplaceChoice(
        Workplace.objects.current().select_related("municipality"), label=_("Workplace")
    )
    profession = forms.ModelChoiceField(Profession.objects.all(), label=_("Profession"))
    position = forms.ModelChoiceField(Position.objects.all(), label=_("Position"), required=False)
    hours_per_month = forms.DecimalField(
        label=_("Allotted hours per month"),
        max_digits=5,
        decimal_places=1,
        min_value=0,
        required=False,
    )
    on = forms.DateField(label=_("Member from"), widget=DateInput(), initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = groups_managed_by(self.user).select_related("parent")


class MoveForm(ScopedForm):
    """The group and workplace a member moves to."""

    unit = GroupChoice(Unit.objects.none(), label=_("Group"))
    workplace = WorkplaceChoice(
        Workplace.objects.current().select_related("municipality"), label=_("Workplace")
    )
    on = forms.DateField(label=_("From the day"), widget=DateInput(), initial=timezone.localdate)
    keep_leader = forms.BooleanField(
        label=_("The leader stays the same"), required=False, initial=True
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = groups_managed_by(self.user).select_related("parent")
        self.initial.setdefault("unit", membership.unit_id)
        self.initial.setdefault("workplace", membership.workplace_id)


class EndForm(ScopedForm):
    """Why and from when somebody is no longer a member."""

    on = forms.DateField(
        label=_("No longer a member from"), widget=DateInput(), initial=timezone.localdate
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("No reason given")), *Membership.EndReason.choices],
        required=False,
    )
    tell_leader = forms.BooleanField(
        label=_("Ask the leader by e-mail to name a successor"), required=False, initial=True
    )


class LeaderForm(ScopedForm):
    """Another leader: one of those found, a new one by name and address, or none."""

    NEW, NOBODY = "new", "nobody"

    leader = forms.ChoiceField(label=_("Who is the leader?"), widget=forms.RadioSelect)
    given_name = forms.CharField(
        label=_("Given name"),
        max_length=100,
        required=False,
        help_text=_("Name, family name and e-mail are needed only for somebody else."),
    )
    family_name = forms.CharField(label=_("Family name"), max_length=100, required=False)
    email = forms.EmailField(label=_("E-mail at work"), required=False)
    on = forms.DateField(label=_("From the day"), widget=DateInput(), initial=timezone.localdate)

    def __init__(
        self,
        *args: Any,
        found: list[Member],
        may_be_nobody: bool,
        today: LeaderAssignment | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found = {str(person.pk): person for person in found}
        nobody = [(self.NOBODY, _("Nobody for now"))] if may_be_nobody else []
        self.fields["leader"].choices = [
            *((key, f"{person.name} ({person.email})") for key, person in self.found.items()),
            (self.NEW, _("Somebody else, whom I name below")),
            *nobody,
        ]
        if today and str(today.leader_id) in self.found:
            self.initial["leader"] = str(today.leader_id)
        elif not found:
            self.initial["leader"] = self.NEW

    def clean(self) -> dict[str, Any]:
        """Return `leader`, one of those found or None, or a `newcomer` by name and address."""
        cleaned = super().clean() or self.cleaned_data
        names = ("given_name", "family_name", "email")
        newcomer = {name: cleaned.pop(name, "") for name in names}
        answer = cleaned.pop("leader", None)
        if answer == self.NEW:
            for name in names:
                if not newcomer[name] and name not in self.errors:
                    self.add_error(name, _("Fill this in to name a new leader."))
        cleaned["leader"] = self.found.get(answer or "")
        cleaned["newcomer"] = newcomer if answer == self.NEW else None
        return cleaned
