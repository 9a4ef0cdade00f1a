import datetime as dt
import json
import logging
import sys

import pytest
from django.conf import settings as conf
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core import jobs, tasks
from core.logs import JsonLine
from core.models import Heartbeat, Job, OutgoingMail
from tests.factories import PersonFactory, RoleFactory


@pytest.fixture
def sweeper():
    return Heartbeat.objects.create(name="sweeper", seen_at=timezone.now())


def test_live_asks_nothing_of_anybody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(reverse("core:live"))

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_says_no_detail_to_a_stranger(client, sweeper):
    answer = client.get(reverse("core:ready"))

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_tells_whoever_manages_a_unit_which_part_it_is(client, sweeper, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    client.force_login(RoleFactory().person)

    answer = client.get(reverse("core:ready"))

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "parts": {"database": "ok", "migrations": "ok", "worker": "ok", "broker": "degraded"},
        "waiting_mails": 0,
    }
    client.force_login(PersonFactory())
    assert client.get(reverse("core:ready")).json() == {"status": "degraded"}


def test_ready_is_red_when_no_worker_has_been_seen_for_three_minutes(client, sweeper):
    Heartbeat.objects.update(seen_at=timezone.now() - dt.timedelta(minutes=3, seconds=1))

    answer = client.get(reverse("core:ready"))

    assert (answer.status_code, answer.json()) == (503, {"status": "failed"})


def test_the_cache_does_not_need_redis(django_user_model):
    caches["default"].set("rate", [1, 2], 60)

    assert caches["default"].get("rate") == [1, 2]
    assert caches["default"].add("rate", 1) is False
    assert conf.SESSION_ENGINE == "django.contrib.sessions.backends.db"


def test_a_task_is_never_lost_and_never_runs_for_ever():
    assert conf.CELERY_TASK_ACKS_LATE
    assert conf.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert conf.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
    assert conf.CELERY_ACCEPT_CONTENT == ["json"]
    assert conf.CELERY_TASK_IGNORE_RESULT
    assert conf.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT > 0
    timeouts = {
        conf.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"],
        conf.CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS["visibility_timeout"],
        conf.CELERY_VISIBILITY_TIMEOUT,
    }
    assert timeouts == {3600}
    assert conf.CELERY_TASK_SOFT_TIME_LIMIT < conf.CELERY_TASK_TIME_LIMIT < 3600


def test_what_the_clock_starts_are_commands_that_exist():
    for entry in conf.CELERY_BEAT_SCHEDULE.values():
        name, every = entry["args"]
        tasks.run_command(name, every)
        assert Heartbeat.objects.filter(name=f"command:{name}").count() == 1


def test_files_go_after_a_day_jobs_after_a_month_and_mails_after_a_year(monkeypatch):
    def write(job):
        with job.result_file("a.csv") as file:
            file.write(b"a")

    monkeypatch.setitem(jobs.KINDS, "test", write)
    ages = [dt.timedelta(hours=23), dt.timedelta(hours=25), dt.timedelta(days=31)]
    for age in ages:
        job = jobs.run(jobs.start("test", by=PersonFactory()).pk)
        Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - age)
    for age in (364, 366):
        mail = OutgoingMail.objects.create(
            key=f"{age}", address="a@example.org", subject="", text=""
        )
        OutgoingMail.objects.filter(pk=mail.pk).update(
            created_at=timezone.now() - dt.timedelta(days=age)
        )

    call_command("clean_up")

    kept = list(Job.objects.order_by("-created_at"))
    assert [bool(job.file) for job in kept] == [True, False]
    assert kept[0].file.storage.exists(kept[0].file.name)
    assert [mail.key for mail in OutgoingMail.objects.all()] == ["364"]


def test_only_so_many_jobs_run_at_once_and_the_rest_wait(monkeypatch, settings):
    settings.JOBS_AT_ONCE = 0
    monkeypatch.setitem(jobs.KINDS, "test", lambda job: None)

    job = jobs.run(jobs.start("test", by=PersonFactory()).pk)

    assert (job.state, job.attempts) == (Job.State.QUEUED, 0)


@pytest.mark.parametrize("message", ["a\nERROR forged", "\x1b[2J", "\x9b2J", "a\r\nb\u2028c"])
def test_nobody_forges_a_line_of_the_log(message):
    try:
        int(message)
    except ValueError:
        error = sys.exc_info()
    record = logging.LogRecord("core", logging.INFO, "", 0, "Name: %s", (message,), error)

    line = JsonLine().format(record)

    assert line.isprintable()
    assert line.isascii()
    assert json.loads(line)["message"] == f"Name: {message}"


def test_the_session_of_the_database_sees_that_a_machine_is_gone():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("1min",)
