import datetime as dt

import pytest

from core.exceptions import Refused
from members import actions
from tests.factories import LeaderAssignmentFactory, MembershipFactory, PersonFactory

TODAY = dt.date(2026, 11, 20)


def test_an_ended_membership_ends_its_leaders_too():
    coordinator = PersonFactory()
    assignment = LeaderAssignmentFactory()

    actions.end_membership(assignment.membership, on=TODAY, reason="retired", by=coordinator)

    assignment.refresh_from_db()
    assert assignment.ends_on == TODAY
    assert assignment.membership.ends_on == TODAY


def test_a_membership_ends_once():
    membership = MembershipFactory(ends_on=TODAY)

    with pytest.raises(Refused, match=r"This membership has already ended\."):
        actions.end_membership(membership, on=TODAY, by=None)


def test_the_history_says_what_was_done_and_by_whom():
    coordinator = PersonFactory(given_name="Marit", family_name="Aasen")
    membership = MembershipFactory()

    actions.end_membership(membership, on=TODAY, by=coordinator)

    change = membership.events.get(pgh_label="update")
    assert change.pgh_context.metadata["verb"] == "members.membership.ended"
    assert change.pgh_context.metadata["by_name"] == "Marit Aasen"
