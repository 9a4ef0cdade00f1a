from django.http import FileResponse, Http404
from django.views.generic import DetailView, ListView

from core.models import Job
from core.views import ScopedMixin


class Jobs(ScopedMixin, ListView):
    model = Job
    template_name = "core/job_list.html"
    permission_required = "core.view_jobs"
    paginate_by = 25


class ShowJob(ScopedMixin, DetailView):
    model = Job
    template_name = "core/job.html"
    permission_required = "core.view_job"

    def get_template_names(self):
        return ["core/job.html#progress" if self.request.htmx else "core/job.html"]


class JobFile(ScopedMixin, DetailView):
    """Hand out the result to the one who ordered it, for a day."""

    model = Job
    permission_required = "core.view_job"

    def render_to_response(self, context, **response_kwargs):
        job = self.object
        if not job.has_file:
            raise Http404
        return FileResponse(job.file.open(), as_attachment=True, filename=job.file_name)
