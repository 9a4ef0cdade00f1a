import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    GroupFactory,
    LeaderAssignmentFactory,
    MembershipFactory,
    MunicipalityFactory,
    NetworkFactory,
    PersonFactory,
    ProfessionFactory,
    RoleFactory,
    WorkplaceFactory,
)


@pytest.fixture
def network():
    return NetworkFactory()


@pytest.fixture
def group(network):
    return GroupFactory(parent=network, name_nb="Bergen I", slug="bergen-1")


@pytest.fixture
def coordinator(network):
    return RoleFactory(unit=network).person


@pytest.fixture
def client(client, coordinator):
    client.force_login(coordinator)
    return client


def names(client, **asked):
    """Return the names on the roster, from top to bottom."""
    response = client.get(reverse("members:roster"), asked)
    return [line.person.name for line in response.context["roster"].lines]


def member(given, family="Vik", *, unit, **fields):
    person = PersonFactory(given_name=given, family_name=family, **fields.pop("person", {}))
    return MembershipFactory(person=person, unit=unit, **fields)


def test_the_roster_shows_the_active_members_of_the_units_one_covers(client, group):
    member("Ida", unit=group)
    member("Siv", unit=group, ends_on=dt.date(2025, 1, 1))
    member("Ola", unit=GroupFactory())

    assert names(client) == ["Ida Vik"]


def test_the_roster_stands_in_norwegian_order(client, group):
    for given in ["Åse", "Aaron", "Ærlend", "Øyvind", "Zara", "Ada"]:
        member(given, unit=group)

    assert names(client) == [
        "Ada Vik", "Zara Vik", "Ærlend Vik", "Øyvind Vik", "Aaron Vik", "Åse Vik",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ås", ["Tor Ås"]),
        ("ÅS tor", ["Tor Ås"]),
        ("ailu", ["Áilu Sara"]),
        ("nordvik", ["Ida Vik"]),
        ("ida nordvik", ["Ida Vik"]),
        ("ida sørvik", []),
        ("100%", []),
    ],
)
def test_the_search_forgives(client, group, words, found):
    member("Tor", "Ås", unit=group)
    member("Áilu", "Sara", unit=group)
    area = group.parent.parent
    member("Ida", unit=group, workplace=WorkplaceFactory(name="Nordvik sykehjem", area=area))

    assert names(client, q=words) == found


def test_each_filter_narrows_the_list(client, group, network):
    area = network.parent
    municipality = MunicipalityFactory(name="Fjordby")
    ward = WorkplaceFactory(area=area, municipality=municipality, service_level="specialist")
    other = GroupFactory(parent=network)
    nurse = ProfessionFactory(code="midwife")
    ida = member("Ida", unit=group, workplace=ward)
    LeaderAssignmentFactory(membership=ida)
    member("Siv", unit=other, profession=nurse, person={"work_phone": "55123456"})

    assert names(client, unit=group.slug) == ["Ida Vik"]
    assert names(client, unit=network.slug) == ["Ida Vik", "Siv Vik"]
    assert names(client, municipality=municipality.pk) == ["Ida Vik"]
    assert names(client, level="specialist") == ["Ida Vik"]
    assert names(client, workplace=ward.pk) == ["Ida Vik"]
    assert names(client, profession="midwife") == ["Siv Vik"]
    assert names(client, missing="leader") == ["Siv Vik"]
    assert names(client, missing="phone") == ["Ida Vik"]


def test_the_status_says_who_is_member_when(client, group):
    today = timezone.localdate()
    member("Now", unit=group)
    member("Then", unit=group, ends_on=dt.date(2024, 1, 1))
    member("Soon", unit=group, starts_on=today + dt.timedelta(days=9))

    assert names(client) == ["Now Vik"]
    assert names(client, status="ended") == ["Then Vik"]
    assert names(client, status="coming") == ["Soon Vik"]
    assert names(client, status="all") == ["Now Vik", "Soon Vik", "Then Vik"]
    assert names(client, on="2023-05-01") == ["Now Vik", "Then Vik"]


def test_what_is_missing_is_found(client, group):
    today = timezone.localdate()
    new = {"is_active": False}
    member("New", unit=group, person=new)
    member("Invited", unit=group, person={"confirmed_on": today - dt.timedelta(days=200)})
    seen = {"last_login": timezone.now(), "confirmed_on": today}
    member("Seen", unit=group, person=seen)

    assert names(client, missing="invitation") == ["New Vik"]
    assert names(client, missing="login") == ["Invited Vik"]
    assert names(client, missing="confirmation") == ["Invited Vik", "New Vik"]


@pytest.mark.parametrize("key", ["name", "workplace", "group", "leader", "account", "confirmed"])
def test_every_column_orders_the_list_both_ways(client, group, key):
    first = member("Ada", unit=group, person={"is_active": False})
    second = member("Bo", unit=group, person={"confirmed_on": dt.date(2026, 1, 1)})
    third = member(
        "Eva",
        unit=group,
        person={"confirmed_on": dt.date(2026, 2, 1), "last_login": timezone.now()},
    )
    LeaderAssignmentFactory(membership=second, leader=PersonFactory(given_name="Liv"))
    LeaderAssignmentFactory(membership=third, leader=PersonFactory(given_name="Åse"))
    forwards = [str(row.person) for row in (first, second, third)]

    assert names(client, sort=key) == forwards
    assert names(client, sort=f"-{key}") == forwards[::-1]


def test_the_list_has_pages_of_the_chosen_size(client, group):
    for number in range(30):
        member(f"P{number:02}", unit=group)

    assert len(names(client)) == 30
    assert len(names(client, size="25")) == 25
    assert names(client, size="25", page="2") == [f"P{n} Vik" for n in range(25, 30)]
    assert len(names(client, size="1000000")) == 30


@pytest.mark.parametrize(
    "asked",
    [
        {"page": "abc"}, {"page": "-1"}, {"page": "9" * 40}, {"page": str(2**63)},
        {"sort": "evil"}, {"sort": "person__password"}, {"sort": "--name"},
        {"size": "abc"}, {"q": "i " * 99}, {"nonsense": "1"},
    ],
)  # fmt: skip
def test_a_senseless_parameter_is_passed_over(client, group, asked):
    member("Ida", unit=group)

    assert names(client, **asked) == ["Ida Vik"]


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "x" * 10_000}, {"status": "evil"}, {"missing": "x"},
        {"profession": "none"}, {"municipality": "9e999"}, {"municipality": str(2**63)},
        {"level": "x"}, {"on": "yesterday"}, {"on": "2026-02-30"},
    ],
)  # fmt: skip
def test_an_unknown_filter_finds_nobody_and_says_so(client, group, asked):
    member("Ida", unit=group)

    response = client.get(reverse("members:roster"), asked)

    assert response.status_code == 200
    assert response.context["roster"].lines == []
    assert "This list cannot be shown" in response.text


@pytest.mark.parametrize("asked", [{"unit": "nowhere"}, {"workplace": "0"}, {"workplace": "x"}])
def test_what_does_not_exist_is_not_found(client, asked):
    assert client.get(reverse("members:roster"), asked).status_code == 404


@pytest.mark.parametrize("key", ["q", "unit", "workplace", "sort", "page", "size", "on"])
def test_a_nul_is_a_bad_request(client, key):
    assert client.get(reverse("members:roster"), {key: "\x00"}).status_code == 400


def test_an_htmx_request_gets_the_table_the_chips_and_the_count(client, group):
    member("Ida", unit=group)

    response = client.get(reverse("members:roster"), {"q": "ida"}, headers={"HX-Request": "true"})

    assert "<html" not in response.text
    assert response["HX-Replace-Url"] == "/people/?q=ida"
    assert 'id="roster-chips" aria-label="Filters in use" hx-swap-oob="true"' in response.text
    assert 'id="roster-said" hx-swap-oob="innerHTML">1 hit</p>' in response.text


def test_the_page_restored_by_the_back_button_is_whole(client):
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    assert "<html" in client.get(reverse("members:roster"), headers=back).text


def test_a_chip_takes_its_filter_away(client, group):
    response = client.get(reverse("members:roster"), {"q": "ida", "unit": group.slug, "page": "2"})

    assert [
        (str(chip.label), str(chip.words), chip.query)
        for chip in response.context["roster"].filter.chips
    ] == [
        ("Search", "ida", "unit=bergen-1&status=active"),
        ("Network or group", "Bergen I", "q=ida&status=active"),
        ("Status", "Active", "q=ida&unit=bergen-1&status=all"),
    ]


@pytest.mark.parametrize("rows", [1, 5, 60])
def test_the_number_of_queries_does_not_follow_the_number_of_rows(
    client, group, rows, django_assert_max_num_queries
):
    for number in range(rows):
        LeaderAssignmentFactory(membership=member(f"P{number}", unit=group))

    with django_assert_max_num_queries(12):
        client.get(reverse("members:roster"))
