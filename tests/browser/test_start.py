"""The start page of each role, as a browser shows it."""

import pytest
from django.utils import timezone

from accounts.models import Person
from network.models import Role, UnitArea
from tests.factories import (
    GroupFactory,
    LeaderAssignmentFactory,
    MembershipFactory,
    PersonFactory,
    RoleFactory,
    WorkplaceFactory,
)

ROLES = ("coordinator", "leader", "member", "reader", "stranger")


@pytest.fixture
def people():
    """One person of each role, around a group with something to act on and a very long name."""
    group = GroupFactory(
        name_nb="Bydelene og kommunene langs den ytre skipsleia",
        slug="outer",
        parent__name_nb="Kompetansenettverket for lindrende behandling",
        parent__slug="palliative",
    )
    member, leader = PersonFactory(given_name="Ingrid"), PersonFactory()
    membership = MembershipFactory(unit=group, person=member)
    LeaderAssignmentFactory(membership=membership, leader=leader)
    MembershipFactory(unit=group, person=PersonFactory(is_active=False))
    UnitArea.objects.create(unit=group, workplace=WorkplaceFactory(area=group.parent.parent))
    return {
        "coordinator": RoleFactory(unit=group.parent, kind=Role.Kind.COORDINATOR).person,
        "leader": leader,
        "member": member,
        "reader": RoleFactory(unit=group.parent, kind=Role.Kind.READER).person,
        "stranger": PersonFactory(),
    }


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark"), (320, "light")])
def test_the_start_page_of_every_role_is_accessible_and_fits(
    open_as, axe, fits, people, width, theme
):
    found = {}
    for role in ROLES:
        page = open_as(people[role], width=width, theme=theme)
        page.goto("/")
        found[role] = (axe(page), fits(page))

    assert found == dict.fromkeys(ROLES, ([], True))


def test_on_a_phone_what_needs_attention_comes_before_the_figures(open_as, people):
    def top(page, selector):
        return page.locator(selector).bounding_box()["y"]

    desk, phone = open_as(people["coordinator"]), open_as(people["coordinator"], width=390)
    for page in (desk, phone):
        page.goto("/")

    assert top(desk, "#attention") > top(desk, ".rn-stats")
    assert top(phone, "#attention") < top(phone, ".rn-stats")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_coordinator_narrows_the_page_to_one_group(open_as, people, javascript):
    page = open_as(people["coordinator"], javascript=javascript)
    page.goto("/")

    page.locator(".rn-mast summary", has_text="Kompetansenettverket").click()
    page.get_by_role("link", name="Bydelene og kommunene").first.click()

    assert page.url.endswith("/?unit=outer")
    assert page.locator(".rn-mast").get_by_text("Bydelene og kommunene").first.is_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_resource_person_confirms_her_data_on_her_phone(open_as, people, javascript):
    page = open_as(people["member"], width=390, javascript=javascript)
    page.goto("/")

    page.get_by_role("button", name="Yes, all is right").click()
    page.wait_for_load_state()

    member = Person.objects.get(pk=people["member"].pk)
    assert member.confirmed_on == timezone.localdate()


def test_everything_to_act_on_is_reached_by_keyboard(open_as, people):
    page = open_as(people["coordinator"])
    page.goto("/")
    action = page.get_by_role("link", name="See the vacancies")

    for _ in range(60):
        page.keyboard.press("Tab")
        if action.evaluate("link => link === document.activeElement"):
            break
    outline = action.evaluate("link => getComputedStyle(link).outlineWidth")
    page.keyboard.press("Enter")
    page.wait_for_load_state()

    assert outline == "3px"
    assert page.get_by_role("heading", level=1).inner_text() == "Coverage"
