from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet, ModelChoiceFilter

from core.forms import DateInput, LongSelect
from members.models import Profession
from members.queries.roster import municipalities_near, roster_units
from network.models import Workplace
from network.queries import CoveredUnit


@dataclass(frozen=True)
class Chip:
    """A chosen filter, and the address of the list without it."""

    label: Any
    words: Any
    query: str


class RosterFilter(FilterSet):
    """What the roster can be narrowed by. An unknown value finds nothing and says so."""

    STATUSES = [
        ("active", pgettext_lazy("membership", "Active")),
        ("coming", pgettext_lazy("membership", "Coming")),
        ("ended", pgettext_lazy("membership", "Ended")),
        ("all", pgettext_lazy("membership", "All")),
    ]
    MISSING = [
        ("leader", _("Nearest leader")),
        ("invitation", _("Invitation")),
        ("login", _("First login")),
        ("confirmation", _("Confirmed data, last six months")),
        ("phone", _("Work phone")),
    ]
    # Where the value in the address names something, what is out of sight does not exist: 404.
    SCOPED = ("unit", "workplace")

    q = CharFilter(
        label=_("Search"),
        method="search",
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Name or workplace")}),
    )
    unit = ChoiceFilter(label=_("Network or group"), method="within", widget=LongSelect)
    profession = ChoiceFilter(
        label=_("Profession"), field_name="profession__code", widget=LongSelect
    )
    status = ChoiceFilter(
        label=_("Status"), method="of_status", choices=STATUSES, empty_label=None, widget=LongSelect
    )
    missing = ChoiceFilter(
        label=pgettext_lazy("filter: people who lack something", "Missing"),
        method="lacking",
        choices=MISSING,
        empty_label=_("Not chosen"),
        widget=LongSelect,
    )
    level = ChoiceFilter(
        label=_("Service level"),
        field_name="workplace__service_level",
        choices=Workplace.ServiceLevel.choices,
        widget=LongSelect,
    )
    municipality = ChoiceFilter(
        label=_("Municipality"), field_name="workplace__municipality", widget=LongSelect
    )
    on = DateFilter(label=_("As of"), method="unchanged", widget=DateInput)
    workplace = ModelChoiceFilter(
        label=_("Workplace"), queryset=Workplace.objects.none(), widget=forms.HiddenInput
    )

    def __init__(self, asked: QueryDict, queryset: QuerySet, *, user: Any) -> None:
        chosen = asked.copy()
        if not chosen.get("status"):
            chosen["status"] = "active"
        super().__init__(chosen, queryset)
        self.units = roster_units(user)
        choices = {
            "unit": _indented(self.units),
            "profession": list(Profession.objects.values_list("code", "name")),
            "municipality": municipalities_near(user),
        }
        for name, offered in choices.items():
            # As a function: forms copy lists of choices, one by one and more than once.
            self.filters[name].extra |= {
                "choices": lambda offered=offered: offered,
                "empty_label": _("All"),
            }
        self.filters["level"].extra["empty_label"] = _("All")
        if "workplace" in chosen:
            self.filters["workplace"].queryset = Workplace.objects.visible_to(user)

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """The filters in use, by name, with their clean values."""
        cleaned = self.form.cleaned_data if self.is_valid() else {}
        return {name: value for name, value in cleaned.items() if value}

    @cached_property
    def is_out_of_sight(self) -> bool:
        return not self.is_valid() and any(name in self.form.errors for name in self.SCOPED)

    @property
    def unit_chosen(self) -> CoveredUnit | None:
        slug = self.chosen.get("unit")
        return next((unit for unit in self.units if unit.slug == slug), None)

    @property
    def day(self) -> Any:
        return self.chosen.get("on") or timezone.localdate()

    @property
    def is_narrowed(self) -> bool:
        """Something else than the active members is asked for."""
        return self.chosen != {"status": "active"}

    @property
    def is_count_of_members(self) -> bool:
        """The list holds all active members of a unit, so that its length is a figure by itself."""
        others = self.chosen.keys() - {"status", "unit", "on"}
        return not others and self.chosen.get("status") == "active"

    @property
    def chips(self) -> Iterator[Chip]:
        for name, value in self.chosen.items():
            field = self.form.fields[name]
            words = dict(field.choices).get(value, value) if hasattr(field, "choices") else value
            if name == "unit":
                words = self.unit_chosen.label
            elif name == "on":
                words = date_format(value)
            elif name == "workplace":
                words = value
            yield Chip(field.label, words, self._without(name))

    def _without(self, name: str) -> str:
        query = self.data.copy()
        query.pop("page", None)
        query.pop(name)
        if name == "status":
            query[name] = "all"
        return query.urlencode()

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The filters in use and the order, as the address says them; what is usual is left out."""
        names = [*self.chosen, "sort", "size"]
        asked = [(name, self.data[name]) for name in names if self.data.get(name)]
        return [pair for pair in asked if pair != ("status", "active")]

    @property
    def query(self) -> str:
        return urlencode(self.kept)

    @property
    def qs(self) -> QuerySet:
        return super().qs if self.is_valid() else self.queryset.none()

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.search(value)

    def within(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        top = self.unit_chosen.pk
        return rows.in_units(unit.pk for unit in self.units if top in unit.path)

    def of_status(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == "active":
            return rows.on(self.day)
        if value == "coming":
            return rows.coming(self.day)
        return rows.ended(self.day) if value == "ended" else rows

    def lacking(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == "leader":
            return rows.without_leader()
        if value == "confirmation":
            return rows.unconfirmed(timezone.localdate())
        lacking = {
            "invitation": {"person__is_active": False, "person__last_login": None},
            "login": {"person__is_active": True, "person__last_login": None},
            "phone": {"person__work_phone": ""},
        }
        return rows.filter(**lacking[value])

    def unchanged(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        """Return `rows`: the day says what counts as active, see `of_status`."""
        return rows


def _indented(units: list[CoveredUnit]) -> list[tuple[str, str]]:
    """Return slugs and names of `units`, each name moved in by one step for each unit above it."""
    top = min((len(unit.path) for unit in units), default=0)
    step = "\N{NO-BREAK SPACE}" * 3
    return [(unit.slug, step * (len(unit.path) - top) + unit.label) for unit in units]
