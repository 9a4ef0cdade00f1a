import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members import actions
from members.models import Education
from tests.factories import LeaderAssignmentFactory, MembershipFactory


def person_page(client, viewer, person):
    client.force_login(viewer)
    return client.get(reverse("members:person", args=[person.pk]))


def test_a_coordinator_reads_everything_about_her_member(client, network):
    Education.objects.create(person=network.ingrid, title="Cancer nursing", completed_in=2019)

    text = person_page(client, network.coordinator, network.ingrid).text

    for words in (
        "Ingrid Solvang",
        "Bergen I",
        str(network.membership.workplace),
        str(network.membership.profession),
        "Hans Brekke",
        'href="tel:+4790000123"',
        "900\N{NO-BREAK SPACE}00\N{NO-BREAK SPACE}123",
        'href="mailto:ingrid@example.org"',
        "Cancer nursing",
        "completed in 2019",
        "Active",
    ):
        assert words in text, words


def test_a_member_without_a_leader_is_marked(client, network):
    actions.change_leader(
        network.membership, leader=None, on=dt.date(2026, 1, 1), by=network.coordinator
    )

    assert "No leader" in person_page(client, network.coordinator, network.ingrid).text


def test_a_former_member_is_shown_with_her_last_day(client, network):
    actions.end_membership(
        network.membership, on=dt.date(2026, 7, 1), reason="retired", by=network.coordinator
    )

    text = person_page(client, network.coordinator, network.ingrid).text

    assert "Member until June 30, 2026" in text
    assert "Has retired." in text


def test_the_leader_before_stays_in_the_timeline(client, network):
    new = LeaderAssignmentFactory(
        membership=MembershipFactory(unit=network.group), leader__given_name="Gry"
    ).leader
    actions.change_leader(
        network.membership, leader=new, on=dt.date(2026, 2, 1), by=network.coordinator
    )

    text = person_page(client, network.coordinator, network.ingrid).text

    assert "Hans Brekke, Jan. 1, 2021 \N{EN DASH} Jan. 31, 2026" in text


def test_a_leader_page_lists_those_she_leads(client, network):
    text = person_page(client, network.coordinator, network.leader).text

    assert reverse("members:person", args=[network.ingrid.pk]) in text


@pytest.mark.parametrize("whose", ["ingrid", "leader"])
def test_the_page_asks_the_same_number_of_questions_however_much_there_is(client, network, whose):
    person = network.who(whose)

    def questions():
        client.force_login(network.coordinator)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("members:person", args=[person.pk]))
        return len(asked)

    questions()
    before = questions()
    for day in (1, 2, 3):
        membership = MembershipFactory(unit=network.group)
        LeaderAssignmentFactory(membership=membership, leader=network.leader)
        leader = LeaderAssignmentFactory(membership=membership, kind="professional_lead").leader
        actions.change_leader(
            network.membership, leader=leader, on=dt.date(2026, 1, day), by=network.coordinator
        )
        Education.objects.create(person=network.ingrid, title=f"Course {day}")

    assert questions() == before
