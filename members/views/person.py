"""The page of one person, and what a coordinator does with her."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, FormView

from accounts import actions as accounts
from core.exceptions import Refused
from core.forms import saving, store
from core.views import ActionView, EditView, ScopedMixin
from members import actions
from members.forms.person import ConfirmForm, NewPersonForm, PersonForm
from members.models import Member
from members.queries import history_of, person_page

ENTRIES_ON_THE_PAGE = 6
ENTRIES_ON_A_HISTORY_PAGE = 25


class PersonDetail(ScopedMixin, DetailView):
    model = Member
    template_name = "members/person.html"
    context_object_name = "person"
    permission_required = "members.view_member"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user, person = self.request.user, self.object
        may = {
            name: user.has_perm(f"members.{name}", person)
            for name in ("view_details", "view_history", "change_member", "change_account")
        }
        history = history_of(person, seen_by=user) if may["view_history"] else []
        return {
            **context,
            "may": may,
            "page": person_page(person, seen_by=user),
            "history": history[:ENTRIES_ON_THE_PAGE],
            "history_is_longer": len(history) > ENTRIES_ON_THE_PAGE,
        }


class PersonHistory(ScopedMixin, DetailView):
    model = Member
    template_name = "members/history.html"
    context_object_name = "person"
    permission_required = "members.view_history"

    def get_context_data(self, **kwargs):
        entries = history_of(self.object, seen_by=self.request.user)
        pages = Paginator(entries, ENTRIES_ON_A_HISTORY_PAGE)
        page = pages.get_page(self.request.GET.get("page"))
        return {**super().get_context_data(**kwargs), "page_obj": page}


class EditPerson(EditView):
    model = Member
    form_class = PersonForm
    template_name = "members/person_edit.html"
    context_object_name = "person"
    permission_required = "members.change_member"
    verb = "members.person.changed"
    success_message = _("The changes are saved.")

    def save(self, form):
        email = form.cleaned_data["email"]
        with saving(form, verb=self.verb, by=self.request.user):
            if "email" in form.changed_data:
                accounts.change_email(self.object, email=email, by=self.request.user)
            return store(form)


class AddPerson(ScopedMixin, FormView):
    """A new person together with her first membership."""

    form_class = NewPersonForm
    template_name = "members/person_add.html"
    permission_required = "members.add_member"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form):
        found = {name: form.cleaned_data[name] for name in form.ASKED}
        try:
            membership = actions.add_member(**found, by=self.request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        messages.success(self.request, _("The person is registered."))
        return redirect(membership)


class InvitePerson(ActionView):
    model = Member
    form_class = ConfirmForm
    template_name = "members/person_invite.html"
    context_object_name = "person"
    permission_required = "members.invite_member"
    success_message = _("The invitation is on its way.")

    def perform(self, person):
        accounts.invite(person, by=self.request.user)


class DeactivatePerson(ActionView):
    model = Member
    form_class = ConfirmForm
    template_name = "members/person_deactivate.html"
    context_object_name = "person"
    permission_required = "members.change_account"
    success_message = _("The account is closed.")

    def perform(self, person):
        accounts.deactivate(person, by=self.request.user)
