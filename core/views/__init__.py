from typing import Any

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import FormView, UpdateView
from django.views.generic.detail import SingleObjectMixin

from core.exceptions import Conflict, Refused
from core.forms import ScopedFormMixin, save_form


class ScopedMixin:
    """Out of the user's sight: 404. In sight but not allowed: 403.

    `permission_required` is asked of the object, or of None on a page without one.
    """

    permission_required: str | None = None

    def dispatch(self, request, *args, **kwargs):
        if self.permission_required is None:
            raise ImproperlyConfigured(f"{type(self).__name__} needs permission_required")
        has_object = hasattr(super(), "get_object")
        if not has_object and not request.user.has_perm(self.permission_required):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        queryset = super().get_queryset()
        if not hasattr(queryset, "visible_to"):
            raise ImproperlyConfigured(f"{queryset.model} has no visible_to()")
        return queryset.visible_to(self.request.user)

    def get_object(self, queryset=None):
        obj = super().get_object(queryset)
        if not self.request.user.has_perm(self.permission_required, obj):
            raise PermissionDenied
        return obj


class PartialMixin:
    """Answer an htmx request with one named partial of the same template."""

    partial_name = "table"

    @property
    def is_partial(self):
        htmx = self.request.htmx
        return bool(htmx) and not htmx.boosted and not htmx.history_restore_request

    def get_template_names(self):
        template, *_ = super().get_template_names()
        return [f"{template}#{self.partial_name}" if self.is_partial else template]


class ActionView(ScopedMixin, SingleObjectMixin, FormView):
    """A page that asks with a form and acts on one object; a refusal is shown on the form."""

    success_message = ""

    def dispatch(self, request, *args, **kwargs):
        self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        if issubclass(self.get_form_class(), ScopedFormMixin):
            kwargs["user"] = self.request.user
        return kwargs

    def perform(self, obj: Any, **cleaned: Any) -> Any:
        """Call the action with what the form found."""
        raise NotImplementedError

    def form_valid(self, form) -> HttpResponse:
        try:
            self.perform(self.object, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.form_invalid(form)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class EditView(ScopedMixin, UpdateView):
    """A page that edits one row; the second of two editors is shown both versions (DI-04).

    The form is a `SeenFormMixin`; the history says `verb`.
    """

    verb = ""
    success_message = ""
    conflict_template_name = "ui/conflict.html"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def save(self, form: Any) -> Any:
        """Save what the form found; a rule or an effect of its own replaces this."""
        return save_form(form, verb=self.verb, by=self.request.user)

    def form_valid(self, form) -> HttpResponse:
        try:
            self.save(form)
        except Conflict as conflict:
            return self.show_both(form, conflict)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return redirect(self.get_success_url())

    def show_both(self, form, conflict: Conflict) -> HttpResponse:
        """Ask which of two versions to keep, field by field; nothing is saved yet."""
        context = self.get_context_data(
            form=form.for_choice(conflict.row, conflict.differences),
            row=conflict.row,
            differences=conflict.differences,
            back=self.get_success_url(),
        )
        return render(self.request, self.conflict_template_name, context, status=409)

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()
