import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.models import Person
from members.models import LeaderAssignment, Membership
from network.models import Workplace
from tests.members.networks import AHUS, BERGEN, ahus, bergen


def imported(file, unit, *arguments):
    out = StringIO()
    call_command("import_roster", str(file), "--unit", unit, "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_both_sheets_of_the_workbook_are_new_the_first_time():
    bergen()

    report = imported(BERGEN, "helse-bergen")

    assert report == {"new": 182, "changed": 0, "unchanged": 0, "refused": []}
    assert Person.objects.count() == 0


def test_the_same_file_twice_changes_nothing():
    bergen()

    first = imported(BERGEN, "helse-bergen", "--commit")
    persons, places = Person.objects.count(), Workplace.objects.count()
    second = imported(BERGEN, "helse-bergen", "--commit")

    assert first == {"new": 182, "changed": 0, "unchanged": 0, "refused": []}
    assert second == {"new": 0, "changed": 0, "unchanged": 182, "refused": []}
    assert (Person.objects.count(), Workplace.objects.count()) == (persons, places)
    assert Membership.objects.count() == 182
    assert Membership.objects.without_leader().count() == 0


def test_leaders_are_made_once_and_are_members_too_where_the_file_says_so():
    bergen()

    imported(BERGEN, "helse-bergen", "--commit")

    leaders = LeaderAssignment.objects.values("leader").distinct().count()
    members = Membership.objects.values("person").distinct().count()
    both = Person.objects.filter(memberships__isnull=False, leads__isnull=False).distinct().count()
    assert Person.objects.count() == leaders + members - both


def test_each_of_the_seven_defects_of_the_ahus_list_is_found_and_the_rest_is_new():
    ahus()

    report = imported(AHUS, "ahus")

    assert {key: report[key] for key in ("new", "changed", "unchanged")} == {
        "new": 131,
        "changed": 0,
        "unchanged": 0,
    }
    assert report["refused"] == [
        {"row": 5, "reason": "The e-mail address is missing."},
        {
            "row": 11,
            "reason": "The e-mail address is already used by Bjørg Pettersen in row 10. "
            "Each person has her own.",
        },
        {"row": 17, "reason": "The date 31.02.2020 does not exist."},
        {
            "row": 23,
            "reason": "There is no group “Nedre Romrike” here. Is it Nedre Romerike?",
        },
        {"row": 29, "reason": "“ikke.en.adresse” is not an e-mail address."},
        {
            "row": 37,
            "reason": '“=HYPERLINK("http://example.org";"x")” is a formula, not a text.',
        },
        {"row": 139, "reason": "The same row stands in row 32."},
    ]


def test_an_unknown_unit_and_a_missing_file_get_one_clear_sentence():
    with pytest.raises(CommandError, match="There is no unit “nowhere”"):
        imported(BERGEN, "nowhere")
    with pytest.raises(CommandError, match=r"There is no file “/no/such\.xlsx”"):
        imported("/no/such.xlsx", "helse-bergen")


def test_a_roster_may_be_imported_at_a_network_or_a_region():
    bergen()

    at_region = imported(BERGEN, "helse-vest")
    at_network = imported(BERGEN, "bergen-sykepleie")

    assert (at_region["new"], at_region["refused"]) == (182, [])
    assert at_network["new"] == 136
    assert {refusal["sheet"] for refusal in at_network["refused"]} == {"Fysio- og ergoterapi"}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield
