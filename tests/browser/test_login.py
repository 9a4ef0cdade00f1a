"""The way in, as people meet it: a phone, a coordinator's first day, a passkey."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache

from accounts import actions
from core.models import OutgoingMail
from tests.factories import PersonFactory, RoleFactory

# The start page, and not another address that ends in a stroke.
START = re.compile(r"^https?://[^/]+/$")

pytestmark = pytest.mark.mfa


@pytest.fixture(autouse=True)
def _own_address(live_server, settings):
    """The mails lead to the server of the test, and passkeys are bound to its name."""
    cache.clear()
    settings.SITE_URL = live_server.url


@pytest.fixture
def person():
    return PersonFactory(email="ada@example.org", given_name="Ada")


@pytest.fixture
def coordinator():
    return RoleFactory(person__email="marit@example.org").person


def code_in_mail(address):
    """Return the code of the newest mail, which the page may still be about to send."""
    for _ in range(50):
        if mail := OutgoingMail.objects.filter(address=address).order_by("-pk").first():
            return re.search(r"\b\d{6}\b", mail.text).group()
        time.sleep(0.1)
    raise AssertionError(f"No mail to {address}")


def log_in(page, email):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address at work").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/login/code/")
    page.get_by_label("One-time code").fill(code_in_mail(email))
    page.get_by_role("button", name="Log in", exact=True).click()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_of_the_login_are_accessible_and_fit(open_as, axe, fits, person, width, theme):
    page = open_as(width=width, theme=theme)
    paths = ["/accounts/login/", "/accounts/login/password/", "/accounts/invitation/unknown/"]
    for path in paths:
        page.goto(path)
        assert axe(page) == []
        assert fits(page)

    log_in(page, person.email)
    for path in ["/accounts/", "/accounts/app/add/", "/accounts/sessions/", "/accounts/email/"]:
        page.goto(path)
        assert axe(page) == []
        assert fits(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_code_logs_in_on_a_phone_with_and_without_javascript(open_as, person, javascript):
    page = open_as(width=390, javascript=javascript)

    log_in(page, person.email)

    page.goto("/accounts/")
    assert page.get_by_role("heading", name="Login and safety").is_visible()
    assert page.get_by_text("You log in with ada@example.org").is_visible()


def test_a_wrong_code_is_told_of_and_can_be_put_right(open_as, axe, person):
    page = open_as(width=390)
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address at work").fill(person.email)
    page.get_by_role("button", name="Send me a code").click()

    page.get_by_label("One-time code").fill("000000")
    page.get_by_role("button", name="Log in", exact=True).click()

    assert page.get_by_role("alert").is_visible()
    assert axe(page) == []


def test_an_invitation_opens_with_one_button(open_as, axe):
    invited = PersonFactory(email="new@example.org", given_name="Nina", is_active=False)
    actions.invite(invited, by=None)
    link = re.search(r"http\S+/invitation/\S+", OutgoingMail.objects.get().text).group()
    page = open_as(width=390)

    page.goto(link)
    assert axe(page) == []
    page.get_by_role("button", name="Yes, log me in").click()

    page.wait_for_url(START)
    page.goto("/accounts/")
    assert page.get_by_text("You log in with new@example.org").is_visible()


def test_a_coordinator_adds_an_app_before_anything_else_and_is_asked_for_it(
    open_as, axe, coordinator
):
    page = open_as()
    log_in(page, coordinator.email)
    assert page.get_by_text("Add a second step first.").is_visible()
    page.goto("/people/")
    assert page.get_by_text("Add a second step first.").is_visible()
    assert axe(page) == []

    page.get_by_role("link", name="Add an app").click()
    secret = page.locator(".rn-secret").text_content()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    page.get_by_label("The six digits the app shows").fill(code)
    page.get_by_role("button", name="Add the app").click()

    codes = page.locator(".rn-codes li").all_text_contents()
    assert len(codes) == 10
    assert axe(page) == []
    page.get_by_role("link", name="I have kept them safe").click()
    page.goto("/accounts/sessions/")
    assert page.get_by_role("heading", name="Where you are logged in").is_visible()

    other = open_as(width=390)
    cache.clear()
    OutgoingMail.objects.all().delete()
    log_in(other, coordinator.email)
    other.wait_for_url("**/login/second/")
    assert axe(other) == []
    other.get_by_label("Code from the app").fill(codes[0])
    other.get_by_role("button", name="Log in", exact=True).click()
    other.wait_for_url(START)


def device(page, *, verifies):
    """Give the browser a device that makes passkeys, and knows its owner or not."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def add_passkey(page):
    page.goto("/accounts/passkeys/add/")
    page.get_by_role("button", name="Make a passkey").click()


def test_a_passkey_is_the_second_step_and_logs_in_from_a_clean_page(open_as, axe, coordinator):
    page = open_as()
    session, _ = device(page, verifies=True)
    log_in(page, coordinator.email)
    page.get_by_role("link", name="Add a passkey").click()
    assert axe(page) == []
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/recovery-codes/")
    assert Authenticator.objects.filter(user=coordinator, type="webauthn").count() == 1

    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login/")
    page.get_by_role("button", name="Log in with a passkey").click()

    page.wait_for_url(START)
    page.goto("/accounts/sessions/")
    assert page.get_by_role("heading", name="Where you are logged in").is_visible()
    session.detach()


def test_a_device_that_does_not_know_its_owner_makes_no_passkey(open_as, person):
    page = open_as()
    device(page, verifies=False)
    log_in(page, person.email)
    page.wait_for_url(START)

    add_passkey(page)

    page.get_by_text("That did not work.").wait_for()
    assert Authenticator.objects.count() == 0


def test_a_device_that_stops_knowing_its_owner_logs_nobody_in(open_as, person):
    page = open_as()
    session, authenticator = device(page, verifies=True)
    log_in(page, person.email)
    page.wait_for_url(START)
    add_passkey(page)
    page.wait_for_url("**/recovery-codes/")
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/login/")

    session.send(
        "WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False}
    )
    page.get_by_role("button", name="Log in with a passkey").click()

    page.get_by_text("That did not work.").wait_for()
    page.goto("/accounts/")
    assert page.url.split("?")[0].endswith("/accounts/login/")
