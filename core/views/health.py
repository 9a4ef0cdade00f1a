"""What a load balancer and a monitor ask, without a login."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import View
from kombu import Connection

from core.models import Heartbeat, OutgoingMail

logger = logging.getLogger(__name__)

SILENCE = timedelta(minutes=3)


@method_decorator(login_not_required, name="dispatch")
class Live(View):
    """The process answers. Asks nothing of anybody."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse({"status": "ok"})


@method_decorator(login_not_required, name="dispatch")
class Ready(View):
    """Is everything at work? 503 asks for a person; a broker that is gone only slows mail down.

    Strangers learn the state; who may see how the portal runs learns which part it is.
    """

    def get(self, request: HttpRequest) -> HttpResponse:
        parts = {"database": ask(database)}
        if parts["database"] == "ok":
            parts |= {
                "migrations": ask(migrations),
                "worker": ask(worker),
                "broker": ask(broker, otherwise="degraded"),
            }
        states = set(parts.values())
        status = "failed" if "failed" in states else "degraded" if "degraded" in states else "ok"
        answer: dict[str, Any] = {"status": status}
        if parts["database"] == "ok" and is_trusted(request.user):
            answer |= {"parts": parts, "waiting_mails": OutgoingMail.objects.due().count()}
        return JsonResponse(answer, status=503 if status == "failed" else 200)


def is_trusted(user: Any) -> bool:
    return user.is_authenticated and user.has_perm("core.view_operations")


def ask(part: Callable[[], bool], *, otherwise: str = "failed") -> str:
    """Return ok, or what it means that `part` is not."""
    try:
        return "ok" if part() else otherwise
    except Exception as error:  # noqa: BLE001 -- whatever it is, the answer is no
        logger.warning("Health: %s: %r", part.__name__, error)
        return otherwise


def database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def worker() -> bool:
    """Tell whether the sweeper has been by lately: clock, broker and worker all had to work."""
    return Heartbeat.objects.filter(name="sweeper", seen_at__gt=timezone.now() - SILENCE).exists()


def broker() -> bool:
    options = {"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 0}
    with Connection(settings.CELERY_BROKER_URL, transport_options=options) as line:
        line.ensure_connection(max_retries=1, interval_start=0, timeout=1)
    return True
