from typing import Any

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView
from django.views.generic.detail import SingleObjectMixin

from core.exceptions import Refused


class ScopedMixin:
    """Out of the user's sight: 404. In sight but not allowed: 403.

    `permission_required` is asked of the object, or of None on a page without one.
    """

    permission_required: str | None = None

    def dispatch(self, request, *args, **kwargs):
        if self.permission_required is None:
            raise ImproperlyConfigured(f"{type(self).__name__} needs permission_required")
        if not hasattr(self, "get_object") and not request.user.has_perm(self.permission_required):
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

    def get_template_names(self):
        template, *_ = super().get_template_names()
        return [f"{template}#{self.partial_name}" if self.request.htmx else template]


class ActionView(ScopedMixin, SingleObjectMixin, FormView):
    """A page that asks with a form and acts on one object; a refusal is shown on the form."""

    success_message = ""

    def dispatch(self, request, *args, **kwargs):
        self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def perform(self, obj: Any, **cleaned: Any) -> Any:
        """Call the action with what the form found."""
        raise NotImplementedError

    def form_valid(self, form) -> HttpResponse:
        try:
            self.perform(self.object, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        if self.success_message:
            messages.success(self.request, self.success_message)
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()
