"""The side doors: a walk through every page as every role, looking for what must not be there."""

import io
import re
import zipfile
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.access import ACCESS, OBJECTS, SLOW, every_url
from tests.world import build_world

URLS = dict(every_url())
INJECTED = "<x-canary onload=1>\"'"
MARKS = {name: f"Zq{name} {INJECTED}" for name in ("own", "sibling", "foreign")}
# What a role may know beside its own place. An administrator covers the siblings too.
MUST_NOT_SEE = dict.fromkeys("CGLMRO", ("zqforeign", "zqsibling")) | {"A": ("zqforeign",)}
# Reading another's data is itself recorded, and sessions are not business.
MAY_GROW = {"core_logentry", "django_session", "usersessions_usersession", "pghistory_context"}
MOST_PAGES = 400


@pytest.fixture
def world():
    return build_world(MARKS)


def client_of(world, role):
    client = Client(raise_request_exception=False)
    client.force_login(world.people[role])
    return client


def starting_points(world):
    """Return the addresses of every page about the objects of the own place."""
    for name in sorted((ACCESS.keys() & URLS.keys()) - SLOW):
        page = ACCESS[name]
        yield reverse(name, args=OBJECTS[page.of](world.own) if page.of else [])


def links_in(html):
    for found in re.findall(r'\s(?:href|hx-get|src)="([^"]*)"', html):
        link = unquote(found.replace("&amp;", "&"))
        if link.startswith("/") and not link.startswith(("/static/", "/accounts/", "/demo/")):
            yield link.split("#")[0]


def text_of(response):
    """Return what a response says, also inside a spreadsheet."""
    content = b"".join(response) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return content.decode("utf-8", "replace")


def walk(client, world):
    """Yield every page that can be reached: by address, and by every link on the way."""
    waiting, seen = list(starting_points(world)), set()
    while waiting and len(seen) < MOST_PAGES:
        url = waiting.pop(0)
        if url in seen:
            continue
        seen.add(url)
        response = client.get(url)
        text = text_of(response)
        yield url, response, text
        if response.get("Content-Type", "").startswith("text/html"):
            waiting += [link for link in links_in(text) if link not in seen]


def fingerprint():
    """Return the number of rows and the newest change of every table, asked of the database."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if not model._meta.managed or model._meta.proxy or table in MAY_GROW:
                continue
            cursor.execute(
                f"SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM \"{table}\" t"
            )
            found[table] = cursor.fetchone()
    return found


@pytest.mark.parametrize("role", "ACGLMRO")
def test_a_walk_meets_nothing_foreign_and_changes_nothing(role, world):
    client = client_of(world, role)
    before = fingerprint()
    faults, pages = [], 0

    for url, response, text in walk(client, world):
        pages += 1
        said = text.lower()
        if response.status_code >= 500 and url != reverse("core:ready"):
            faults.append((url, response.status_code))
        faults += [(url, canary) for canary in MUST_NOT_SEE[role] if canary in said]
        if "text/html" in response.get("Content-Type", "") and "<x-canary" in text:
            faults.append((url, "unescaped"))

    assert faults == []
    assert pages > 20
    assert fingerprint() == before


def test_the_walk_would_have_met_what_is_ones_own(world):
    """The canaries sing: else their silence would prove nothing."""
    said = "".join(text.lower() for _url, _response, text in walk(client_of(world, "C"), world))

    for part in ("group", "network", "description", "alias", "ward", "member", "leader"):
        assert "&lt;x-canary" in said
        assert re.search(rf"zqown [^\n]*{part}", said), part


NASTY = [
    "-1",
    "0",
    "9e999",
    str(2**63),
    "\N{FULLWIDTH DIGIT TWO}",
    "a\0b",
    "' OR 1=1 --",
    "%ff%fe",
    "null",
    "x" * 5000,
    "2026-13-45",
    "../../etc/passwd",
]
COMMON = ("q", "page", "sort", "unit", "kind", "level", "status", "group", "profession", "steps")


def test_no_malformed_parameter_breaks_a_page(world):
    client = client_of(world, "A")
    broken = []
    for url in starting_points(world):
        names = set(COMMON)
        response = client.get(url)
        if response.status_code == 200 and "html" in response.get("Content-Type", ""):
            names |= set(re.findall(r'\sname="([a-z_0-9-]+)"', text_of(response)))
        for value in NASTY:
            answer = client.get(url, {**dict.fromkeys(names, value), "x[]": value})
            if answer.status_code >= 500 and url != reverse("core:ready"):
                broken.append((url, value[:20], answer.status_code))

    assert broken == []


def test_no_malformed_form_breaks_a_page(world):
    client = client_of(world, "A")
    broken = []
    for url in starting_points(world):
        response = client.get(url)
        if response.status_code != 200 or "html" not in response.get("Content-Type", ""):
            continue
        names = set(re.findall(r'\sname="([A-Za-z_0-9-]+)"', text_of(response)))
        for value in NASTY:
            with transaction.atomic():
                answer = client.post(url, dict.fromkeys(names - {"csrfmiddlewaretoken"}, value))
                transaction.set_rollback(True)
            if answer.status_code >= 500 and url != reverse("core:ready"):
                broken.append((url, value[:20], answer.status_code))

    assert broken == []


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_no_number_in_an_address_breaks_a_page(number, world):
    client = client_of(world, "A")
    broken = []
    for name in sorted(ACCESS.keys() & URLS.keys()):
        page = ACCESS[name]
        if page.of and "int:" in str(URLS[name].pattern):
            _first, *rest = OBJECTS[page.of](world.own)
            url = reverse(name, args=[number, *rest])
            if client.get(url).status_code != 404:
                broken.append(url)

    assert broken == []


def test_nothing_is_posted_without_a_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["A"])
    before = fingerprint()

    passed = [
        (url, status)
        for url in starting_points(world)
        if (status := client.post(url, {}).status_code) not in {403, 404, 405}
    ]

    assert passed == []
    assert fingerprint() == before


def test_every_answer_carries_the_headers(world):
    client = client_of(world, "A")
    missing = []
    for url in ["/no-such-page/", *starting_points(world)]:
        headers = client.get(url).headers
        for name, value in {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }.items():
            if headers.get(name) != value:
                missing.append((url, name, headers.get(name)))
        if "no-store" not in headers.get("Cache-Control", ""):
            missing.append((url, "Cache-Control", headers.get("Cache-Control")))
        if "default-src 'none'" not in headers.get("Content-Security-Policy", ""):
            missing.append((url, "CSP", headers.get("Content-Security-Policy")))

    assert missing == []
