import os
import resource
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("ressursnett")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

MEMORY = 2 * 1024**3


@worker_process_init.connect
def limit_memory(**_: Any) -> None:
    """Let a PDF or an import that swells fail by itself, and not take the machine with it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
