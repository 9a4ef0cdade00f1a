"""The doorbell: wakes a worker, and never holds up the page that rings.

The database is the queue of record. A ring that is lost costs at most the period of the sweeper.
"""

import logging
import threading
from contextlib import suppress
from time import monotonic
from typing import Any

from celery import current_app
from django.conf import settings
from kombu import Connection

logger = logging.getLogger(__name__)

PATIENCE = 0.1  # seconds that a broker may take to answer
QUIET = 5.0  # seconds without a try after a broker that did not

_local = threading.local()


def ring(task: str, *arguments: Any) -> bool:
    """Ask a worker to run `task`; tell whether the broker took the message. Never raises."""
    if monotonic() < getattr(_local, "quiet_until", 0.0):
        return False
    try:
        current_app.send_task(
            task,
            arguments,
            connection=_connection(),
            retry=False,
            ignore_result=True,
        )
    except Exception as error:  # noqa: BLE001 -- whatever ails the broker, the row is safe
        logger.warning("Nobody answers the bell; the sweeper will come by: %r", error)
        _local.quiet_until = monotonic() + QUIET
        _hang_up()
        return False
    return True


def _connection() -> Connection:
    """Return this thread's own connection, which gives up quickly."""
    url = settings.CELERY_BROKER_URL
    if getattr(_local, "url", None) != url:
        _hang_up()
        _local.connection = Connection(
            url,
            transport_options={
                "socket_timeout": PATIENCE,
                "socket_connect_timeout": PATIENCE,
                "max_retries": 0,
            },
        )
        _local.url = url
    return _local.connection


def _hang_up() -> None:
    connection, _local.connection, _local.url = getattr(_local, "connection", None), None, None
    if connection is not None:
        with suppress(Exception):
            connection.release()
