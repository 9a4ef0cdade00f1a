from django.urls import path

from overview import views

app_name = "overview"
urlpatterns = [
    path("", views.Start.as_view(), name="start"),
    path("figures/", views.Figures.as_view(), name="figures"),
    path("coverage/", views.Coverage.as_view(), name="coverage"),
    path("people/leaders/", views.Leaders.as_view(), name="leaders"),
    path("people/undelivered/", views.Undelivered.as_view(), name="undelivered"),
    path("help/", views.Help.as_view(), name="help"),
    path("privacy/", views.Privacy.as_view(), name="privacy"),
    path("accessibility/", views.Accessibility.as_view(), name="accessibility"),
    path("language/", views.ChooseLanguage.as_view(), name="language"),
    path("theme/", views.ChooseTheme.as_view(), name="theme"),
    path(".well-known/security.txt", views.SecurityText.as_view(), name="security_text"),
    path(".well-known/change-password", views.ChangePassword.as_view(), name="change_password"),
]
