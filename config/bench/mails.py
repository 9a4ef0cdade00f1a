"""2,000 mails: the outbox beside smtplib over one connection, each message built."""

import logging
import signal
import smtplib
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from multiprocessing import Process
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from config.bench.measure import Figure, Side, apart
from core import mail
from core.models import OutgoingMail

MAILS = 2000
TEXT = "Hei {number},\n\n" + "Her er datoene for høstens møter i nettverket.\n" * 20
HTML = "<html lang='nb'><body><h1>Hei {number}</h1>" + "<p>Datoene for høsten.</p>" * 20


class Sink:
    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        return "250 OK"


def serve(port: int) -> None:
    logging.disable(logging.INFO)
    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()
    signal.pause()


@contextmanager
def sink() -> Iterator[int]:
    """Run an SMTP server in a process of its own; yield its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = Process(target=serve, args=(port,), daemon=True)
    process.start()
    try:
        wait_for(port)
        yield port
    finally:
        process.kill()


def wait_for(port: int) -> None:
    for _ in range(200):
        with suppress(OSError), smtplib.SMTP("127.0.0.1", port, timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError("The SMTP server did not start.")


def queue() -> None:
    for number in range(MAILS):
        mail.queue(
            key=f"bench:{number}",
            address=f"bench{number}@load.example",
            subject=f"Høstens møter {number}",
            text=TEXT.format(number=number),
            html=HTML.format(number=number),
        )


def deliver() -> int:
    """Send what is due with one worker's hands."""
    call_command("deliver_mail", verbosity=0)
    return OutgoingMail.objects.filter(
        key__startswith="bench:", state=OutgoingMail.State.SENT
    ).count()


def send_bare(port: int) -> int:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(MAILS):
            message = EmailMessage()
            message["From"] = settings.DEFAULT_FROM_EMAIL
            message["To"] = f"bench{number}@load.example"
            message["Subject"] = f"Høstens møter {number}"
            message["Date"] = formatdate(localtime=True)
            message["Message-ID"] = make_msgid(domain="load.example")
            message.set_content(TEXT.format(number=number))
            message.add_alternative(HTML.format(number=number), subtype="html")
            server.send_message(message)
    return MAILS


def measure() -> Figure:
    OutgoingMail.objects.filter(key__startswith="bench:").delete()
    with sink() as port, override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
        queue()
        bare_ms, bare_peak, _ = apart(lambda: send_bare(port))
        ms, peak, sent = apart(deliver)
    rate, bare_rate = sent / ms * 1000, MAILS / bare_ms * 1000
    return Figure(
        name="mail",
        what="2,000 mails to a local SMTP server, one worker",
        size={"mails": MAILS, "sent": sent},
        portal=Side(ms, rows_per_second=rate, peak_mib=peak),
        bare=Side(bare_ms, rows_per_second=bare_rate, peak_mib=bare_peak),
        goal="at least 60 % of smtplib's mails per second",
        reached=sent == MAILS and rate >= 0.6 * bare_rate,
    )
