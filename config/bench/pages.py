"""The roster page beside a bare view: the same queries, the same rows, a plain template."""

from collections.abc import Callable

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.signals import user_logged_in
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.utils import timezone

from accounts.models import Person
from config.bench.measure import Figure, Side, in_turns, queries_of
from config.management.commands.seed_load import ADMINISTRATOR
from members.models import SEES_ROSTER, Membership
from network.models import units_covered_by

ROWS = 50
WORDS = "solvang"
MOST_QUERIES = 12
TIMES = 2.0


def bare_roster(request: HttpRequest) -> HttpResponse:
    person = Person.objects.get(email=ADMINISTRATOR)
    units = units_covered_by(person, SEES_ROSTER)
    rows = Membership.objects.in_units(units).on(timezone.localdate())
    if words := request.GET.get("q"):
        rows = rows.search(words)
    count = rows.count()
    ordered = rows.with_nearest().order_by("person__name_order", "pk")
    keys = list(ordered.values_list("pk", flat=True)[:ROWS])
    found = {row.pk: row for row in Membership.objects.filter(pk__in=keys).for_roster().order_by()}
    page = [found[key] for key in keys]
    return render(request, "bench/roster.html", {"rows": page, "count": count})


urlpatterns = [path("", bare_roster)]


def bare_page(query: dict[str, str]) -> Callable[[], HttpResponseBase]:
    """Return what asks the bare view, through Django's handler without any middleware."""
    handler = BaseHandler()
    with override_settings(MIDDLEWARE=[]):
        handler.load_middleware()

    def ask() -> HttpResponseBase:
        request = RequestFactory(SERVER_NAME="localhost").get("/", query)
        request.urlconf = __name__
        response = handler.get_response(request)
        assert response.status_code == 200, response.status_code  # noqa: S101, PLR2004
        return response

    return ask


def portal_page(query: dict[str, str]) -> Callable[[], HttpResponseBase]:
    """Return what asks the portal's page, logged in, through all of its middleware."""
    client = Client(SERVER_NAME="localhost")

    def strengthen(request: HttpRequest, user: Person, **_: object) -> None:
        record_authentication(request, user, method="mfa", type="bench")

    user_logged_in.connect(strengthen)
    client.force_login(Person.objects.get(email=ADMINISTRATOR))
    user_logged_in.disconnect(strengthen)

    def ask() -> HttpResponseBase:
        response = client.get("/people/", query, secure=True)
        assert response.status_code == 200, response.status_code  # noqa: S101, PLR2004
        return response

    return ask


def measure_page(name: str, what: str, query: dict[str, str]) -> Figure:
    portal, bare = portal_page(query), bare_page(query)
    ms, bare_ms = in_turns(portal, bare)
    asked, bare_asked = queries_of(portal), queries_of(bare)
    return Figure(
        name=name,
        what=what,
        size={"memberships": Membership.objects.count(), "rows shown": ROWS},
        portal=Side(ms, queries=asked, rows_per_second=ROWS / ms * 1000),
        bare=Side(bare_ms, queries=bare_asked, rows_per_second=ROWS / bare_ms * 1000),
        goal=f"at most {MOST_QUERIES} queries and {TIMES:.0f} times the bare view",
        reached=asked <= MOST_QUERIES and ms <= TIMES * bare_ms,
    )


def measure_roster() -> Figure:
    return measure_page("roster", "The first page of the roster, 50 rows", {})


def measure_search() -> Figure:
    return measure_page("search", f"A search in the roster: “{WORDS}”", {"q": WORDS})
