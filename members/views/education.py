"""Further education: what a coordinator, or the person herself, registers."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.forms import save_form
from core.views import ActionView, EditView
from members import actions
from members.forms.person import ConfirmForm, EducationForm
from members.models import Education, Member


class EducationPage:
    """A page about one education; it leads back to where the viewer came from."""

    model = Education
    context_object_name = "education"
    permission_required = "members.change_education"

    def get_queryset(self):
        return super().get_queryset().select_related("person")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, person=self.object.person)

    def get_success_url(self):
        return page_of(self.object.person_id, self.request.user)


class AddEducation(ActionView):
    model = Member
    form_class = EducationForm
    template_name = "members/education_add.html"
    context_object_name = "person"
    permission_required = "members.add_education"
    success_message = _("The education is registered.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": Education(person_id=self.object.pk)}

    def form_valid(self, form):
        self.form = form
        return super().form_valid(form)

    def perform(self, person, **fields):
        save_form(self.form, verb="members.education.added", by=self.request.user)

    def get_success_url(self):
        return page_of(self.object.pk, self.request.user)


class EditEducation(EducationPage, EditView):
    form_class = EducationForm
    template_name = "members/education_edit.html"
    verb = "members.education.changed"
    success_message = _("The changes are saved.")


class RemoveEducation(EducationPage, ActionView):
    form_class = ConfirmForm
    template_name = "members/education_remove.html"
    success_message = _("The education is removed.")

    def perform(self, education):
        actions.remove_education(education, by=self.request.user)


def page_of(person_id, viewer):
    """Return one's own page for oneself, else the person's."""
    if person_id == viewer.pk:
        return reverse("members:own")
    return reverse("members:person", args=[person_id])
