"""Nobody is missed, and nobody is written to twice but for what was in flight at a kill -9."""

import random
import subprocess
import sys
import time

import pytest
from django.utils import timezone

from core import bell, clock, delivery, jobs, locks, mail, tasks
from core.models import Job, OutgoingMail
from tests.factories import PersonFactory
from tests.reliability.conftest import ROOT, kill, wait_for

pytestmark = [pytest.mark.reliability, pytest.mark.django_db(transaction=True)]

State = OutgoingMail.State
PROCESSES = 2


def fill(count, **fields):
    mail.queue_many(
        mail.compose(
            key=f"news:{number}",
            address=f"p{number}@example.org",
            subject="News",
            text="Hello.",
            priority=9,
            **fields,
        )
        for number in range(count)
    )


def left():
    return OutgoingMail.objects.exclude(state=State.SENT).count()


def state_of(number):
    return OutgoingMail.objects.get(key=f"news:{number}").state


def test_a_worker_killed_again_and_again_misses_nobody(celery, sink, broker, settings):
    settings.CELERY_BROKER_URL = "redis+socket://" + broker.socket
    fill(1000)
    sink.delay = 0.004
    kills = 0
    begun = time.monotonic()
    celery("beat", "--pidfile=")

    while left():
        worker = celery("worker", "--concurrency", str(PROCESSES), "--loglevel", "INFO")
        bell.ring("core.tasks.deliver_mail")
        if kills < 3:
            before = len(sink.messages)
            wait_for(lambda before=before: len(sink.messages) > before + 20 or not left(), 60)
            time.sleep(random.uniform(0, 0.5))
            kill(worker)
            kills += 1
        else:
            wait_for(lambda: not left(), 60)

    duplicates = sum(sink.ids.values()) - len(sink.ids)
    print(f"1000 mails, {kills} kills, {duplicates} duplicates, {time.monotonic() - begun:.0f} s")
    assert {to for to, _id in sink.ids} == {f"p{number}@example.org" for number in range(1000)}
    assert len(sink.ids) == 1000  # every duplicate has the Message-ID of its first
    assert duplicates <= kills * PROCESSES


def test_all_is_delivered_though_the_broker_dies_and_comes_back_empty(celery, sink, broker):
    sink.delay = 0.004
    celery("worker", "--concurrency", str(PROCESSES), "--loglevel", "INFO")
    celery("beat", "--pidfile=")
    fill(300)
    wait_for(lambda: len(sink.messages) > 20, 40)

    broker.kill()
    fill_more = [mail.queue(**late(number)) for number in range(100)]
    time.sleep(2)
    broker.start()
    recovery = wait_for(lambda: not left(), 60)

    print(f"All delivered {recovery:.0f} s after an empty broker came back")
    assert len(fill_more) == 100
    assert len(sink.ids) == sum(sink.ids.values()) == 400


def late(number):
    return {
        "key": f"late:{number}",
        "address": f"late{number}@example.org",
        "subject": "News",
        "text": "Hello.",
    }


def test_two_clocks_have_one_effect(celery, sink, tmp_path):
    fill(50)
    celery("worker", "--concurrency", str(PROCESSES), "--loglevel", "INFO")
    for number in range(2):
        celery("beat", "--pidfile=", f"--schedule={tmp_path}/beat-{number}")

    wait_for(lambda: not left(), 60)

    assert sum(sink.ids.values()) == len(sink.ids) == 50


def test_a_turn_is_taken_once_and_a_missed_one_is_made_up(time_machine):
    time_machine.move_to("2026-11-20 12:00:07+00:00", tick=False)
    assert [clock.take_turn("test", 15) for _ in range(3)] == [True, False, False]

    time_machine.move_to("2026-11-20 12:00:15+00:00", tick=False)
    assert [clock.take_turn("test", 15) for _ in range(2)] == [True, False]

    time_machine.move_to("2026-11-22 09:00:00+00:00", tick=False)
    assert [clock.take_turn("test", 86400) for _ in range(2)] == [True, False]


def test_a_command_of_the_clock_runs_once_in_its_turn(smtp):
    fill(1)
    tasks.run_command("deliver_mail", 15)
    mail.queue(**late(1))
    tasks.run_command("deliver_mail", 3600)

    assert state_of(0) == State.SENT
    assert len(smtp.messages) == 1


MODES = {"450": "450 4.2.1 The mailbox is busy", "421": "421 4.3.2 The service is closing"}


@pytest.mark.parametrize("mode", ["450", "421", "hang", "drop", "550"])
def test_one_bad_mail_does_not_touch_the_others(smtp, mode):
    fill(6)
    smtp.answers["p2@example.org"] = mode
    begun = timezone.now()

    delivery.deliver()

    bad = OutgoingMail.objects.get(key="news:2")
    assert [state_of(number) for number in (0, 1, 3, 4, 5)] == [State.SENT] * 5
    if mode == "550":
        assert (bad.state, bad.error) == (State.FAILED, "550 5.1.1 No such mailbox")
        return
    assert (bad.state, bad.attempts) == (State.QUEUED, 1)
    assert 20 < (bad.not_before - begun).total_seconds() < 45
    assert bad.error == MODES.get(mode, bad.error) != ""

    smtp.answers.clear()
    OutgoingMail.objects.update(not_before=begun)
    delivery.deliver()

    assert state_of(2) == State.SENT
    assert len(smtp.ids) == 6
    assert sum(smtp.ids.values()) == (7 if mode in {"hang", "drop"} else 6)


def test_a_mail_that_is_never_taken_is_given_up_after_ten_waits_that_grow(smtp):
    fill(1)
    smtp.mode = "450"
    waits = []

    while state_of(0) == State.QUEUED:
        before = timezone.now()
        OutgoingMail.objects.update(not_before=before)
        delivery.deliver()
        waits.append((OutgoingMail.objects.get().not_before - before).total_seconds())

    row = OutgoingMail.objects.get()
    assert (row.state, row.attempts) == (State.FAILED, delivery.ATTEMPTS)
    assert row.error == "450 4.2.1 The mailbox is busy"
    assert waits[0] < 40 < waits[1] < 80
    assert max(waits) < 4500


def test_no_mail_loses_an_attempt_while_the_server_is_away(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    fill(60)

    done = delivery.deliver()

    assert done.total() == 0
    assert set(OutgoingMail.objects.values_list("state", "attempts")) == {(State.QUEUED, 0)}
    assert OutgoingMail.objects.exclude(error="").count() == delivery.BATCH


def test_mails_of_a_worker_that_is_gone_are_free_at_once(smtp):
    fill(2)
    OutgoingMail.objects.update(
        state=State.SENDING, claimed_by=7, claimed_until=timezone.now() + delivery.LEASE
    )

    delivery.deliver()

    assert {state_of(0), state_of(1)} == {State.SENT}


@pytest.mark.parametrize("trouble", ["gone", "silent"])
def test_a_broker_that_does_not_answer_never_slows_a_page(broker, settings, trouble):
    settings.CELERY_BROKER_URL = "redis+socket://" + broker.socket
    mail.queue(**late(-1))
    if trouble == "gone":
        broker.kill()
    else:
        broker.process.send_signal(19)  # SIGSTOP
    times = []

    for number in range(100):
        begun = time.perf_counter()
        mail.queue(**late(number))
        times.append(time.perf_counter() - begun)

    slowest = max(times) * 1000
    print(f"Broker {trouble}: 100 mails in {sum(times):.2f} s, the slowest {slowest:.0f} ms")
    assert OutgoingMail.objects.count() == 101
    assert max(times) < 0.4
    assert sum(times) < 3


WORKER = """
import os, sys, time, django
django.setup()
from core import jobs
def work(job):
    job.progress(1, 2)
    print("at work", flush=True)
    time.sleep(60)
jobs.KINDS["reliability"] = work
jobs.run(int(sys.argv[1]))
"""


def test_the_work_of_a_killed_worker_is_done_by_the_next(environment, monkeypatch):
    monkeypatch.setitem(jobs.KINDS, "reliability", lambda job: job.progress(2, 2))
    job = jobs.start("reliability", by=PersonFactory())
    command = [sys.executable, "-c", WORKER, str(job.pk)]
    worker = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True
    )
    assert worker.stdout.readline() == b"at work\n"
    worker.stdout.close()

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.RUNNING, 1, 2)
    assert jobs.run(job.pk).state == Job.State.RUNNING  # somebody is at it
    kill(worker)
    wait_for(lambda: not locks.is_held(f"job:{job.pk}"), 5)
    monkeypatch.setattr(bell, "ring", lambda *_: False)
    jobs.resume()

    job.refresh_from_db()
    assert (job.state, job.done, job.attempts) == (Job.State.DONE, 2, 2)
