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
