from django.urls import path

from core import views

app_name = "core"

urlpatterns = [
    path("jobs/", views.Jobs.as_view(), name="jobs"),
    path("jobs/<int:pk>/", views.ShowJob.as_view(), name="job"),
    path("jobs/<int:pk>/file/", views.JobFile.as_view(), name="job_file"),
    path("health/live", views.Live.as_view(), name="live"),
    path("health/ready", views.Ready.as_view(), name="ready"),
]
