from webtest import Upload

from core import jobs
from core.models import Job
from members.models import Membership, RosterImport
from network.models import Role
from tests.factories import PersonFactory, RoleFactory
from tests.members.networks import AHUS, BERGEN, ahus, bergen


def coordinator(unit, kind=Role.Kind.COORDINATOR):
    person = PersonFactory()
    RoleFactory(person=person, unit=unit, kind=kind)
    return person


def work():
    """Do what the worker would do."""
    for pk in Job.objects.unfinished().values_list("pk", flat=True):
        jobs.run(pk)


def upload(django_app, unit, person, name, content):
    form = django_app.get("/people/import/", user=person).forms["upload"]
    form["unit"] = unit.pk
    form["file"] = Upload(name, content)
    page = form.submit().follow()
    work()
    return page


def reviewed(django_app, unit, person, file):
    upload(django_app, unit, person, file.name, file.read_bytes())
    roster = RosterImport.objects.get()
    page = django_app.get(roster.get_absolute_url(), user=person).follow()
    page.forms["columns"].submit().follow()
    work()
    return django_app.get(roster.get_absolute_url(), user=person).follow()


def test_a_coordinator_brings_her_list_and_saves_it(django_app):
    area = bergen()
    person = coordinator(area)

    review = reviewed(django_app, area, person, BERGEN)
    assert Membership.objects.count() == 0
    review.forms["review"].submit("do", value="save").follow()
    work()
    done = django_app.get(RosterImport.objects.get().get_absolute_url(), user=person)

    assert "Nothing is saved yet." in review
    assert "Save 182 persons" in review
    assert "182 rows were saved." in done
    assert Membership.objects.count() == 182


def test_a_near_miss_is_accepted_by_one_choice_and_an_address_is_typed_anew(django_app):
    area = ahus()
    person = coordinator(area)

    review = reviewed(django_app, area, person, AHUS)
    form = review.forms["review"]
    form["word-0"].select(text="Nedre Romerike")
    thorsen = RosterImport.objects.get().rows.get(number=29)
    form[f"cell-{thorsen.pk}-email"] = "hilde.thorsen@example.org"
    form.submit("do", value="correct").follow()
    work()
    again = django_app.get(RosterImport.objects.get().get_absolute_url(), user=person).follow()

    assert RosterImport.objects.get().plan["counts"] == {
        "new": 133,
        "changed": 0,
        "unchanged": 0,
        "refused": 5,
    }
    assert "Save 133 persons" in again


SMALL = """Navn;E-post;Yrke;Arbeidssted;Gruppe
Moe, Kari;kari@kommune,example;Sykepleier;Nes sykehjem;Voss
Bø, Ida;ida@x.example;Sykepleier;Nes sykehjem;Voss
"""


def test_an_address_with_a_comma_is_proposed_with_a_full_stop(django_app):
    area = bergen()
    person = coordinator(area)
    upload(django_app, area, person, "liste.csv", SMALL.encode())
    roster = RosterImport.objects.get()
    page = django_app.get(roster.get_absolute_url(), user=person).follow()
    page.forms["columns"].submit()
    work()

    review = django_app.get(roster.get_absolute_url(), user=person).follow()
    review.forms["review"].submit("do", value="correct")
    work()

    assert "has a comma instead of a full stop" in review
    assert roster.rows.get(number=2).outcome == "new"
    assert roster.rows.get(number=2).content["email"] == "kari@kommune.example"


def test_a_column_that_means_nothing_needed_or_two_that_mean_the_same_are_told(django_app):
    area = bergen()
    person = coordinator(area)
    upload(django_app, area, person, "liste.csv", SMALL.encode())
    roster = RosterImport.objects.get()
    page = django_app.get(roster.get_absolute_url(), user=person).follow()

    page.forms["columns"]["column-0-2"] = "email"
    answer = page.forms["columns"].submit()

    roster.refresh_from_db()
    assert roster.state == RosterImport.State.MAPPING
    assert "Two columns mean “E-mail”. Choose one." in answer
    assert "No column means “Profession”." in answer


def test_a_file_of_the_wrong_type_gets_one_sentence_and_another_try(django_app):
    area = bergen()
    person = coordinator(area)

    upload(django_app, area, person, "bilde.png", b"\x89PNG\r\n\x1a\n" + bytes(100))
    page = django_app.get(RosterImport.objects.get().get_absolute_url(), user=person)

    assert "This is not a spreadsheet. Choose an .xlsx or a .csv file." in page
    assert page.click("Choose another file").request.path == "/people/import/"


def test_the_list_of_errors_is_fetched_as_a_spreadsheet(django_app):
    area = ahus()
    person = coordinator(area)
    review = reviewed(django_app, area, person, AHUS)

    sheet = review.click("Download the list of errors")
    text = django_app.get(sheet.request.path + "?as=csv", user=person)

    assert sheet.body[:2] == b"PK"
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="errors.xlsx"'
    lines = text.body.decode("utf-8-sig").splitlines()
    assert len(lines) == 8
    assert lines[1] == '"";"5";"Monica Haugland";"";"The e-mail address is missing."'
    assert lines[6].startswith('"";"37";"\'=HYPERLINK')


def test_ticks_are_kept_from_page_to_page_and_many_rows_make_no_giant_page(django_app):
    area = bergen()
    person = coordinator(area)
    review = reviewed(django_app, area, person, BERGEN)
    first = RosterImport.objects.get().rows.first()

    form = review.forms["review"]
    form.set("included", False, 0)
    second = form.submit("do", value="page:new-2").follow()
    first.refresh_from_db()

    assert len(review.html.select("#new tbody tr")) == 25
    assert first.is_included is False
    assert "of 182" in second
    assert "Save 181 persons" in second
    nobody = second.forms["review"].submit("do", value="none:new").follow()
    assert "There is nothing to save." in nobody


def test_a_stranger_knows_of_no_import_and_may_choose_no_unit_of_others(django_app):
    area = bergen()
    upload(django_app, area, coordinator(area), "liste.csv", SMALL.encode())
    stranger = coordinator(ahus())
    address = RosterImport.objects.get().get_absolute_url()

    for page in ("", "columns/", "review/", "abandon/", "errors/"):
        django_app.get(address + page, user=stranger, status=404)
    form = django_app.get("/people/import/", user=stranger).forms["upload"]
    form["unit"].force_value(area.pk)
    form["file"] = Upload("liste.csv", SMALL.encode())
    answer = form.submit()

    assert "Select a valid choice." in answer
    assert RosterImport.objects.count() == 1


def test_an_import_is_given_up(django_app):
    area = bergen()
    person = coordinator(area)
    upload(django_app, area, person, "liste.csv", SMALL.encode())
    roster = RosterImport.objects.get()
    columns = django_app.get(roster.get_absolute_url(), user=person).follow()

    ask = columns.click("Give up the import")
    done = next(form for form in ask.forms.values() if "rn-confirm" in form.text).submit().follow()

    roster.refresh_from_db()
    assert roster.state == RosterImport.State.ABANDONED
    assert "The import was given up, and the file is deleted." in done


def test_work_that_broke_off_is_started_anew(django_app):
    area = bergen()
    person = coordinator(area)
    upload(django_app, area, person, "liste.csv", SMALL.encode())
    roster = RosterImport.objects.get()
    RosterImport.objects.update(state=RosterImport.State.COMPARING)

    stopped = django_app.get(roster.get_absolute_url(), user=person)
    next(form for form in stopped.forms.values() if form.action.endswith("/resume/")).submit()
    work()

    roster.refresh_from_db()
    assert "The work broke off, and nothing was saved." in stopped
    assert roster.state == RosterImport.State.REVIEW


def test_the_page_waits_for_the_worker_and_then_asks_to_be_read_anew(django_app):
    area = bergen()
    person = coordinator(area)
    form = django_app.get("/people/import/", user=person).forms["upload"]
    form["unit"] = area.pk
    form["file"] = Upload("liste.csv", SMALL.encode())

    waiting = form.submit().follow()
    htmx = {"HX-Request": "true"}
    partial = django_app.get(waiting.request.path, user=person, headers=htmx)
    work()
    ready = django_app.get(waiting.request.path, user=person, headers=htmx)

    assert "You can leave this page" in waiting
    assert partial.text.lstrip().startswith('<div id="progress"')
    assert ready.headers["HX-Refresh"] == "true"
