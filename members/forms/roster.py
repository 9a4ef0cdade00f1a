import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput, ScopedForm
from members.forms.memberships import GroupChoice, groups_managed_by
from members.models import Membership
from network.models import Unit


class WantedForm(ScopedForm):
    @property
    def wanted(self) -> Iterator[tuple[Any, Any]]:
        """What was filled in, as words to read before it is confirmed."""
        for field in self.visible_fields():
            value = self.cleaned_data[field.name]
            is_code = type(field.field) is forms.ChoiceField
            words = dict(field.field.choices)[value] if is_code else value
            if value:
                yield field.label, date_format(value) if isinstance(value, dt.date) else words


class MoveManyForm(WantedForm):
    """The group that the chosen members move to; each keeps workplace and leader."""

    unit = GroupChoice(Unit.objects.none(), label=_("Group"))
    on = forms.DateField(label=_("From the day"), widget=DateInput, initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = groups_managed_by(self.user).select_related("parent")


class EndManyForm(WantedForm):
    on = forms.DateField(
        label=_("No longer a member from"), widget=DateInput, initial=timezone.localdate
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("No reason given")), *Membership.EndReason.choices],
        required=False,
    )


class InviteManyForm(WantedForm):
    """Nothing to fill in: who is invited is all there is to say."""


class MailManyForm(WantedForm):
    subject = forms.CharField(label=_("Subject"), max_length=150)
    text = forms.CharField(
        label=_("Text"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Plain text. Everyone gets a mail of their own, and answers go to you."),
    )
    # Made once for each time the page is opened: pressing twice sends nothing twice.
    batch = forms.RegexField(
        r"^[A-Za-z0-9]{22}$", widget=forms.HiddenInput, initial=lambda: get_random_string(22)
    )


class ExportForm(ScopedForm):
    suffix = forms.ChoiceField(
        label=_("Format"),
        choices=[("xlsx", _("Excel (XLSX)")), ("csv", _("Text with semicolons (CSV)"))],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
