"""Figures, coverage, help, privacy, language, colours and the pages that machines ask for."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from network.models import Role, UnitArea
from tests.factories import (
    GroupFactory,
    MembershipFactory,
    NetworkFactory,
    PersonFactory,
    ProfessionFactory,
    RoleFactory,
    WorkplaceFactory,
)

TODAY = timezone.localdate()


@pytest.fixture
def group():
    return GroupFactory(name_nb="Harbour", slug="harbour", parent__name_nb="Nurses")


@pytest.fixture
def coordinator(group):
    return RoleFactory(unit=group.parent, kind=Role.Kind.COORDINATOR).person


def test_the_figures_of_a_day_count_by_network_and_profession(client, group, coordinator):
    nurse = ProfessionFactory(name_nb="Nurse", name_nn="Nurse")
    person = PersonFactory()
    day = dt.date(2024, 3, 1)
    MembershipFactory(unit=group, person=person, profession=nurse, starts_on=day)
    MembershipFactory(
        unit=GroupFactory(parent=group.parent), person=person, profession=nurse, starts_on=day
    )
    MembershipFactory(unit=group, profession=nurse, starts_on=dt.date(2020, 1, 1), ends_on=day)
    MembershipFactory(profession=nurse, starts_on=day)
    client.force_login(coordinator)
    url = reverse("overview:figures")

    on_the_day = client.get(url, {"on": "2024-03-01"}).context
    before = client.get(url, {"on": "2024-02-29"}).context
    long_ago = client.get(url, {"on": "2019-01-01"}).context

    assert on_the_day["total"] == 1
    assert [(row.name, row.persons) for row in on_the_day["networks"]] == [("Nurses", 1)]
    assert [(row.name, row.persons) for row in on_the_day["professions"]] == [("Nurse", 1)]
    assert (before["total"], long_ago["total"]) == (1, 0)


@pytest.mark.parametrize("day", ["", "yesterday", "2024-02-31", "0000-00-00"])
def test_a_day_that_is_none_means_today(client, coordinator, day):
    client.force_login(coordinator)

    response = client.get(reverse("overview:figures"), {"on": day})

    assert response.context["day"] == TODAY


def test_the_vacancies_are_listed_by_group(django_app, group, coordinator):
    area = group.parent.parent
    for name in ("Zeta", "Alpha"):
        UnitArea.objects.create(unit=group, workplace=WorkplaceFactory(name=name, area=area))
    covered = WorkplaceFactory(name="Covered", area=area)
    MembershipFactory(unit=group, workplace=covered)

    page = django_app.get(reverse("overview:coverage"), user=coordinator)

    rows = page.html.select_one("#vacancies").find_parent("section").select("tbody tr th a")
    assert [row.text for row in rows] == ["Alpha", "Zeta"]


def test_help_names_whom_to_ask_and_tells_strangers_nothing(client, coordinator, group):
    member = MembershipFactory(unit=group).person
    url = reverse("overview:help")

    stranger = client.get(url)
    client.force_login(member)
    known = client.get(url)

    assert [role.person for role in stranger.context["contacts"]] == []
    assert [role.person for role in known.context["contacts"]] == [coordinator]


def test_the_accessibility_statement_is_where_the_law_wants_it(client, settings):
    settings.ACCESSIBILITY_STATEMENT_URL = "https://uustatus.example/statement/1"

    response = client.get(reverse("overview:accessibility"))

    assert response["Location"] == "https://uustatus.example/statement/1"


def test_machines_find_whom_to_tell_and_where_the_password_is_changed(client, settings):
    settings.SECURITY_EMAIL = "safety@example.org"

    text = client.get("/.well-known/security.txt")

    assert text["Content-Type"] == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in text.content.decode().splitlines())
    assert lines["Contact"] == "mailto:safety@example.org"
    assert dt.datetime.fromisoformat(lines["Expires"]) > timezone.now()
    assert client.get("/.well-known/change-password").url == reverse("account_change_password")


# -- Language and colours ----------------------------------------------------------------------


def test_a_person_chooses_her_language_for_good(client):
    person = PersonFactory(language="en")
    client.force_login(person)

    response = client.post(reverse("overview:language"), {"language": "nn", "next": "/help/?a=b"})

    assert response.url == "/help/?a=b"
    assert Person.objects.get(pk=person.pk).language == "nn"
    assert client.get("/help/")["Content-Language"] == "nn"


def test_whoever_is_not_logged_in_chooses_for_the_browser(client):
    client.post(reverse("overview:language"), {"language": "nn"})

    assert client.get("/help/")["Content-Language"] == "nn"


def test_a_language_we_do_not_have_changes_nothing(client):
    person = PersonFactory(language="en")
    client.force_login(person)

    client.post(reverse("overview:language"), {"language": "fr"})

    assert Person.objects.get(pk=person.pk).language == "en"


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:x"])
@pytest.mark.parametrize("name", ["overview:language", "overview:theme"])
def test_the_way_back_never_leads_out(client, name, address):
    response = client.post(reverse(name), {"language": "nn", "theme": "dark", "next": address})

    assert response.url == "/"


@pytest.mark.parametrize(
    ("chosen", "sheets"),
    [
        ("light", []),
        ("dark", [None]),
        ("", ["(prefers-color-scheme: dark)"]),
        ("pink", ["(prefers-color-scheme: dark)"]),
    ],
)
def test_dark_colours_are_linked_for_those_who_want_them(django_app, chosen, sheets):
    django_app.set_cookie("theme", chosen)

    page = django_app.get("/help/")

    assert [sheet.get("media") for sheet in page.html.select('link[href$="dark.css"]')] == sheets


# -- The menu ----------------------------------------------------------------------------------


def menu(django_app, person, url="/"):
    page = django_app.get(url, user=person)
    return {link.span.text: link for link in page.html.select("nav.rn-nav > ul a")}


def test_the_menu_holds_what_the_person_may_open_and_every_link_leads_there(
    django_app, group, coordinator
):
    links = menu(django_app, coordinator)

    assert [*links] == [
        "Overview", "My page", "People", "Wishes", "Import", "Coverage", "Figures", "Units",
        "Workplaces", "Help",
    ]  # fmt: skip
    for link in links.values():
        assert django_app.get(link["href"], user=coordinator).status_code == 200


def test_a_resource_person_has_a_short_menu(django_app, group):
    person = MembershipFactory(unit=group).person

    assert [*menu(django_app, person)] == ["Overview", "My page", "Units", "Workplaces", "Help"]


def test_the_page_one_is_at_is_marked_also_from_below(django_app, group, coordinator):
    def current(url):
        found = menu(django_app, coordinator, url)
        return [name for name, link in found.items() if link.get("aria-current")]

    assert current("/") == ["Overview"]
    assert current("/people/") == ["People"]
    assert current("/people/import/") == ["Import"]
    assert current(group.get_absolute_url()) == ["Units"]


def test_the_unit_chosen_stays_chosen_in_the_menu(django_app, group, coordinator):
    links = menu(django_app, coordinator, "/?unit=harbour")

    assert links["People"]["href"] == "/people/?unit=harbour"
    assert links["Workplaces"]["href"] == "/workplaces/"


def test_the_units_to_choose_from_are_those_covered_in_the_order_of_the_tree(
    django_app, group, coordinator
):
    NetworkFactory(parent=group.parent.parent)

    page = django_app.get("/figures/", user=coordinator)

    choices = page.html.select(".rn-mast .rn-menu__list a[href^='/figures/?unit=']")
    assert [choice.text for choice in choices] == ["Nurses", "Harbour"]


def test_who_is_not_logged_in_gets_no_menu(django_app):
    page = django_app.get("/help/")

    assert page.html.select("nav.rn-nav") == []
