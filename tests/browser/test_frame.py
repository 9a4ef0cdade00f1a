import pytest

from network.models import Role
from tests.factories import PersonFactory, RoleFactory


@pytest.fixture
def coordinator():
    return RoleFactory(kind=Role.Kind.COORDINATOR).person


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390, 320])
def test_the_frame_is_accessible_and_fits(open_as, axe, fits, coordinator, width, theme):
    page = open_as(coordinator, width=width, theme=theme)

    page.goto("/help/")

    assert axe(page) == []
    assert fits(page)


def test_without_javascript_the_menu_of_a_phone_opens_and_closes(open_as, coordinator):
    page = open_as(coordinator, width=390, javascript=False)
    page.goto("/")
    menu = page.get_by_role("navigation", name="Main menu")
    assert not menu.is_visible()

    page.get_by_role("link", name="Menu").click()
    assert menu.is_visible()

    page.get_by_role("link", name="Close the menu").click()
    assert not menu.is_visible()


def test_with_javascript_the_menu_keeps_and_returns_the_focus(open_as, axe, coordinator):
    page = open_as(coordinator, width=390)
    page.goto("/")

    page.get_by_role("link", name="Menu").click()

    menu = page.get_by_role("dialog", name="Menu")
    assert menu.is_visible()
    assert axe(page) == []
    assert page.evaluate("document.activeElement.textContent.trim()") == "Close the menu"

    page.keyboard.press("Escape")

    assert not menu.is_visible()
    assert page.evaluate("document.activeElement.textContent.trim()") == "Menu"
    assert page.url.endswith("/")


def test_the_first_tab_leads_past_the_menu(open_as, coordinator):
    page = open_as(coordinator)
    page.goto("/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


def test_colours_are_chosen_once_and_kept(open_as):
    page = open_as(PersonFactory(), theme="light")
    page.goto("/")
    white = "rgb(255, 255, 255)"
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == white

    page.locator("summary", has_text="Account menu").click()
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(background) == "rgb(20, 24, 25)"

    page.goto("/help/")
    assert page.evaluate(background) == "rgb(20, 24, 25)"
