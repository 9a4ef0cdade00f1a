"""Pages that exist with DEMO=1 only."""

from django.urls import path

from config.demo import views

app_name = "demo"
urlpatterns = [
    path("login/", views.LogInAs.as_view(), name="login"),
    path("mail/", views.Mailbox.as_view(), name="mailbox"),
    path("mail/<slug:key>/", views.ReadMail.as_view(), name="mail"),
]
