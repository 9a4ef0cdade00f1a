"""A real browser against a real server, which must stay silent: no error, no stranger asked."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

# Playwright runs an event loop in this thread; the tests use the ORM beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HEIGHTS = {390: 844, 320: 640}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


class Watch:
    """Collect whatever a page does that it should not."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.accepted: set[int] = set()
        self.problems: list[str] = []
        self.is_resting = False

    def follow(self, page: Page) -> None:
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("request", self.request)
        page.on("requestfailed", self.failure)
        page.on("response", self.response)

    def console(self, message: ConsoleMessage) -> None:
        """Note errors, which is also how a browser tells of what the CSP refused."""
        if self.is_resting:
            return
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")

    def request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme != "data" and f"{address.scheme}://{address.netloc}" != self.origin:
            self.problems.append(f"stranger: {request.url}")

    def failure(self, request: Request) -> None:
        # The browser itself aborts what a new page or a download makes needless.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"failed: {request.url} {request.failure}")

    def response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.accepted:
            self.problems.append(f"{response.status}: {response.url}")


@pytest.fixture
def watch(live_server) -> Iterator[Watch]:
    """Fail the test when one of its pages did something wrong; `watch.accepted` lists statuses."""
    watch = Watch(live_server.url)
    yield watch
    assert watch.problems == []


@pytest.fixture
def open_as(live_server, browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Give what opens a page in a browser of its own: whose, how wide, light or dark."""
    contexts = []

    def open_as(
        person: Any = None,
        *,
        width: int = 1440,
        theme: str = "light",
        javascript: bool = True,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHTS.get(width, 900)},
            has_touch=width < 600,
            color_scheme=theme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
            locale="en-GB",
            accept_downloads=True,
        )
        contexts.append(context)
        if person is not None:
            client = Client()
            client.force_login(person)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}],
            )
        page = context.new_page()
        page.set_default_timeout(10_000)
        watch.follow(page)
        return page

    yield open_as
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_as) -> Page:
    """A desktop, not logged in."""
    return open_as()


@pytest.fixture
def phone(open_as) -> Page:
    """A telephone, not logged in."""
    return open_as(width=390)


@pytest.fixture
def no_js(open_as) -> Page:
    """A desktop without JavaScript, not logged in."""
    return open_as(javascript=False)


@pytest.fixture
def axe(watch: Watch) -> Callable[[Page], list[str]]:
    """Give what lists all that axe-core finds wrong on a page; it gets past the CSP."""
    source = AXE.read_text(encoding="utf-8")

    def axe(page: Page) -> list[str]:
        watch.is_resting = True  # the CSP refuses the style sheet that axe brings along
        page.evaluate(f"{source};undefined")
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})",
            RULES,
        )
        watch.is_resting = False
        return [
            f"{violation['id']}: {node['html'][:160]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return axe


@pytest.fixture(scope="session")
def fits() -> Callable[[Page], bool]:
    """Give what tells whether a page needs no scrolling sideways."""
    return lambda page: page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture(scope="session", autouse=True)
def _static_files_exist() -> None:
    assert finders.find("css/theme.css")
    assert finders.find("bootstrap/css/bootstrap.min.css"), "run npm ci first"
