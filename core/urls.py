from django.urls import path

from core.views import health, jobs

app_name = "core"

urlpatterns = [
    path("jobs/", jobs.Jobs.as_view(), name="jobs"),
    path("jobs/<int:pk>/", jobs.ShowJob.as_view(), name="job"),
    path("jobs/<int:pk>/file/", jobs.JobFile.as_view(), name="job_file"),
    path("health/live", health.Live.as_view(), name="live"),
    path("health/ready", health.Ready.as_view(), name="ready"),
]
