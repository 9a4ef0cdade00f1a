from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("overview.urls")),
    path("", include("core.urls")),
    path("", include("members.urls")),
    path("", include("network.urls")),
    path("accounts/", include("accounts.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("config.demo.urls")))
