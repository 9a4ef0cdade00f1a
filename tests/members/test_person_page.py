import pytest
from django.urls import reverse

from tests.factories import (
    LeaderAssignmentFactory,
    MembershipFactory,
    PersonFactory,
    RoleFactory,
)


@pytest.fixture
def membership():
    person = PersonFactory(
        given_name="Ingrid",
        family_name="Solvang",
        email="ingrid@example.org",
        work_phone="90000123",
    )
    return MembershipFactory(person=person, unit__name_nb="Bergen I")


@pytest.fixture
def coordinator(membership):
    return RoleFactory(unit=membership.unit.parent).person


def test_a_coordinator_reads_everything_about_her_member(client, membership, coordinator):
    LeaderAssignmentFactory(membership=membership, leader__given_name="Håkon")
    client.force_login(coordinator)

    page = client.get(reverse("members:person", args=[membership.person_id]))

    assert page.status_code == 200
    assert "Ingrid Solvang" in page.text
