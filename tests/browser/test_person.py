"""A coordinator puts a person right, on a desktop and without JavaScript."""

import pytest

from members.models import Education
from network.models import Role
from tests.factories import LeaderAssignmentFactory, MembershipFactory, PersonFactory, RoleFactory


@pytest.fixture
def membership():
    person = PersonFactory(
        given_name="Ingrid", family_name="Solvang", work_phone="+4790000123", confirmed_on=None
    )
    membership = MembershipFactory(person=person, unit__name_nb="Bergen I")
    LeaderAssignmentFactory(
        membership=membership, leader__given_name="Hans", leader__family_name="Brekke"
    )
    Education.objects.create(person=person, title="Cancer nursing", completed_in=2019)
    return membership


@pytest.fixture
def coordinator(membership):
    return RoleFactory(kind=Role.Kind.COORDINATOR, unit=membership.unit.parent).person


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_about_a_person_are_accessible_and_fit(
    open_as, axe, fits, coordinator, membership, width, theme
):
    page = open_as(coordinator, width=width, theme=theme)
    person, education = membership.person_id, membership.person.educations.get()

    found = {}
    for address in (
        f"/people/{person}/",
        f"/people/{person}/history/",
        f"/people/{person}/edit/",
        f"/people/{person}/invite/",
        f"/people/{person}/join/",
        "/people/new/",
        f"/education/{education.pk}/",
        f"/memberships/{membership.pk}/edit/",
        f"/memberships/{membership.pk}/move/",
        f"/memberships/{membership.pk}/end/",
        f"/memberships/{membership.pk}/leader/",
        "/wishes/",
    ):
        page.goto(address)
        found[address] = [*axe(page), *([] if fits(page) else ["too wide"])]

    assert {address: faults for address, faults in found.items() if faults} == {}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_coordinator_ends_a_membership_and_reads_it_in_the_history(
    open_as, coordinator, membership, javascript
):
    page = open_as(coordinator, javascript=javascript)
    page.goto(f"/people/{membership.person_id}/")

    page.get_by_role("link", name="End membership").click()
    page.get_by_label("Reason").select_option(label="Has retired")
    page.get_by_role("button", name="End the membership").click()

    assert page.get_by_role("heading", level=1).inner_text() == "Ingrid Solvang"
    assert "Ended the membership" in page.locator("main").inner_text()
    assert "Has retired." in page.locator("main").inner_text()


def test_the_second_of_two_editors_is_shown_both_versions(
    open_as, axe, fits, watch, coordinator, membership
):
    watch.accepted.add(409)
    other = RoleFactory(kind=Role.Kind.ADMINISTRATOR, unit=membership.unit.parent.parent).person
    first, second = open_as(coordinator), open_as(other, width=390)
    for page in (first, second):
        page.goto(f"/people/{membership.person_id}/edit/")
    first.get_by_label("Work phone").fill("911 11 111")
    first.get_by_role("button", name="Save the changes").click()
    first.wait_for_url("**/people/*/")

    second.get_by_label("Work phone").fill("922 22 222")
    second.get_by_role("button", name="Save the changes").click()

    assert second.get_by_role("heading", level=1).inner_text() == "Somebody else has made changes"
    assert axe(second) == []
    assert fits(second)
    second.get_by_label("922 22 222").check()
    second.get_by_role("button", name="Save what I have chosen").click()
    second.wait_for_url("**/people/*/")
    membership.person.refresh_from_db()
    assert membership.person.work_phone == "+4792222222"


@pytest.mark.parametrize("javascript", [True, False])
def test_the_menu_of_a_person_opens(open_as, coordinator, membership, javascript):
    page = open_as(coordinator, width=390, javascript=javascript)
    page.goto(f"/people/{membership.person_id}/")

    page.locator("main summary").click()
    page.get_by_role("link", name="Invite to log in").click()
    page.get_by_role("button", name="Send the invitation").click()

    assert membership.person.invitations.open().count() == 1
