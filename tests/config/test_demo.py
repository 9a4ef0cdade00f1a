import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from accounts.models import Person
from members.models import Membership
from network.models import Municipality, Role, Unit, UnitArea, Workplace


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo network, loaded once for the tests of this file."""
    demo_mode = override_settings(DEMO=True)
    with demo_mode, django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", stdout=StringIO())
        yield
        transaction.set_rollback(True)


def members_of(slug):
    units = Unit.objects.under(Unit.objects.get(slug=slug))
    return Membership.objects.current().filter(unit__in=units).count()


@pytest.mark.parametrize(
    ("slug", "members"),
    [
        ("sykepleienettverket-helse-bergen", 136),
        ("fysio-og-ergoterapinettverket-helse-bergen", 46),
        ("helse-bergen", 182),
    ],
)
def test_bergen_has_the_numbers_of_its_newsletter(demo, slug, members):
    assert members_of(slug) == members


def test_the_nurses_of_bergen_meet_in_seven_groups(demo):
    network = Unit.objects.get(slug="sykepleienettverket-helse-bergen")

    groups = [group.name_nb for group in network.children.order_by("position")]

    assert groups == [
        "Bergen I",
        "Bergen II",
        "Bergen III",
        "Vest",
        "Midthordland",
        "Nordhordland",
        "Voss",
    ]


def test_ahus_has_six_areas_with_21_municipalities_3_districts_and_2_hospitals(demo):
    network = Unit.objects.get(slug="kompetansenettverket-ahus")
    covered = UnitArea.objects.filter(unit__parent=network)
    places = Municipality.objects.filter(covered_by__in=covered)
    wards = Workplace.objects.filter(covered_by__in=covered)

    assert network.children.count() == 6
    assert places.filter(parent=None).count() == 21
    assert places.exclude(parent=None).count() == 3
    assert {ward.name.split(",")[0] for ward in wards} == {
        "Akershus universitetssykehus",
        "Kongsvinger sykehus",
    }


def test_the_north_has_its_sami_name_and_three_groups(demo):
    network = Unit.objects.get(slug="lindring-i-nord")

    assert network.sami_name == "Váidudandivššu guvllolaš gealbobálvalus"
    assert [str(group) for group in network.children.order_by("position")] == [
        "Troms og Finnmark",
        "Vesterålen og Lofoten",
        "Helgeland",
    ]


def test_every_network_has_something_to_act_on(demo):
    for network in Unit.objects.filter(kind=Unit.Kind.NETWORK):
        members = Membership.objects.open().filter(unit__parent=network)
        assert members.without_leader().count() == 3


def test_every_network_has_a_coordinator(demo):
    for network in Unit.objects.filter(kind=Unit.Kind.NETWORK):
        assert network.roles.current().filter(kind=Role.Kind.COORDINATOR).exists()


def test_loading_it_again_changes_nothing(demo):
    before = Person.objects.count(), Unit.objects.count()

    call_command("demo", stdout=StringIO())

    assert (Person.objects.count(), Unit.objects.count()) == before


def test_the_command_says_who_can_log_in_and_which_units_there_are(demo):
    output = StringIO()

    call_command("demo", "--json", stdout=output)

    answer = json.loads(output.getvalue())
    assert [login["role"] for login in answer["logins"]] == [
        "administrator",
        "coordinator",
        "nurse",
        "leader",
    ]
    slugs = [unit["slug"] for unit in answer["units"]]
    assert all(any(word in slug for slug in slugs) for word in ("bergen", "ahus", "nord"))
    assert (answer["rounds"], answer["newsletters"], answer["plans"]) == ([], [], [])


def test_without_demo_mode_nothing_is_loaded(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="Set DEMO=1 first"):
        call_command("demo")
