import datetime as dt

from django.urls import reverse

from core import audit
from members import actions
from members.models import Membership
from members.queries import Change, history_of
from tests.factories import LeaderAssignmentFactory, MembershipFactory, ProfessionFactory

DAY = dt.date(2026, 5, 4)


def told_as(phrase, network):
    """Return what the coordinator reads under `phrase` about Ingrid."""
    entries = history_of(network.ingrid, seen_by=network.coordinator)
    (entry,) = [entry for entry in entries if entry.phrase == phrase]
    return entry


def test_a_new_leader_is_told_as_before_and_after(network):
    new = LeaderAssignmentFactory(
        membership=MembershipFactory(unit=network.group),
        leader__given_name="Gry",
        leader__family_name="Moe",
    ).leader

    actions.change_leader(network.membership, leader=new, on=DAY, by=network.coordinator)

    entry = told_as("Changed the leader", network)
    assert entry.by_name == str(network.coordinator)
    assert entry.changes == [Change("Nearest leader", "Hans Brekke", "Gry Moe")]


def test_a_move_is_told_as_one_change(network):
    actions.move_membership(
        network.membership,
        unit=network.sibling,
        workplace=network.membership.workplace,
        on=DAY,
        by=network.coordinator,
    )

    entry = told_as("Moved the membership", network)
    assert Change("Group", "Bergen I", "Bergen II") in entry.changes
    assert "Workplace" not in {change.label for change in entry.changes}


def test_a_confirmation_is_told_in_words(network):
    actions.confirm_own_data(network.ingrid, by=network.ingrid)

    entry = told_as("Confirmed that the data is right", network)
    assert entry.by_name == "Ingrid Solvang"


def test_a_deleted_row_is_still_told(network):
    education = network.ingrid.educations.create(title="Cancer nursing")
    actions.remove_education(education, by=network.coordinator)

    entry = told_as("Removed an education", network)
    assert Change("Title", "Cancer nursing", "") in entry.changes


def test_what_was_done_without_an_action_is_told_plainly(network):
    network.ingrid.work_phone = "+4791111111"
    network.ingrid.save()

    entry = told_as("Changed: person", network)
    assert entry.changes == [Change("Work phone", "900 00 123", "911 11 111")]


def test_an_unknown_verb_is_told_in_its_own_words():
    assert audit.phrase_of("meetings.seat.handed_on") == "Seat handed on"


def test_what_happened_in_a_foreign_network_is_not_told(network):
    Membership.objects.create(
        person=network.ingrid,
        unit=network.far_group,
        workplace=network.membership.workplace,
        profession=ProfessionFactory(),
    )

    def told(viewer):
        entries = history_of(network.ingrid, seen_by=viewer)
        return {change.after for entry in entries for change in entry.changes}

    assert "Romerike" in told(network.outsider)
    assert "Bergen I" not in told(network.outsider)
    assert "Romerike" not in told(network.coordinator)
    assert {"Romerike", "Bergen I"} <= told(network.ingrid)


def test_her_own_doings_in_the_log_are_told_to_herself_only(network):
    audit.record("accounts.session.opened", by=network.ingrid, about=network.ingrid)
    audit.record("reporting.report.read", by=network.coordinator, about=network.ingrid)

    def told(viewer):
        return [entry.phrase for entry in history_of(network.ingrid, seen_by=viewer)]

    assert "Session opened" in told(network.ingrid)
    assert "Session opened" not in told(network.coordinator)
    assert "Report read" in told(network.coordinator)


def test_the_history_page_is_paged(client, network):
    for day in range(1, 29):
        network.ingrid.confirmed_on = dt.date(2026, 1, day)
        network.ingrid.save()
    client.force_login(network.coordinator)

    first = client.get(reverse("members:history", args=[network.ingrid.pk]))
    second = client.get(reverse("members:history", args=[network.ingrid.pk]), {"page": 2})

    assert len(first.context["page_obj"].object_list) == 25
    assert first.context["page_obj"].paginator.num_pages == 2
    assert len(second.context["page_obj"].object_list) == 6
