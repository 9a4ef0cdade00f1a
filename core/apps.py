from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        """Let every app's tasks register the kinds of jobs they do, in each process."""
        autodiscover_modules("tasks")
