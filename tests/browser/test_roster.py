import pytest
from django.urls import reverse

from core import jobs
from core.models import Job
from members.models import Membership
from tests.factories import (
    GroupFactory,
    LeaderAssignmentFactory,
    MembershipFactory,
    NetworkFactory,
    PersonFactory,
    RoleFactory,
)


@pytest.fixture
def network():
    return NetworkFactory(name_nb="Nurses", slug="nurses")


@pytest.fixture
def coordinator(network):
    return RoleFactory(unit=network).person


@pytest.fixture
def group(network):
    group = GroupFactory(parent=network, name_nb="Bergen I", slug="bergen-1")
    for given in ["Ida", "Siv", "Áilu", "Åse"]:
        person = PersonFactory(given_name=given, family_name="Vik", is_active=given != "Siv")
        membership = MembershipFactory(person=person, unit=group)
        if given != "Åse":
            LeaderAssignmentFactory(membership=membership)
    return group


def names(page):
    return page.locator("tbody th a").all_inner_texts()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_roster_is_accessible_and_fits(open_as, axe, fits, coordinator, group, width, theme):
    page = open_as(coordinator, width=width, theme=theme)
    page.goto(reverse("members:roster"))
    assert axe(page) == []

    page.get_by_label("Choose Ida Vik").check()

    assert axe(page) == []
    assert fits(page)


def test_the_list_follows_what_is_typed_and_chosen(open_as, axe, coordinator, group):
    page = open_as(coordinator)
    page.goto(reverse("members:roster"))

    page.get_by_label("Search").press_sequentially("ailu")
    page.locator("#roster-lead", has_text="1 hit").wait_for()

    assert names(page) == ["Áilu Vik"]
    assert page.url.endswith("?q=ailu")
    assert page.locator("#roster-said").inner_text() == "1 hit"
    assert axe(page) == []

    page.get_by_role("link", name="Remove the filter: Search: ailu").click()
    page.get_by_label("Missing").select_option("leader")
    page.locator("#roster-lead", has_text="1 hit").wait_for()

    assert names(page) == ["Åse Vik"]


def test_without_javascript_the_filters_are_a_form(open_as, coordinator, group):
    page = open_as(coordinator, javascript=False)
    page.goto(reverse("members:roster"))

    page.get_by_label("Missing").select_option("leader")
    page.get_by_role("button", name="Show the list").click()

    assert names(page) == ["Åse Vik"]


@pytest.mark.parametrize("javascript", [True, False])
def test_the_chosen_are_moved(open_as, axe, coordinator, group, network, javascript):
    voss = GroupFactory(parent=network, name_nb="Voss", slug="voss")
    page = open_as(coordinator, javascript=javascript)
    page.goto(reverse("members:roster"))
    page.get_by_label("Choose Ida Vik").check()
    page.get_by_label("Choose Siv Vik").check()

    page.get_by_role("button", name="Move to a group").click()
    page.get_by_label("Group").select_option(str(voss.pk))
    page.get_by_role("button", name="See whom it concerns").click()
    if javascript:
        assert axe(page) == []
    page.get_by_role("button", name="Move 2 persons").click()

    assert page.get_by_text("2 persons have moved to Voss.").is_visible()
    moved = Membership.objects.open().filter(unit=voss)
    assert {row.person.given_name for row in moved} == {"Ida", "Siv"}


def test_the_list_is_exported(open_as, axe, settings, tmp_path, coordinator, group):
    settings.MEDIA_ROOT = tmp_path
    page = open_as(coordinator)
    page.goto(reverse("members:roster") + "?q=vik&sort=-name")

    page.get_by_role("link", name="Export").click()
    assert axe(page) == []
    page.get_by_label("Text with semicolons (CSV)").check()
    page.get_by_role("button", name="Make the file").click()
    page.wait_for_url("**/jobs/*/")
    jobs.run(Job.objects.get().pk)
    page.reload()

    with page.expect_download() as download:
        page.get_by_role("link", name="roster-").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(";")[1] for line in lines[1:]] == ['"Åse"', '"Siv"', '"Ida"', '"Áilu"']
