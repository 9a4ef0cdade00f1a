from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.forms import ScopedForm
from members.imports import reading
from members.imports.catalogue import Groups, Occupations
from members.imports.columns import FIELDS, Columns, missing
from members.imports.comparing import WORDS
from members.imports.reasons import sentence
from members.models import RosterImport, RosterImportRow
from network.models import Unit

MAX_NAME = 200


class UnitField(forms.ModelChoiceField):
    """Units under each other, as they stand in the tree."""

    def label_from_instance(self, unit: Unit) -> str:
        top = min(len(other.tree_path) for other in self.queryset)
        return "\N{NO-BREAK SPACE}" * 3 * (len(unit.tree_path) - top) + str(unit)


class UploadForm(ScopedForm):
    unit = UnitField(
        label=gettext_lazy("Where the persons belong"),
        help_text=gettext_lazy("The network, the group, or the trust area whose list this is."),
        queryset=Unit.objects.all(),
        empty_label=gettext_lazy("Choose a unit"),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Excel (.xlsx) or text with columns (.csv), at most 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
        max_length=MAX_NAME,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        units = Unit.objects.managed_by(user).current().in_tree_order()
        self.fields["unit"].queryset = units
        if len(units) == 1:
            self.fields["unit"].initial = units[0]

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > reading.MAX_BYTES:
            raise ValidationError(_("The file is larger than 5 MB."))
        return file


@dataclass
class SheetShown:
    """One sheet on the page of columns."""

    name: str
    rows: int
    forbidden: list[str]
    is_used: BoundField
    unit: BoundField | None
    columns: list[dict[str, Any]] = field(default_factory=list)


class ColumnsForm(forms.Form):
    """What each column of each sheet means."""

    def __init__(self, *args: Any, roster: RosterImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheets = [Columns(**sheet) for sheet in roster.mapping["sheets"]]
        self.shown = roster.mapping["shown"]
        groups = Groups(roster.unit).by_pk.values()
        units = [("", _("A column tells it"))] + [(group.pk, group.name) for group in groups]
        meanings = [("", _("Not read")), *FIELDS.items()]
        for at, sheet in enumerate(self.sheets):
            self.fields[f"use-{at}"] = forms.BooleanField(
                label=_("Read this sheet"), required=False, initial=sheet.is_used
            )
            if len(groups) > 1:
                self.fields[f"unit-{at}"] = forms.TypedChoiceField(
                    label=_("Group of every row"),
                    required=False,
                    choices=units,
                    coerce=int,
                    empty_value=None,
                    initial=sheet.unit,
                )
            for column, (name, heading) in enumerate(
                zip(sheet.fields, self.shown[at]["headings"], strict=True)
            ):
                self.fields[f"column-{at}-{column}"] = forms.ChoiceField(
                    label=heading or _("Column %(number)s") % {"number": column + 1},
                    required=False,
                    choices=meanings,
                    initial=name,
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for at, sheet in enumerate(self.sheets):
            sheet.is_used = bool(cleaned.get(f"use-{at}"))
            sheet.unit = cleaned.get(f"unit-{at}") or None
            sheet.fields = [
                cleaned.get(f"column-{at}-{column}", "") for column in range(len(sheet.fields))
            ]
            if sheet.is_used:
                self._check(sheet)
        if not any(sheet.is_used for sheet in self.sheets):
            self.add_error(None, _("Choose at least one sheet to read."))
        return cleaned

    def _check(self, sheet: Columns) -> None:
        where = f"{sheet.name}: " if sheet.name else ""
        twice = {name for name in sheet.fields if name and sheet.fields.count(name) > 1}
        for name in sorted(twice):
            words = {"field": FIELDS[name]}
            self.add_error(None, where + _("Two columns mean “%(field)s”. Choose one.") % words)
        for name in missing(sheet):
            words = {"field": FIELDS[name]}
            self.add_error(None, where + _("No column means “%(field)s”.") % words)

    def as_json(self) -> list[dict[str, Any]]:
        """Return the sheets as they are now to be read."""
        return [sheet.as_json() for sheet in self.sheets]

    def tables(self) -> list[SheetShown]:
        """Return what the page draws, sheet by sheet."""
        return [self._table(at, sheet) for at, sheet in enumerate(self.sheets)]

    def _table(self, at: int, sheet: Columns) -> SheetShown:
        shown = self.shown[at]
        return SheetShown(
            name=sheet.name,
            rows=shown["rows"],
            forbidden=shown["forbidden"],
            is_used=self[f"use-{at}"],
            unit=self[f"unit-{at}"] if f"unit-{at}" in self.fields else None,
            columns=[
                {"field": self[f"column-{at}-{column}"], "samples": samples}
                for column, samples in enumerate(shown["samples"])
            ],
        )


class CorrectionsForm(forms.Form):
    """The coordinator's answers: what unknown words mean, and what single cells should say."""

    def __init__(
        self,
        *args: Any,
        roster: RosterImport,
        rows: list[RosterImportRow],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.words = roster.plan.get("words", [])
        self.rows = rows
        offered = self._offered(roster)
        for at, word in enumerate(self.words):
            options = word.get("options") or offered.get(word["field"], [])
            self.fields[f"word-{at}"] = forms.ChoiceField(
                label=_("What “%(word)s” means") % {"word": word["value"]},
                required=False,
                choices=[("", _("Leave these rows out")), *options],
            )
        for row in rows:
            for fix in row.content["fixes"]:
                self.fields[f"cell-{row.pk}-{fix['field']}"] = forms.CharField(
                    label=_("%(field)s of %(name)s, row %(row)s")
                    % {"field": FIELDS[fix["field"]], "name": row.name, "row": row.number},
                    required=False,
                    max_length=MAX_NAME,
                    widget=forms.TextInput(attrs={"placeholder": FIELDS[fix["field"]]}),
                    initial=fix["text"],
                )
            self.fields[f"skip-{row.pk}"] = forms.BooleanField(
                label=_("Remove row %(row)s from the list") % {"row": row.number}, required=False
            )

    def _offered(self, roster: RosterImport) -> dict[str, list[tuple[str, str]]]:
        """Return what a word can mean; read only when there is a word to explain."""
        if not self.words:
            return {}
        groups = [(str(group.pk), group.name) for group in Groups(roster.unit).by_pk.values()]
        occupations = [(o.key, o.name) for o in Occupations().by_choice.values()]
        return {"unit": groups, "profession": occupations, "position": occupations}

    def lines_of_words(self) -> list[dict[str, Any]]:
        """Return each unknown word with its sentence, its rows and its choice."""
        return [
            {
                "sentence": sentence(word),
                "rows": _rows_named(word),
                "count": word["count"],
                "name": word["name"],
                "field": self[f"word-{at}"],
                "proposal": word.get("choice", ""),
            }
            for at, word in enumerate(self.words)
        ]

    def lines_of_rows(self) -> list[dict[str, Any]]:
        """Return each refused row with its sentences and its cells."""
        return [
            {
                "row": row,
                "sentences": [sentence(problem) for problem in row.content["problems"]],
                "fields": [self[f"cell-{row.pk}-{fix['field']}"] for fix in row.content["fixes"]],
                "skip": self[f"skip-{row.pk}"],
            }
            for row in self.rows
        ]

    def values(self) -> dict[str, dict[str, str]]:
        """Return what the words mean, by field and word."""
        found: dict[str, dict[str, str]] = {name: {} for name in WORDS}
        for at, word in enumerate(self.words):
            if choice := self.cleaned_data.get(f"word-{at}"):
                found[word["field"]][word["key"]] = choice
        return {name: meanings for name, meanings in found.items() if meanings}

    def cells(self) -> dict[str, dict[str, str]]:
        """Return the cells that were typed anew, by row."""
        return {
            f"{row.sheet}:{row.number}": {
                fix["field"]: self.cleaned_data.get(f"cell-{row.pk}-{fix['field']}", "")
                for fix in row.content["fixes"]
            }
            for row in self.rows
            if row.content["fixes"]
        }

    def skipped(self) -> list[str]:
        """Return the rows that are taken out."""
        return [
            f"{row.sheet}:{row.number}"
            for row in self.rows
            if self.cleaned_data.get(f"skip-{row.pk}")
        ]


def _rows_named(word: dict[str, Any]) -> str:
    named = ", ".join(str(number) for number in word["rows"])
    more = word["count"] - len(word["rows"])
    if more <= 0:
        return named
    return ngettext("%(rows)s and %(more)s more", "%(rows)s and %(more)s more", more) % {
        "rows": named,
        "more": more,
    }
