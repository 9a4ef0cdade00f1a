"""Who gets what at which address, by every method (AZ-03): driven by the addresses themselves."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access import (
    ACCESS,
    MISSING,
    NO_SUCH_KEY,
    OBJECTS,
    OWN_ACCOUNT,
    PUBLIC,
    SLOW,
    every_url,
)
from tests.world import build_world

URLS = dict(every_url())
PLACES = ("own", "sibling", "foreign", "missing")
PAGES = {
    app: {
        name: ACCESS[name] for name in sorted(ACCESS.keys() & URLS.keys()) if name.startswith(app)
    }
    for app in {name.split(":")[0] for name in ACCESS}
}
REFUSALS = {403, 404}
NOT_ALLOWED = 405
SERVER_ERROR = 500


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def clients(world):
    found = {}
    for role, person in world.people.items():
        found[role] = Client()
        found[role].force_login(person)
    return found


def address(name, page, world, place):
    if not page.of:
        return reverse(name)
    if place == "missing":
        return reverse(name, args=MISSING.get(page.of, [NO_SUCH_KEY]))
    return reverse(name, args=OBJECTS[page.of](getattr(world, place)))


def answer(client, method, url, **headers):
    """Ask, and undo whatever the answer did."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        status = client.generic(method, url, **headers).status_code
        transaction.set_rollback(True)
    client.cookies = cookies
    return status


def statuses(by_role):
    return " ".join(f"{role}:{status}" for role, status in by_role.items())


def differing(got, expected):
    return {key: (got[key], expected[key]) for key in got if got[key] != expected[key]}


def test_every_address_has_an_entry():
    missing = URLS.keys() - ACCESS.keys() - OWN_ACCOUNT.keys() - PUBLIC.keys()

    assert sorted(missing) == []


def test_no_entry_is_left_over():
    assert sorted(ACCESS.keys() - URLS.keys()) == []


@pytest.mark.parametrize("app", sorted(PAGES))
def test_who_may_open_the_pages(app, world, clients):
    got, expected = {}, {}
    for name, page in PAGES[app].items():
        for place in PLACES if page.of else ("own",):
            url = address(name, page, world, place)
            answers = {role: answer(client, "GET", url) for role, client in clients.items()}
            got[name, place] = statuses(answers)
            expected[name, place] = statuses(page.expected(place))

    assert differing(got, expected) == {}


@pytest.mark.parametrize("app", sorted(PAGES))
def test_no_method_opens_what_the_pages_keep_closed(app, world, clients):
    opened = []
    for name, page in PAGES[app].items():
        if name in SLOW:
            continue
        for place in ("own", "foreign") if page.of else ("own",):
            url = address(name, page, world, place)
            for role, expected in page.expected(place).items():
                opened += [
                    (name, place, role, method, status)
                    for method, status in by_every_method(clients[role], url).items()
                    if not is_fitting(status, expected)
                ]

    assert opened == []


def by_every_method(client, url):
    asked = {
        method: answer(client, method, url) for method in ("HEAD", "POST", "PUT", "PATCH", "DELETE")
    }
    return {**asked, "htmx": answer(client, "GET", url, HTTP_HX_REQUEST="true")}


def is_fitting(status, expected):
    """Closed stays closed, by whatever method; open never breaks."""
    if expected in REFUSALS:
        return status in {expected, NOT_ALLOWED}
    return status not in REFUSALS and (status < SERVER_ERROR or status == expected)


def test_whoever_is_not_logged_in_is_sent_to_the_login(world):
    login = reverse("account_login")
    opened = []
    for name in sorted((ACCESS.keys() & URLS.keys()) - PUBLIC.keys()):
        url = address(name, ACCESS[name], world, "own")
        for method in ("GET", "POST", "HEAD", "OPTIONS", "DELETE"):
            response = Client().generic(method, url)
            if response.status_code != 302 or not response["Location"].startswith(login):
                opened.append((name, method, response.status_code))

    assert opened == []


@pytest.mark.parametrize("name", sorted(OWN_ACCOUNT.keys() & URLS.keys()))
def test_pages_about_the_own_account_ask_for_a_login(name):
    url = reverse(name, kwargs=dict.fromkeys(URLS[name].pattern.converters, 1))

    response = Client().get(url)

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
