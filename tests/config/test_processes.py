"""web, worker and beat as production starts them, on the engines of the tests.

They are processes of their own, so what they see is committed, and swept up by hand afterwards.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from email import message_from_bytes
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
GRACE = 40  # seconds, as stop_grace_period in docker-compose.yml
QUEUE = """
from core import mail
mail.queue(key="{key}", address="kari@example.org", subject="Hei fra Ávjovárri", text="God dag.")
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds):
    deadline = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


class Sink:
    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- aiosmtpd's name
        self.mails.append(message_from_bytes(envelope.original_content))
        return "250 OK"


@pytest.fixture(scope="module")
def sink():
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker):
    """Return the address of the test database; what the processes write is removed."""
    name = connection.settings_dict["NAME"]
    address = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    yield address
    with psycopg.connect(address, autocommit=True) as direct:
        direct.execute("DELETE FROM core_outgoingmail")
        direct.execute("DELETE FROM core_heartbeat")


@pytest.fixture(scope="module")
def production(tmp_path_factory, database, sink):
    """Return the environment of a public installation, with its static files collected."""
    folder = tmp_path_factory.mktemp("production")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LOCAL_DIR": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        "SITE_URL": "https://ressursnett.example",
        "SECRET_KEY": "abcdefghij-0123456789-" * 4,
        "DATABASE_URL": database,
        "REDIS_URL": settings.REDIS_URL,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(sink.port),
        "BIND": f"127.0.0.1:{free_port()}",
        "DEBUG": "0",
        "DEMO": "0",
    }
    manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
    return environment


def manage(environment, *arguments):
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)


class Part:
    """One of the processes, with what it has written so far."""

    SIGN_OF_LIFE = {"web": "Booting worker", "worker": " ready.", "beat": "beat: Starting"}

    def __init__(self, name, environment):
        self.log = Path(environment["LOCAL_DIR"]) / f"{name}-{time.monotonic_ns()}.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                ["script/run", name],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.name, self.address = name, environment["BIND"]

    def is_up(self):
        is_started = self.SIGN_OF_LIFE[self.name] in self.log.read_text()
        return is_started and (self.name != "web" or self.answers())

    def answers(self):
        web = http.client.HTTPConnection(self.address, timeout=20)
        try:
            web.request("GET", "/health/live", headers={"Host": "localhost"})
            return web.getresponse().status == 200
        except OSError:
            return False
        finally:
            web.close()

    def stop(self):
        """Ask the process to end as Docker does; return its status, None if it had to be killed."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            return None


@pytest.fixture(scope="module")
def parts(production):
    running = {name: Part(name, production) for name in ("web", "worker", "beat")}
    for name, part in running.items():
        assert wait_until(part.is_up, 60), (name, part.log.read_text())
    yield running
    for part in running.values():
        part.stop()


@pytest.fixture
def get(parts, production):
    """Return a function that asks the web process as the TLS proxy does."""

    def ask(path, **headers):
        web = http.client.HTTPConnection(production["BIND"], timeout=20)
        web.request("GET", path, headers={"Host": "ressursnett.example", **headers})
        answer = web.getresponse()
        answer.text = answer.read().decode()
        web.close()
        return answer

    return ask


def test_web_says_that_it_lives_without_tls(get):
    assert get("/health/live").status == 200


def test_web_sends_plain_http_to_https(get):
    answer = get("/accounts/login/")

    assert answer.status == 301
    assert answer.headers["Location"] == "https://ressursnett.example/accounts/login/"


def test_web_answers_the_proxy_as_a_public_site_must(get):
    answer = get("/accounts/login/", **{"X-Forwarded-Proto": "https"})

    assert answer.status == 200
    transport = answer.headers["Strict-Transport-Security"]
    assert transport == "max-age=31536000; includeSubDomains; preload"
    (cookie,) = answer.headers.get_all("Set-Cookie")
    assert cookie.startswith("__Host-csrf=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_web_serves_static_files_that_never_expire(get, production):
    manifest = json.loads((Path(production["STATIC_ROOT"]) / "staticfiles.json").read_text())
    address = f"/static/{manifest['paths']['css/theme.css']}"

    answer = get(address, **{"X-Forwarded-Proto": "https"})

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"


def test_web_refuses_a_name_that_is_not_its_own(get):
    assert get("/accounts/login/", Host="elsewhere.example").status == 400


def test_worker_sends_a_mail_as_soon_as_the_bell_rings(parts, production, sink):
    manage(production, "shell", "--no-imports", "--command", QUEUE.format(key="processes:rung"))

    assert wait_until(lambda: sink.mails, 10)
    assert sink.mails.pop()["To"] == "kari@example.org"


def test_beat_has_the_mails_sent_for_which_no_bell_rang(parts, production, sink):
    nobody = production | {"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    manage(nobody, "shell", "--no-imports", "--command", QUEUE.format(key="processes:unrung"))

    assert wait_until(lambda: sink.mails, 40)
    assert sink.mails.pop()["To"] == "kari@example.org"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_each_part_ends_within_the_grace_time(production, tmp_path, name):
    alone = {"BIND": f"127.0.0.1:{free_port()}", "LOCAL_DIR": str(tmp_path), "WEB_WORKERS": "1"}
    part = Part(name, production | alone)
    assert wait_until(part.is_up, 60)

    began = time.monotonic()
    status = part.stop()

    assert status == 0
    assert time.monotonic() - began < GRACE / 2
