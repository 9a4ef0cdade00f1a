import signal
import time
from itertools import count
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo import mailbox


class Sink:
    """Keep every mail as a file; /demo/mail/ shows them."""

    def __init__(self) -> None:
        self.number = count()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        name = f"{time.time_ns()}-{next(self.number)}"
        (mailbox.folder() / f"{name}.eml").write_bytes(envelope.original_content or b"")
        return "250 OK"


class Command(BaseCommand):
    help = "Receive the demo's mail by SMTP on EMAIL_HOST:EMAIL_PORT, until stopped."

    def handle(self, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Set DEMO=1 first: only the demo keeps mail to read.")
        mailbox.folder().mkdir(parents=True, exist_ok=True)
        server = Controller(Sink(), hostname=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
        server.start()
        self.stdout.write(f"Mail is received on {settings.EMAIL_HOST}:{settings.EMAIL_PORT}.")
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
        server.stop()
