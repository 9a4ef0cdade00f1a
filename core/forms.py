from typing import Any

from django import forms
from django.db import transaction
from django.forms.renderers import TemplatesSetting

from core.actions import history


class FormRenderer(TemplatesSetting):
    """Every form is drawn by the portal's own field template."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"


class ScopedFormMixin:
    """Relation fields offer only what the user may see."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = field.queryset.visible_to(user)  # type: ignore[union-attr]


class ScopedForm(ScopedFormMixin, forms.Form):
    pass


class ScopedModelForm(ScopedFormMixin, forms.ModelForm):
    pass


def save_form(form: forms.ModelForm, *, verb: str, by: Any) -> Any:
    """Save a plain edit, recorded as `verb` done by `by`; see DI-04 for two editors at once.

    The form may carry `seen_at`, the `updated_at` that the editor saw. Raises Refused when the
    row has changed since.
    """
    with transaction.atomic(), history(verb, by=by):
        return form.save()
