from django.urls import path

from overview import views

app_name = "overview"
urlpatterns = [
    path("", views.Start.as_view(), name="start"),
    path("help/", views.Help.as_view(), name="help"),
    path("privacy/", views.Privacy.as_view(), name="privacy"),
    path("accessibility/", views.Accessibility.as_view(), name="accessibility"),
    path("language/", views.ChooseLanguage.as_view(), name="language"),
    path("theme/", views.ChooseTheme.as_view(), name="theme"),
]
