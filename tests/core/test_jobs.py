import datetime as dt
import logging

import pytest
from django.urls import reverse
from django.utils import timezone

from core import jobs, locks
from core.exceptions import Refused
from core.models import Job
from tests.factories import PersonFactory


@pytest.fixture
def work(monkeypatch):
    """Let a test say what jobs of the kind `test` do."""

    def register(function):
        monkeypatch.setitem(jobs.KINDS, "test", function)
        return function

    return register


def write_roster(job):
    job.progress(1, 2)
    with job.result_file("roster.csv") as file:
        file.write(b"name")
    job.result = {"message": f"{job.arguments['rows']} rows."}


def test_a_job_is_done_with_its_arguments_and_keeps_its_result(work):
    work(write_roster)
    person = PersonFactory()

    job = jobs.start("test", by=person, title="Roster", rows=2)
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 2, 2)
    assert job.result == {"message": "2 rows."}
    assert job.file_name == "roster.csv"
    with job.file.open() as file:
        assert file.read() == b"name"


def test_a_job_of_an_unknown_kind_is_not_ordered():
    with pytest.raises(KeyError):
        jobs.start("nothing", by=PersonFactory())

    assert not Job.objects.exists()


def test_a_refusal_is_shown_as_it_is(work):
    @work
    def refuse(job):
        raise Refused("The file has no rows.")

    job = jobs.run(jobs.start("test", by=PersonFactory()).pk)

    assert (job.state, job.error) == (Job.State.FAILED, "The file has no rows.")


def test_a_mistake_of_ours_is_logged_and_shown_as_a_number_to_tell_us(work, caplog):
    @work
    def stumble(job):
        raise ZeroDivisionError("secret details")

    with caplog.at_level(logging.ERROR):
        job = jobs.run(jobs.start("test", by=PersonFactory()).pk)

    assert job.state == Job.State.FAILED
    assert job.error == (
        "Something went wrong on our side, and nothing was saved. Try again; if it happens"
        f" again, tell us this number: job-{job.pk}."
    )
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]


def test_a_finished_job_is_not_done_again(work):
    done = []
    work(done.append)
    job = jobs.start("test", by=PersonFactory())

    jobs.run(job.pk)
    jobs.run(job.pk)

    assert len(done) == 1


def test_work_that_was_interrupted_is_taken_up_again_three_times_and_then_given_up(work):
    done = []
    work(done.append)
    job = jobs.start("test", by=PersonFactory())
    Job.objects.update(state=Job.State.RUNNING, attempts=2)

    jobs.run(job.pk)
    assert len(done) == 1

    Job.objects.update(state=Job.State.RUNNING, attempts=3)
    job = jobs.run(job.pk)
    assert len(done) == 1
    assert job.error == (
        "This work was interrupted several times and has been given up. Start it again."
    )


def test_the_page_shows_progress_and_partials_to_its_owner_only(work, client):
    work(write_roster)
    job = jobs.start("test", by=PersonFactory(), title="Roster", rows=7)
    Job.objects.update(state=Job.State.RUNNING, done=3, total=12)
    client.force_login(job.by)

    page = client.get(job.get_absolute_url())
    partial = client.get(job.get_absolute_url(), headers={"HX-Request": "true"})

    assert "3 of 12" in page.content.decode()
    assert partial.content.decode().strip().startswith('<div id="progress"')
    client.force_login(PersonFactory())
    assert client.get(job.get_absolute_url()).status_code == 404
    assert "Roster" not in client.get(reverse("core:jobs")).content.decode()


def test_a_file_is_handed_to_its_owner_for_a_day_and_to_nobody_else(work, client):
    work(write_roster)
    job = jobs.start("test", by=PersonFactory(), rows=7)
    jobs.run(job.pk)
    address = reverse("core:job_file", args=[job.pk])

    assert client.get(address).status_code == 302
    client.force_login(PersonFactory())
    assert client.get(address).status_code == 404
    client.force_login(job.by)
    answer = client.get(address)
    assert b"".join(answer) == b"name"
    assert answer["Content-Disposition"] == 'attachment; filename="roster.csv"'
    assert client.get(reverse("core:jobs")).status_code == 200
    assert client.get(job.get_absolute_url()).status_code == 200

    Job.objects.update(created_at=timezone.now() - dt.timedelta(hours=25))
    assert client.get(address).status_code == 404


def test_a_name_of_a_result_file_cannot_be_guessed(work):
    work(write_roster)
    names = set()
    for _ in range(2):
        job = jobs.run(jobs.start("test", by=PersonFactory(), rows=1).pk)
        names.add(job.file.name)

    assert len(names) == 2
    assert not any("roster" in name for name in names)


def test_a_lock_is_known_to_be_held_only_while_it_is():
    assert not locks.is_held("job:1")
    with locks.session_lock("job:1") as is_ours:
        assert is_ours
        assert locks.is_held("job:1")
        assert not locks.is_held("job:2")
    assert not locks.is_held("job:1")
