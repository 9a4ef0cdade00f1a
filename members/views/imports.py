from io import BytesIO

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import DetailView, FormView
from django.views.generic.detail import SingleObjectMixin

from core.exceptions import Refused
from core.exports import write_csv, write_xlsx
from core.views import ActionView, ScopedMixin
from members import actions
from members.forms.imports import ColumnsForm, CorrectionsForm, UploadForm
from members.imports import showing
from members.models import RosterImport, RosterImportRow

State = RosterImport.State
Outcome = RosterImportRow.Outcome
STEPS = [
    gettext_lazy("Choose file"),
    gettext_lazy("Connect columns"),
    gettext_lazy("Look over"),
    gettext_lazy("Save"),
]
# Where each state is dealt with; the others are told on the import's own page.
PAGES = {State.MAPPING: "members:import_columns", State.REVIEW: "members:import_review"}


class Imports(ScopedMixin, FormView):
    """Bring a list, and find again those that are on their way."""

    form_class = UploadForm
    template_name = "members/imports.html"
    permission_required = "members.import_roster"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self):
        return {"unit": self.request.GET.get("unit_pk", "")}

    def get_context_data(self, **kwargs):
        rosters = RosterImport.objects.visible_to(self.request.user).select_related("unit", "by")
        return super().get_context_data(
            steps=STEPS,
            page_obj=Paginator(rosters, 20).get_page(self.request.GET.get("page")),
            **kwargs,
        )

    def form_valid(self, form):
        roster = actions.upload_roster(
            form.cleaned_data["file"], unit=form.cleaned_data["unit"], by=self.request.user
        )
        return redirect(roster)


class ImportPage(ScopedMixin, SingleObjectMixin):
    """What the pages of one import have in common."""

    model = RosterImport
    context_object_name = "roster"
    permission_required = "members.view_rosterimport"

    def get_queryset(self):
        return super().get_queryset().select_related("unit", "by", "job")

    def get_context_data(self, **kwargs):
        return super().get_context_data(steps=STEPS, **kwargs)


class ShowImport(ImportPage, DetailView):
    """Wait for the worker, or read how it went; else go where something can be done."""

    template_name = "members/import_detail.html"

    def get_template_names(self):
        partial = "#progress" if self.request.htmx and self.object.is_being_worked_on else ""
        return [f"{self.template_name}{partial}"]

    def render_to_response(self, context, **response_kwargs):
        if self.request.htmx and not self.object.is_being_worked_on:
            return HttpResponse(headers={"HX-Refresh": "true"})
        if page := PAGES.get(self.object.state):
            return redirect(page, self.object.pk)
        return super().render_to_response(context, **response_kwargs)

    def get_context_data(self, **kwargs):
        current = 2 if self.object.state in {State.READING, State.FAILED} else 3
        if self.object.state in {State.SAVING, State.SAVED}:
            current = 4 if self.object.state == State.SAVING else 5
        return super().get_context_data(current=current, **kwargs)


class ConnectColumns(ImportPage, ActionView):
    """Correct what each column means."""

    form_class = ColumnsForm
    template_name = "members/import_columns.html"

    def dispatch(self, request, *args, **kwargs):
        roster = self.get_object()
        if roster.state not in PAGES:
            return redirect(roster)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.object.state not in PAGES:
            return redirect(self.object)
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"roster": self.object}

    def form_valid(self, form):
        try:
            actions.connect_columns(self.object, sheets=form.as_json(), by=self.request.user)
        except Refused as refusal:
            messages.error(self.request, refusal.message)
        return redirect(self.object)


class ReviewImport(ImportPage, DetailView):
    """Look over what would happen, correct it, choose, and save."""

    template_name = "members/import_review.html"
    page_size = 25

    def render_to_response(self, context, **response_kwargs):
        if self.object.state != State.REVIEW:
            return redirect(self.object)
        return super().render_to_response(context, **response_kwargs)

    def get_context_data(self, **kwargs):
        roster = self.object
        if roster.state != State.REVIEW:
            return super().get_context_data(**kwargs)
        refused = self.page_of(Outcome.REFUSED)
        to_save = roster.rows.to_save()
        return super().get_context_data(
            counts=roster.plan["counts"],
            refused=refused,
            corrections=kwargs.pop("corrections", None) or self.corrections(refused),
            changed=self.page_of(Outcome.CHANGED),
            new=self.page_of(Outcome.NEW),
            unchanged=self.page_of(Outcome.UNCHANGED),
            saving=to_save.count(),
            saving_changed=to_save.filter(outcome=Outcome.CHANGED).count(),
            saving_new=to_save.filter(outcome=Outcome.NEW).count(),
            skipped=len(roster.choices.get("skipped", [])),
            **kwargs,
        )

    def page_of(self, outcome):
        rows = self.object.rows.filter(outcome=outcome)
        if outcome == Outcome.REFUSED:  # words that are not understood are explained once
            rows = rows.exclude(content__is_word=True)
        page = Paginator(rows, self.page_size).get_page(self.request.GET.get(outcome))
        for row in page:
            row.changes, row.notes = showing.changes(row), showing.notes(row)
        return page

    def corrections(self, page, answers: QueryDict | None = None):
        return CorrectionsForm(answers, roster=self.object, rows=list(page))

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        try:
            return self.carry_out(*request.POST.get("do", "").partition(":")[::2])
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect(self.object)

    def carry_out(self, verb: str, what: str) -> HttpResponse:
        """Keep the ticks of the page, and do what the button says."""
        roster, user = self.object, self.request.user
        ticks = {name: _keys(self.request.POST.getlist(name)) for name in ("shown", "included")}
        actions.include_rows(roster, **ticks, by=user)
        if verb in {"all", "none"} and what in Outcome.values:
            actions.include_all(roster, outcome=what, is_included=verb == "all", by=user)
        elif verb == "page":
            return self.on_page(what)
        elif verb in {"correct", "save"}:
            corrections = self.corrections(self.page_of(Outcome.REFUSED), self.request.POST)
            if verb == "correct" or corrections.has_changed():
                return self.correct(corrections)
            actions.confirm_roster(roster, by=user)
            return redirect(roster)
        return self.on_page("")

    def on_page(self, what: str) -> HttpResponse:
        """Come back to the review, at another page of one of its lists."""
        query = self.request.GET.copy()
        outcome, _colon, number = what.partition("-")
        anchor = ""
        if outcome in Outcome.values:
            query[outcome] = number
            anchor = f"#{outcome}"
        address = reverse("members:import_review", args=[self.object.pk])
        return redirect(f"{address}?{query.urlencode()}{anchor}")

    def correct(self, corrections: CorrectionsForm) -> HttpResponse:
        if not corrections.is_valid():
            context = self.get_context_data(corrections=corrections)
            return self.render_to_response(context)
        actions.correct_rows(
            self.object,
            values=corrections.values(),
            cells=corrections.cells(),
            skipped=corrections.skipped(),
            by=self.request.user,
        )
        return redirect(self.object)


class AbandonImport(ImportPage, ActionView):
    """Give up an import, and delete the file."""

    form_class = Form
    template_name = "members/import_abandon.html"
    success_message = gettext_lazy("The import was given up, and the file is deleted.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel_url=self.object.get_absolute_url(), **kwargs)

    def perform(self, roster, **cleaned):
        actions.abandon_import(roster, by=self.request.user)

    def get_success_url(self):
        return reverse("members:imports")


class ResumeImport(ImportPage, ActionView):
    """Start anew the work that broke off."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        try:
            actions.resume_import(self.object, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect(self.object)


class ImportErrors(ImportPage, DetailView):
    """Hand out the refused rows with their reasons, as a spreadsheet."""

    WRITERS = {"xlsx": write_xlsx, "csv": write_csv}

    def render_to_response(self, context, **response_kwargs):
        kind = self.request.GET.get("as", "xlsx")
        if kind not in self.WRITERS or not self.object.rows.exists():
            raise Http404
        columns = [
            (_("Sheet"), "text"),
            (_("Row"), "number"),
            (_("Name"), "text"),
            (_("E-mail"), "text"),
            (_("Reason"), "text"),
        ]
        names = [sheet["name"] for sheet in self.object.mapping["sheets"]]
        refused = self.object.rows.filter(outcome=Outcome.REFUSED).iterator(chunk_size=2000)
        rows = (
            (names[row.sheet], row.number, row.name, row.content["email"], _reasons(row))
            for row in refused
        )
        file = BytesIO()
        self.WRITERS[kind](columns, rows, file)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{_('errors')}.{kind}")


def _reasons(row: RosterImportRow) -> str:
    return " ".join(showing.reasons(row))


def _keys(values: list[str]) -> list[int]:
    """Return the row keys among what was sent; anything else was not on the page."""
    longest = len(str(2**62))
    return [int(v) for v in values if v.isascii() and v.isdecimal() and len(v) < longest]
