"""All or nothing, once, and never over another's work: proved with threads and a killed process."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.utils import timezone, translation

from accounts.models import Person
from core import jobs
from core.exceptions import Refused
from core.models import Job
from members import actions
from members.actions.imports import KEPT_FOR
from members.imports import rosters
from members.models import Membership, Profession, RosterImport
from network.models import Role, Unit, Workplace
from tests.factories import GroupFactory, NetworkFactory, PersonFactory, RoleFactory

State = RosterImport.State
HEADING = "Navn;E-post;Mobil;Yrke;Arbeidssted;Gruppe;Leder;Leders e-post"


def content(rows, prefix="p"):
    lines = [
        f"Moe{n}, Kari;{prefix}{n}@x.example;9{n:07d};Nurse;Place {n % 7};Øst;Siv Lie;siv@x.example"
        for n in range(rows)
    ]
    return "\n".join([HEADING, *lines]).encode()


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def coordinator():
    network = NetworkFactory(slug="network")
    GroupFactory(name_nb="Øst", parent=network)
    Profession.objects.get_or_create(
        code="nurse", defaults={"name_nb": "Nurse", "name_nn": "Nurse", "names": ["nurse"]}
    )
    person = PersonFactory()
    RoleFactory(person=person, unit=network, kind=Role.Kind.COORDINATOR)
    return person


def work():
    for pk in Job.objects.unfinished().order_by("pk").values_list("pk", flat=True):
        jobs.run(pk)


def reviewed(coordinator, file):
    """Return an import that has been looked over and only waits to be saved."""
    unit = Unit.objects.get(slug="network")
    upload = SimpleUploadedFile("roster.csv", file)
    roster = actions.upload_roster(upload, unit=unit, by=coordinator)
    work()
    roster.refresh_from_db()
    actions.connect_columns(roster, sheets=roster.mapping["sheets"], by=coordinator)
    work()
    roster.refresh_from_db()
    return roster


def confirmed(coordinator, file):
    roster = reviewed(coordinator, file)
    return actions.confirm_roster(roster, by=coordinator)


def test_what_is_unticked_is_not_saved(coordinator):
    roster = reviewed(coordinator, content(3))
    shown = list(roster.rows.values_list("pk", flat=True))
    actions.include_rows(roster, shown=shown, included=shown[1:], by=coordinator)
    actions.confirm_roster(roster, by=coordinator)

    work()

    roster.refresh_from_db()
    assert (roster.state, roster.plan["saved"]) == (State.SAVED, 2)
    assert not Person.objects.filter(email="p0@x.example").exists()


def test_a_tick_survives_a_correction(coordinator):
    roster = reviewed(coordinator, content(3))
    actions.include_rows(roster, shown=[roster.rows.first().pk], included=[], by=coordinator)

    actions.correct_rows(roster, values={}, cells={}, skipped=["0:3"], by=coordinator)
    work()

    assert list(roster.rows.values_list("number", "is_included")) == [(2, False), (4, True)]


def test_nothing_is_saved_when_somebody_changed_the_roster_meanwhile(coordinator):
    roster = confirmed(coordinator, content(3))
    PersonFactory(email="p1@x.example", given_name="Kari", family_name="Moe1")

    work()

    roster.refresh_from_db()
    assert Membership.objects.count() == 0
    assert (roster.state, roster.plan["is_changed_meanwhile"]) == (State.REVIEW, True)
    assert Job.objects.latest("pk").error == (
        "Somebody changed the roster meanwhile. Nothing was saved: look it over again."
    )


def test_the_same_work_twice_saves_once(coordinator):
    roster = confirmed(coordinator, content(3))
    rosters.save_import(roster)

    again = rosters.save_import(roster)

    assert again["saved"] == 3
    assert Membership.objects.count() == 3


def test_an_import_is_confirmed_once(coordinator):
    roster = confirmed(coordinator, content(3))

    with pytest.raises(Refused, match="The import has moved on since this page was opened"):
        actions.confirm_roster(roster, by=coordinator)


def test_a_fault_in_the_middle_leaves_nothing(coordinator):
    roster = confirmed(coordinator, content(3))
    Workplace.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE members_leaderassignment ADD CONSTRAINT never CHECK (id < 0) NOT VALID"
        )

    with pytest.raises(Refused, match="Nothing was saved"):
        rosters.save_import(roster)

    assert (Person.objects.filter(email__contains="@x.").count(), Workplace.objects.count()) == (
        0,
        0,
    )
    assert Membership.objects.count() == 0


def test_giving_up_deletes_file_and_rows(coordinator, django_capture_on_commit_callbacks):
    roster = reviewed(coordinator, content(3))
    path = roster.file.path

    with django_capture_on_commit_callbacks(execute=True):
        actions.abandon_import(roster, by=coordinator)

    roster.refresh_from_db()
    assert (roster.state, roster.mapping, roster.rows.count()) == (State.ABANDONED, {}, 0)
    assert not Path(path).exists()


def test_files_and_rows_are_wiped_after_seven_days(coordinator, a_fortnight_on):
    roster = reviewed(coordinator, content(3))

    assert actions.wipe_imports(by=None) == 0
    assert actions.wipe_imports(by=None, now=a_fortnight_on) == 1

    roster.refresh_from_db()
    assert (bool(roster.file), roster.rows.count(), roster.state) == (False, 0, State.ABANDONED)
    assert roster.plan == {"counts": {"new": 3, "changed": 0, "unchanged": 0, "refused": 0}}
    assert actions.wipe_imports(by=None, now=a_fortnight_on) == 0


@pytest.fixture
def a_fortnight_on():
    return timezone.now() + KEPT_FOR * 2


# -- Two at once, and a killed one ----------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_once_save_each_person_once(coordinator):
    both = [reviewed(coordinator, content(40)) for _ in range(2)]
    for roster in both:
        actions.confirm_roster(roster, by=coordinator)

    def save(roster):
        try:
            return rosters.save_import(RosterImport.objects.get(pk=roster.pk))["saved"]
        except Refused as refusal:
            return refusal.message
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(save, both))

    assert sorted(map(str, results)) == [
        "40",
        "Somebody changed the roster meanwhile. Nothing was saved: look it over again.",
    ]
    assert Membership.objects.count() == 40
    assert Person.objects.filter(email__endswith="@x.example").count() == 41


KILLED = """
import django, sys, time
django.setup()
from members.actions import imports as saving
from members.imports import rosters
from members.models import RosterImport

def stop(*arguments, **options):
    print("in the middle", flush=True)
    time.sleep(60)

saving._change_leaders = stop
rosters.save_import(RosterImport.objects.get(pk=int(sys.argv[1])))
"""


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_and_the_next_one_saves_all(coordinator):
    roster = confirmed(coordinator, content(40))
    name = settings.DATABASES["default"]["NAME"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
        "DATABASE_URL": urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}")),
    }
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(roster.pk)],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout.readline() == "in the middle\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()

    time.sleep(0.5)
    assert (Membership.objects.count(), Workplace.objects.count()) == (0, 0)
    roster.refresh_from_db()
    assert roster.state == State.SAVING

    work()

    roster.refresh_from_db()
    assert (roster.state, Membership.objects.count()) == (State.SAVED, 40)
