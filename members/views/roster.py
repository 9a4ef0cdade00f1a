from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView, TemplateView
from django_htmx.http import replace_url

from core import jobs
from core.exceptions import Refused
from core.views import PartialMixin, ScopedMixin
from members import exports
from members.actions.roster import DEEDS, KIND
from members.forms.roster import (
    EndManyForm,
    ExportForm,
    InviteManyForm,
    MailManyForm,
    MoveManyForm,
)
from members.queries import selection as plans
from members.tables import Roster, Selection


class RosterPage(ScopedMixin, PartialMixin, TemplateView):
    permission_required = "members.view_roster"
    template_name = "members/roster.html"

    def get_context_data(self, **kwargs):
        self.roster = Roster(self.request.GET, user=self.request.user)
        return super().get_context_data(
            roster=self.roster,
            may_manage=self.request.user.has_perm("members.export_roster"),
            is_partial=self.is_partial,
            **kwargs,
        )

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        if not self.is_partial:
            return response
        query = self.roster.filter.query
        return replace_url(response, f"{request.path}?{query}" if query else request.path)


class ExportRoster(ScopedMixin, FormView):
    permission_required = "members.export_roster"
    template_name = "members/roster_export.html"
    form_class = ExportForm

    @cached_property
    def roster(self):
        return Roster.managed(self.request.GET, user=self.request.user)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs):
        return super().get_context_data(roster=self.roster, **kwargs)

    def form_valid(self, form):
        job = jobs.start(
            exports.KIND,
            by=self.request.user,
            title=_("Export of the roster"),
            query=self.roster.filter.query,
            suffix=form.cleaned_data["suffix"],
        )
        return redirect("core:job", job.pk)


class ActOnSelection(ScopedMixin, FormView):
    """Ask what to do with the chosen, show whom it concerns, and do it when that is confirmed.

    A few are dealt with here, many by a job. All or nothing, either way.
    """

    AT_ONCE = 50
    MOST = 5000
    prefix = "do"
    confirm_template_name = "members/selected_confirm.html"
    deed = ""
    heading = button = ""

    def plan(self, memberships, **wanted):
        """Return the `Plan` for what the form wants done."""
        raise NotImplementedError

    def get(self, request, *args, **kwargs):
        return self.select(request.GET) or self.show()

    def post(self, request, *args, **kwargs):
        return self.select(request.POST) or super().post(request, *args, **kwargs)

    def select(self, asked):
        """Find the chosen; answer only when there is nothing to go on with."""
        self.selection = Selection(asked, user=self.request.user)
        count = self.selection.rows.count()
        if 0 < count <= self.MOST:
            return None
        if count:
            said = _("Choose at most %(most)s persons at a time.") % {"most": self.MOST}
        else:
            said = _("Choose somebody in the list first.")
        messages.warning(self.request, said)
        return redirect(self.get_success_url())

    def show(self):
        form = self.get_form()
        if not form.fields:
            return self.ask(form, self.plan(self.selection.memberships))
        return self.render_to_response(self.get_context_data(form=form))

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            selection=self.selection,
            heading=self.heading,
            back_url=self.get_success_url(),
            **kwargs,
        )

    def form_valid(self, form):
        if "change" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        plan = self.plan(self.selection.memberships, **form.cleaned_data)
        confirmed = self.request.POST.get("confirmed")
        if not plan.able or confirmed != plan.fingerprint:
            return self.ask(form, plan, is_changed=confirmed is not None)
        try:
            return self.perform(plan.able, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.ask(form, plan)

    def ask(self, form, plan, *, is_changed=False):
        """Show whom it concerns, who is left out and why, and ask for a yes."""
        context = self.get_context_data(form=form, plan=plan, is_changed=is_changed)
        context["button"] = self.button_for(len(plan.able))
        return TemplateResponse(self.request, self.confirm_template_name, context)

    def button_for(self, count):
        """Return the words on the button that does it with `count` persons."""
        raise NotImplementedError

    def perform(self, memberships, wanted):
        by = self.request.user
        if len(memberships) <= self.AT_ONCE:
            messages.success(self.request, DEEDS[self.deed](memberships, **wanted, by=by))
            return redirect(self.get_success_url())
        keys = [membership.pk for membership in memberships]
        plain = {name: getattr(value, "pk", value) for name, value in wanted.items()}
        title = str(self.heading)
        job = jobs.start(KIND, by=by, title=title, deed=self.deed, memberships=keys, **plain)
        return redirect("core:job", job.pk)

    def get_success_url(self):
        query = self.selection.roster.filter.query
        return f"{reverse('members:roster')}{'?' if query else ''}{query}"


class MoveSelected(ActOnSelection):
    permission_required = "members.move_membership"
    template_name = "members/selected_form.html"
    form_class = MoveManyForm
    deed = "move"
    heading = gettext_lazy("Move to another group")

    def plan(self, memberships, **wanted):
        return plans.plan_move(memberships, **wanted)

    def button_for(self, count):
        words = ngettext("Move %(count)s person", "Move %(count)s persons", count)
        return words % {"count": count}


class EndSelected(ActOnSelection):
    permission_required = "members.end_membership"
    template_name = "members/selected_form.html"
    form_class = EndManyForm
    deed = "end"
    heading = gettext_lazy("End memberships")

    def plan(self, memberships, **wanted):
        return plans.plan_end(memberships, **wanted)

    def button_for(self, count):
        words = ngettext("End %(count)s membership", "End %(count)s memberships", count)
        return words % {"count": count}


class InviteSelected(ActOnSelection):
    permission_required = "members.invite_member"
    template_name = "members/selected_confirm.html"
    form_class = InviteManyForm
    deed = "invite"
    heading = gettext_lazy("Invite to the portal")

    def plan(self, memberships, **wanted):
        return plans.plan_invite(memberships)

    def button_for(self, count):
        words = ngettext("Invite %(count)s person", "Invite %(count)s persons", count)
        return words % {"count": count}


@method_decorator(reauthentication_required, name="dispatch")
class MailSelected(ActOnSelection):
    permission_required = "members.mail_members"
    template_name = "members/selected_form.html"
    form_class = MailManyForm
    deed = "mail"
    heading = gettext_lazy("Write to the chosen")

    def plan(self, memberships, **wanted):
        return plans.plan_mail(memberships)

    def button_for(self, count):
        words = ngettext("Send to %(count)s person", "Send to %(count)s persons", count)
        return words % {"count": count}
