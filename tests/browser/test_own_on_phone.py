"""A nurse on a phone, twice a year: look, correct, confirm."""

import pytest
from django.utils import timezone

from members.models import Education
from tests.factories import LeaderAssignmentFactory, MembershipFactory, PersonFactory, RoleFactory


@pytest.fixture
def membership():
    person = PersonFactory(given_name="Ingrid", family_name="Solvang", work_phone="+4790000123")
    membership = MembershipFactory(person=person, unit__name_nb="Bergen I")
    LeaderAssignmentFactory(membership=membership)
    RoleFactory(unit=membership.unit.parent)
    Education.objects.create(person=person, title="Cancer nursing", completed_in=2019)
    return membership


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390, 320])
def test_the_own_pages_are_accessible_and_fit(open_as, axe, fits, membership, width, theme):
    page = open_as(membership.person, width=width, theme=theme)

    found = {}
    for address in (
        "/me/",
        "/me/contact/",
        "/me/confirm/",
        "/me/who-sees/",
        "/me/data/",
        f"/me/{membership.pk}/workplace/",
        f"/me/{membership.pk}/leader/",
        f"/me/{membership.pk}/ask/",
    ):
        page.goto(address)
        found[address] = [*axe(page), *([] if fits(page) else ["too wide"])]

    assert {address: faults for address, faults in found.items() if faults} == {}


@pytest.mark.parametrize("javascript", [True, False])
def test_a_nurse_corrects_her_phone_and_confirms(open_as, membership, javascript):
    phone = open_as(membership.person, width=390, javascript=javascript)
    phone.goto("/me/")

    phone.get_by_role("link", name="Change phone").click()
    phone.get_by_label("Work phone").fill("911 11 111")
    phone.get_by_role("button", name="Save my contact data").click()
    assert "911\N{NO-BREAK SPACE}11\N{NO-BREAK SPACE}111" in phone.locator("main").inner_text()
    phone.get_by_role("button", name="Yes, all is right").click()

    assert "You have confirmed that everything is right." in phone.locator("main").inner_text()
    membership.person.refresh_from_db()
    assert membership.person.work_phone == "+4791111111"
    assert membership.person.confirmed_on == timezone.localdate()


def test_the_confirmation_comes_before_everything_else_on_a_phone(open_as, membership):
    phone = open_as(membership.person, width=390)
    phone.goto("/me/")

    button = phone.get_by_role("button", name="Yes, all is right").bounding_box()

    assert button["y"] + button["height"] < 844
    assert button["height"] >= 40


def test_a_mistake_is_told_beside_the_field_and_above_the_form(open_as, axe, membership):
    phone = open_as(membership.person, width=390)
    phone.goto("/me/contact/")
    phone.get_by_label("Work phone").fill("twelve")
    phone.get_by_role("button", name="Save my contact data").click()

    assert phone.title().startswith("Error:")
    assert phone.get_by_label("Work phone").input_value() == "twelve"
    assert axe(phone) == []
