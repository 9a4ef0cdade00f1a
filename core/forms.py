import copy
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import phones
from core.actions import history
from core.exceptions import Conflict
from core.templatetags.ui import options_html


class FormRenderer(TemplatesSetting):
    """Every form is drawn by the portal's own field template."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"


class LongSelect(forms.Select):
    """A select of hundreds: drawn in one go, as Django renders a template for every option."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = self.build_attrs(
            self.attrs, {"class": "form-select", "name": name, **(attrs or {})}
        )
        options = options_html(self.choices, "" if value is None else str(value))
        return format_html("<select{}>{}</select>", flatatt(given), options)


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class PhoneField(forms.CharField):
    """A telephone number, written in any usual way and kept in one."""

    widget = forms.TextInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 40, **options})

    def prepare_value(self, value: Any) -> Any:
        return phones.shown(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return phones.parse(text) if text else ""
        except ValueError as error:
            raise ValidationError(_("Write a telephone number, such as 900 00 123.")) from error


def say_in_words(field: forms.ChoiceField) -> None:
    """Put words where Django draws dashes: the choice not yet made, or not to be made."""
    dashes = ("", BLANK_CHOICE_DASH[0][1])
    words = pgettext("select", "Choose") if field.required else pgettext("select", "None")
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == dashes[1]:
            field.empty_label = words
    elif isinstance(field.choices, list) and dashes in field.choices:
        field.choices = [("", words) if choice == dashes else choice for choice in field.choices]


class ScopedFormMixin:
    """Relation fields offer only what the user may see."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = field.queryset.visible_to(user)  # type: ignore[union-attr]
            if isinstance(field, forms.ChoiceField):
                say_in_words(field)


class ScopedForm(ScopedFormMixin, forms.Form):
    pass


class ScopedModelForm(ScopedFormMixin, forms.ModelForm):
    pass


@dataclass
class Difference:
    """One field on which what I wrote and what stands now disagree."""

    name: str
    label: str
    before: str
    mine: str
    theirs: str
    suggestion: str  # "mine" or "theirs"; nothing when both changed it

    @property
    def choice_name(self) -> str:
        return f"keep-{self.name}"


class SeenFormMixin:
    """An edit form that knows which version its editor saw, so that nobody's edit is lost (DI-04).

    The page carries that version, signed, in the field `seen`; `saving` compares it with the row
    under a lock. Where somebody else has changed a field of the form, the editor is shown both
    versions and answers with `keep-<field>`, mine or theirs.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False)
        if self.instance.pk:
            self.loaded = _columns_of(self.instance)
            self.initial["seen"] = _seen_token(self, self.instance)
            if self.is_bound:
                self.data = self._with_theirs()

    def shared_names(self) -> list[str]:
        """Return the fields that stand in the row: those two editors can disagree on."""
        columns = {field.name for field in self._meta.model._meta.get_fields()}
        return [name for name in self.fields if name in columns]

    def _with_theirs(self) -> Any:
        """Return what was sent, with the row's value in the fields where theirs was chosen."""
        now = _values_of(self, self.instance)
        sent = self.data.copy()
        for name in self.shared_names():
            if sent.get(self.add_prefix(f"keep-{name}")) != "theirs":
                continue
            if isinstance(now[name], list):
                sent.setlist(self.add_prefix(name), now[name])
            else:
                sent[self.add_prefix(name)] = now[name]
        return sent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned.pop("seen", None)
        return cleaned

    def differences_from(self, row: Any) -> list[Difference]:
        """Return where what was sent differs from `row`, if others changed a field of the form."""
        seen = self._seen_version()
        if seen.get("at") == row.updated_at.isoformat() and self._has_answered(seen):
            return []
        before = seen.get("values", {})
        mine = _values_of(self, self.instance)
        theirs = _values_of(self, row)
        if not any(theirs[name] not in (before.get(name), mine[name]) for name in theirs):
            return []
        return [
            Difference(
                name=name,
                label=str(self.fields[name].label),
                before=_shown(self, name, before.get(name, "")),
                mine=_shown(self, name, mine[name]),
                theirs=_shown(self, name, theirs[name]),
                suggestion=_suggestion(before.get(name), mine[name], theirs[name]),
            )
            for name in theirs
            if mine[name] != theirs[name]
        ]

    def for_choice(self, row: Any, differences: list[Difference]) -> "SeenFormMixin":
        """Return the form with what was sent, now having seen `row` and to say what to keep."""
        seen = {
            "at": row.updated_at.isoformat(),
            "values": self._seen_version().get("values", {}),
            "ask": [part.choice_name for part in differences if not part.suggestion],
        }
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = signing.dumps(seen, salt=_salt(row), compress=True)
        return self

    def _has_answered(self, seen: dict[str, Any]) -> bool:
        return all(self.add_prefix(name) in self.data for name in seen.get("ask", []))

    def _seen_version(self) -> dict[str, Any]:
        try:
            token = self.data.get(self.add_prefix("seen"), "")
            return signing.loads(token, salt=_salt(self.instance))
        except signing.BadSignature:
            return {}


@contextmanager
def saving(form: Any, *, verb: str, by: Any) -> Iterator[Any]:
    """Lock the form's row, and let it be changed as `verb` by `by` if nobody changed it meanwhile.

    Raises Conflict, with both versions, when somebody did.
    """
    with transaction.atomic(), history(verb, by=by):
        if isinstance(form, SeenFormMixin) and form.instance.pk:
            rows = type(form.instance)._base_manager.select_for_update(of=["self"])
            row = rows.get(pk=form.instance.pk)
            if differences := form.differences_from(row):
                raise Conflict(row, differences)
        yield form.instance


def save_form(form: Any, *, verb: str, by: Any) -> Any:
    """Save a plain edit, recorded as `verb` done by `by`; only what changed is written.

    Raises Conflict when somebody else saved a `SeenFormMixin` form's row in the meantime.
    """
    with saving(form, verb=verb, by=by):
        return store(form)


def store(form: Any) -> Any:
    """Write the form's row inside `saving`: a new one whole, of an old one only what changed."""
    if not isinstance(form, SeenFormMixin) or form.instance._state.adding:
        return form.save()
    row = form.instance
    now = _columns_of(row)
    changed = [name for name in now if now[name] != form.loaded[name]]
    if changed:
        stamp = ["updated_at"] if hasattr(row, "updated_at") else []
        row.save(update_fields=[*changed, *stamp])
    form._save_m2m()
    return row


def _columns_of(row: Any) -> dict[str, Any]:
    fields = row._meta.concrete_fields
    return {
        field.name: copy.copy(getattr(row, field.attname))
        for field in fields
        if not field.generated and not field.primary_key and field.name != "updated_at"
    }


def _values_of(form: Any, row: Any) -> dict[str, Any]:
    """Return the row's values as the form's fields would send them."""
    found: dict[str, Any] = {}
    for name, value in forms.model_to_dict(row, form.shared_names()).items():
        prepared = form.fields[name].prepare_value(value)
        if isinstance(prepared, list | tuple):
            found[name] = [str(getattr(part, "pk", part)) for part in prepared]
        else:
            found[name] = "" if prepared is None else str(prepared)
    return found


def _salt(row: Any) -> str:
    return f"core.forms.seen:{row._meta.label_lower}:{row.pk}"


def _seen_token(form: Any, row: Any) -> str:
    seen = {"at": row.updated_at.isoformat(), "values": _values_of(form, row)}
    return signing.dumps(seen, salt=_salt(row), compress=True)


def _suggestion(before: Any, mine: Any, theirs: Any) -> str:
    if mine == before:
        return "theirs"
    return "mine" if theirs == before else ""


def _shown(form: Any, name: str, value: Any) -> str:
    """Return a sent value as people read it: the name behind a key, the label behind a choice."""
    field = form.fields[name]
    keys = value if isinstance(value, list) else [value]
    if isinstance(field, forms.ModelChoiceField):
        rows = field.queryset.model._base_manager.filter(pk__in=[key for key in keys if key])
        return ", ".join(str(row) for row in rows)
    if isinstance(field, forms.BooleanField):
        return _("yes") if value == "True" else _("no")
    if isinstance(field, forms.DateField) and value:
        return formats.date_format(dt.date.fromisoformat(value))
    labels = {str(key): str(label) for key, label in getattr(field, "choices", [])}
    return ", ".join(labels.get(key, key) for key in keys)
