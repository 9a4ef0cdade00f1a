"""The exported roster is what the list shows, and a table that the import understands."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.models import Job, LogEntry
from network.models import Role
from tests.factories import (
    GroupFactory,
    LeaderAssignmentFactory,
    MembershipFactory,
    MunicipalityFactory,
    NetworkFactory,
    PersonFactory,
    ProfessionFactory,
    RoleFactory,
    WorkplaceFactory,
)

TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def network():
    return NetworkFactory(name_nb="Sykepleienettverket", slug="nurses")


@pytest.fixture
def group(network):
    return GroupFactory(parent=network, name_nb="Bergen I", slug="bergen-1")


@pytest.fixture
def coordinator(network):
    return RoleFactory(unit=network).person


def member(given, unit, **fields):
    person = PersonFactory(given_name=given, family_name="Vik", **fields.pop("person", {}))
    return MembershipFactory(person=person, unit=unit, **fields)


def export(django_app, user, suffix="csv", **asked):
    """Order an export by the page, let the job run, and return the job."""
    page = django_app.get(reverse("members:export"), params=asked, user=user)
    form = next(form for form in page.forms.values() if "suffix" in form.fields)
    form["suffix"] = suffix
    answer = form.submit()
    job = Job.objects.get()
    assert answer.location == reverse("core:job", args=[job.pk])
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def content(job):
    with job.file.open("rb") as file:
        return file.read()


def table(job):
    text = content(job).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_file_holds_every_column_of_the_line(django_app, coordinator, group, network):
    municipality = MunicipalityFactory(name="Fjordby")
    ward = WorkplaceFactory(name="Post 1", area=network.parent, municipality=municipality)
    person = {"email": "ida@example.org", "work_phone": "+4741234567", "confirmed_on": TODAY}
    ida = member(
        "Ida",
        group,
        person=person,
        workplace=ward,
        profession=ProfessionFactory(name_nb="Jordmor"),
        starts_on=dt.date(2021, 3, 4),
        hours_per_month="7.5",
    )
    leader = PersonFactory(given_name="Liv", family_name="Ås", email="liv@example.org")
    LeaderAssignmentFactory(membership=ida, leader=leader)

    job = export(django_app, coordinator)

    assert job.error == ""
    headings, line = table(job)
    assert dict(zip(headings, line, strict=True)) == {
        "Family name": "Vik",
        "Given name": "Ida",
        "E-mail": "ida@example.org",
        "Mobile": "412 34 567",
        "Profession": "Jordmor",
        "Position": "",
        "Workplace": "Post 1",
        "Municipality": "Fjordby",
        "Network": "Sykepleienettverket",
        "Local group": "Bergen I",
        "Nearest leader": "Liv Ås",
        "Leader e-mail": "liv@example.org",
        "Professional lead": "",
        "Professional lead e-mail": "",
        "Allotted hours per month": "7,5",
        "Member since": "04.03.2021",
        "Member until": "",
        "Account": "Invited",
        "Data confirmed": f"{TODAY:%d.%m.%Y}",
    }


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"sort": "-name"},
        {"q": "øy"},
        {"status": "all", "sort": "leader"},
        {"missing": "leader", "size": "25"},
        {"unit": "bergen-1", "page": "2"},
    ],
)
def test_the_file_holds_the_lines_of_the_list_in_their_order(
    client, django_app, coordinator, group, network, asked
):
    other = GroupFactory(parent=network)
    for number, given in enumerate(["Åse", "Øyvind", "Ida", "Øystein", "Ada"]):
        ends_on = dt.date(2025, 1, 1) if number == 2 else None
        membership = member(given, group if number % 2 else other, ends_on=ends_on)
        if number != 3:
            leader = PersonFactory(given_name=given[::-1].title())
            LeaderAssignmentFactory(membership=membership, leader=leader, ends_on=ends_on)
    member("Foreign", GroupFactory())
    client.force_login(coordinator)
    shown = client.get(reverse("members:roster"), asked | {"page": "1"}).context["roster"].lines

    job = export(django_app, coordinator, **asked)

    assert [line[1] for line in table(job)[1:]] == [line.person.given_name for line in shown]


def test_the_spreadsheet_holds_text_dates_and_no_formula(django_app, coordinator, group):
    member("=1+1", group, starts_on=dt.date(2021, 3, 4))

    job = export(django_app, coordinator, suffix="xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(content(job))).active
    cells = {cell.value: line for cell, line in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["Given name"].value, cells["Given name"].data_type) == ("=1+1", "s")
    assert cells["Member since"].value == dt.datetime(2021, 3, 4)
    assert job.file_name == f"roster-{TODAY}.xlsx"


def test_the_export_is_logged_with_filters_and_lines(django_app, coordinator, group):
    member("Ida", group)
    member("Siv", group)

    export(django_app, coordinator, q="ida")

    entry = LogEntry.objects.get(verb="members.roster.exported")
    assert entry.by == coordinator
    assert entry.details == {"rows": 1, "format": "csv", "query": "q=ida"}


def test_the_rights_are_asked_for_again_when_the_job_runs(django_app, coordinator, group):
    member("Ida", group)
    page = django_app.get(reverse("members:export"), user=coordinator)
    next(form for form in page.forms.values() if "suffix" in form.fields).submit()
    Role.objects.update(ends_on=TODAY)

    jobs.run(Job.objects.get().pk)

    job = Job.objects.get()
    assert (job.error, bool(job.file)) == ("You may no longer export this roster.", False)


def test_a_unit_out_of_sight_cannot_be_exported(client, coordinator, group):
    GroupFactory(slug="foreign")
    client.force_login(coordinator)
    url = f"{reverse('members:export')}?unit=foreign"

    assert client.get(url).status_code == 404
    assert client.post(url, {"suffix": "csv"}).status_code == 404
    assert Job.objects.count() == 0


def test_where_one_is_only_contact_nothing_is_exported(django_app, coordinator, group):
    elsewhere = GroupFactory()
    RoleFactory(person=coordinator, unit=elsewhere, kind=Role.Kind.GROUP_CONTACT)
    member("Ida", group)
    member("Ola", elsewhere)

    assert [line[1] for line in table(export(django_app, coordinator))[1:]] == ["Ida"]


@pytest.mark.parametrize("name", ["out.xlsx", "OUT.CSV"])
def test_the_command_writes_the_file(group, tmp_path, capsys, name):
    member("Ida", group)
    member("Ola", GroupFactory())
    file = tmp_path / name

    call_command("export_roster", str(file), unit="nurses")

    assert capsys.readouterr().out == f"1 line in {file}.\n"
    assert file.stat().st_size > 100


@pytest.mark.parametrize(
    ("unit", "name", "sentence"),
    [
        ("nowhere", "out.xlsx", "There is no unit “nowhere”."),
        ("nurses", "out.pdf", "The file must end in .xlsx or .csv."),
        ("nurses", "missing/out.csv", "cannot be written: No such file or directory."),
    ],
)
def test_the_command_says_what_is_wrong(group, tmp_path, unit, name, sentence):
    with pytest.raises(CommandError) as stopped:
        call_command("export_roster", str(tmp_path / name), unit=unit)

    assert sentence in str(stopped.value)
