"""What trust.md asks of the way in: AN-01, AN-06 to AN-08, AN-10 to AN-13, IN-03, IN-04, AZ-10."""

import datetime as dt
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from accounts import actions
from core.models import LogEntry, OutgoingMail
from network.models import Role
from tests.factories import PersonFactory, RoleFactory

pytestmark = pytest.mark.mfa
PASSWORD = "hest kaker sykkel himmel"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

# Every page that opens without a login, and why. A new one is added here by a reviewer.
PUBLIC = {
    "account_login": "the way in",
    "account_request_login_code": "the way in",
    "account_confirm_login_code": "the way in",
    "account_login_by_password": "the way in",
    "account_logout": "leads to the way in",
    "mfa_authenticate": "the way in",
    "mfa_login_webauthn": "the way in",
    "openid_connect_login": "the way in",
    "openid_connect_callback": "the way in",
    "socialaccount_login_cancelled": "the way in",
    "accounts:invitation": "the link in the mail is the key",
    "overview:help": "says whom to ask",
    "overview:privacy": "the law",
    "overview:accessibility": "the law",
    "overview:security_text": "whom to tell of a hole (RFC 9116)",
    "overview:change_password": "leads to a page that asks for a login",
    "overview:language": "choosing a language",
    "overview:theme": "choosing colours",
    "core:live": "asked by the machine that watches",
    "core:ready": "asked by the machine that watches",
}


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


@pytest.fixture
def ada():
    return PersonFactory(email="ada@example.org")


def ask(client, email, **extra):
    return client.post(reverse("account_login"), {"email": email}, **extra)


def newest_code():
    return re.search(r"\b\d{6}\b", OutgoingMail.objects.latest("pk").text).group()


def log_in(client, person):
    ask(client, person.email)
    return client.post(reverse("account_confirm_login_code"), {"code": newest_code()})


def is_logged_in(client):
    return client.get(reverse("accounts:account")).status_code == 200


def pages(patterns=None, prefix="", names=()):
    """Return (name, path) of every page, with something plausible in the place of each argument."""
    found = []
    for entry in patterns or get_resolver().url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            path = re.sub(r"<(int|slug|str|uuid|path):\w+>", "1", route)
            found.append((":".join([*names, entry.name or ""]), "/" + path))
        else:
            space = [entry.namespace] if entry.namespace else []
            found += pages(entry.url_patterns, route, (*names, *space))
    return found


PAGES = [page for page in pages() if not page[0].startswith("demo:")]


# -- AN-01: nothing opens without a login, but what is named above


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_without_a_login_every_page_leads_to_it(client, name, path):
    if name in PUBLIC:
        return
    for method in ("get", "head", "options", "post", "put", "delete"):
        answer = getattr(client, method)(path)
        assert answer.status_code in {302, 404, 405}, f"{method} {path}"
        if answer.status_code == 302:
            assert answer.url.startswith(reverse("account_login")), f"{method} {path}"


def test_the_list_of_public_pages_names_only_pages_that_exist():
    assert set(PUBLIC) - {name for name, _ in PAGES} == set()


# -- AN-06: nobody learns who is registered


def strangers():
    PersonFactory(email="known@example.org")
    PersonFactory(email="never@example.org", is_active=False)
    PersonFactory(email="gone@example.org", anonymised_at=timezone.now())
    return ["known@example.org", "never@example.org", "gone@example.org", "no@example.org"]


def neutral(answer, email):
    """Return the page without what differs from one request to the next."""
    text = answer.content.decode().replace(email, "E-MAIL")
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", text)


def test_the_answer_is_the_same_whoever_asks_for_a_code():
    answers = set()
    for email in strangers():
        client = Client()
        asked = ask(client, email)
        page = client.get(asked.url)
        wrong = client.post(asked.url, {"code": "000000"})
        answers.add(
            (asked.status_code, asked.url, neutral(page, email), neutral(wrong, email)),
        )
    assert len(answers) == 1


def test_every_request_for_a_code_sends_exactly_one_mail():
    for email in strangers():
        ask(Client(), email)

    assert OutgoingMail.objects.count() == 4
    assert OutgoingMail.objects.filter(is_secret=True).count() == 1


def test_the_answer_takes_the_same_time_whoever_asks(settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    known, _, _, unknown = strangers()
    times = {known: [], unknown: []}
    for email in [known, unknown] * 40:
        client = Client()
        start = time.perf_counter()
        ask(client, email)
        times[email].append(time.perf_counter() - start)

    medians = [statistics.median(measured[5:]) for measured in times.values()]
    assert abs(medians[0] - medians[1]) < 0.005 + 0.1 * max(medians)


def test_a_wrong_password_is_answered_alike_for_everyone():
    answers = set()
    for email in strangers():
        client = Client()
        page = reverse("account_login_by_password")
        answer = client.post(page, {"login": email, "password": PASSWORD})
        answers.add((answer.status_code, neutral(answer, email)))
    assert len(answers) == 1


# -- AN-07: the limits hold


@pytest.mark.django_db(transaction=True)
def test_fifty_codes_tried_at_once_are_three_tries():
    person = PersonFactory(email="ada@example.org")
    client = Client()
    ask(client, person.email)
    right = newest_code()
    codes = [f"{number:06}" for number in range(900_000, 900_049)] + [right]

    def attempt(code):
        one = Client()
        one.cookies = client.cookies.copy()
        try:
            return one.post(reverse("account_confirm_login_code"), {"code": code}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(attempt, codes))

    tried = LogEntry.objects.filter(verb="accounts.login.failed").count()
    assert tried > 3
    assert client.post(reverse("account_confirm_login_code"), {"code": right}).status_code == 302
    assert not is_logged_in(client)


@pytest.mark.django_db(transaction=True)
def test_fifty_passwords_tried_at_once_stop_at_the_limit():
    person = PersonFactory(email="ada@example.org")
    person.set_password(PASSWORD)
    person.save()
    page = reverse("account_login_by_password")

    def attempt(number):
        try:
            Client().post(page, {"login": person.email, "password": f"wrong password {number}"})
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(attempt, range(50)))

    assert LogEntry.objects.filter(verb="accounts.login.failed").count() <= 5


def test_codes_for_one_address_are_limited_however_it_is_spelt(client, ada):
    for email in ["ada@example.org", "ADA@example.org", "Ada@Example.ORG", "ada@EXAMPLE.org"]:
        ask(Client(), email)

    assert OutgoingMail.objects.count() == 3


def test_a_forged_client_address_changes_nothing():
    statuses = [
        ask(
            Client(),
            f"x{number}@example.org",
            headers={"x-forwarded-for": f"10.0.{number}.1", "x-real-ip": f"10.1.{number}.1"},
        ).status_code
        for number in range(32)
    ]

    assert statuses == [302] * 20 + [200] * 10 + [429] * 2
    assert OutgoingMail.objects.count() == 20


def test_the_whole_of_an_ipv6_network_counts_as_one():
    statuses = [
        ask(
            Client(REMOTE_ADDR=f"2001:db8::{number:x}"),
            f"x{number}@example.org",
        ).status_code
        for number in range(1, 33)
    ]

    assert statuses[30:] == [429] * 2


def test_too_many_requests_get_a_page_of_our_own():
    for number in range(31):
        answer = ask(Client(), f"x{number}@example.org")

    assert answer.status_code == 429
    assert "<h1>" in answer.content.decode()
    assert "Ressursnett" in answer.content.decode()


# -- AN-08: an attacker cannot shut anybody out


def test_failed_logins_of_others_leave_the_persons_own_code_alone(client, ada):
    ask(client, ada.email)
    own = newest_code()
    page = reverse("account_login_by_password")
    for number in range(20):
        thief = Client(REMOTE_ADDR="203.0.113.7")
        thief.post(page, {"login": ada.email, "password": f"wrong password {number}"})

    client.post(reverse("account_confirm_login_code"), {"code": own})

    assert is_logged_in(client)


def test_the_limit_ends_with_its_window(client, ada):
    for _ in range(4):
        ask(Client(), ada.email)
    sent = OutgoingMail.objects.count()

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=6), tick=True):
        cache.clear()  # Valkey keeps time of its own
        ask(client, ada.email)

    assert (sent, OutgoingMail.objects.count()) == (3, 4)


# -- AN-04, AN-10: the second factor


def with_app(person):
    TOTP.activate(person, SECRET)
    return person


def code_of_app():
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def test_a_code_by_mail_does_not_skip_the_second_factor(client, ada):
    with_app(ada)

    answer = log_in(client, ada)

    assert answer.url == reverse("mfa_authenticate")
    assert not is_logged_in(client)
    assert client.post(answer.url, {"code": code_of_app()}).status_code == 302
    assert is_logged_in(client)


SPELLINGS = {
    "plain": lambda code: code,
    "with spaces round it": lambda code: f" {code} ",
    "in two halves": lambda code: f"{code[:3]} {code[3:]}",
    "with a dash": lambda code: f"{code[:3]}-{code[3:]}",
    "in full width": lambda code: "".join(chr(ord(digit) + 0xFEE0) for digit in code),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_code_of_the_app_counts_once_in_any_spelling(ada, spelling):
    with_app(ada)
    code = code_of_app()
    spelt = SPELLINGS[spelling](code)
    first, second = Client(), Client()
    for client in (first, second):
        log_in(client, ada)

    first.post(reverse("mfa_authenticate"), {"code": code})
    second.post(reverse("mfa_authenticate"), {"code": spelt})

    assert is_logged_in(first)
    assert not is_logged_in(second)


@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_counts_once_and_is_shown_once(client, ada):
    log_in(client, ada)
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    client.post(reverse("mfa_activate_totp"), {"code": code})

    shown = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    again = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]

    assert len(set(shown)) == 10
    assert set(again) == {"****"}
    first, second = Client(), Client()
    for one in (first, second):
        cache.clear()
        log_in(one, ada)
        one.post(reverse("mfa_authenticate"), {"code": shown[0]})
    assert is_logged_in(first)
    assert not is_logged_in(second)


def test_secrets_of_the_second_factor_are_not_stored_in_the_clear(client, ada):
    with_app(ada)

    assert SECRET not in str(list(Authenticator.objects.values()))


def test_a_new_role_asks_for_the_second_factor_at_the_next_click(client, ada):
    log_in(client, ada)
    assert client.get(reverse("usersessions_list")).status_code == 200

    RoleFactory(person=ada, kind=Role.Kind.COORDINATOR)

    assert client.get(reverse("usersessions_list")).url == reverse("accounts:account")


def test_whoever_has_an_app_is_asked_for_it_in_a_session_that_lacks_it(client, ada):
    log_in(client, ada)
    RoleFactory(person=with_app(ada))

    answer = client.get(reverse("usersessions_list"))
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    back = client.post(answer.url, {"code": code_of_app(), "next": "/accounts/sessions/"})
    assert back.url == reverse("usersessions_list")
    assert client.get(back.url).status_code == 200


def test_the_last_second_factor_of_a_coordinator_stays(client):
    person = with_app(RoleFactory(person__email="ada@example.org").person)
    log_in(client, person)
    client.post(reverse("mfa_authenticate"), {"code": code_of_app()})
    cache.clear()
    client.post(reverse("mfa_reauthenticate"), {"code": code_of_app()})

    client.post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.filter(user=person, type="totp").count() == 1


# -- AN-11, AN-12: sessions


def test_the_session_gets_a_new_name_at_login(client, ada):
    ask(client, ada.email)
    before = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    client.post(reverse("account_confirm_login_code"), {"code": newest_code()})

    assert client.cookies[django_settings.SESSION_COOKIE_NAME].value != before


def test_an_old_cookie_is_worth_nothing_after_logout(client, ada):
    log_in(client, ada)
    thief = Client()
    thief.cookies = client.cookies.copy()

    client.post(reverse("account_logout"))

    assert not is_logged_in(thief)


@pytest.mark.parametrize(
    ("managing", "minutes", "inside"),
    [(True, 25, True), (True, 35, False), (False, 35, True), (False, 8 * 60 + 5, False)],
)
def test_a_session_left_alone_ends(client, ada, managing, minutes, inside):
    if managing:
        with_app(RoleFactory(person=ada).person)
    log_in(client, ada)
    client.post(reverse("mfa_authenticate"), {"code": code_of_app()})
    assert is_logged_in(client)

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=minutes), tick=True):
        assert is_logged_in(client) is inside


def test_a_session_in_use_still_ends_after_a_working_day(client, ada):
    log_in(client, ada)
    start = timezone.now()

    for hour in range(1, 8):
        with time_machine.travel(start + dt.timedelta(hours=hour), tick=True):
            assert is_logged_in(client)
    with time_machine.travel(start + dt.timedelta(hours=8, minutes=1), tick=True):
        assert not is_logged_in(client)


def test_closing_an_account_ends_all_its_sessions_at_once(ada):
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(ada)

    actions.deactivate(ada, by=None)
    assert [is_logged_in(client) for client in clients] == [False, False]

    actions.reactivate(ada, by=None)
    assert [is_logged_in(client) for client in clients] == [False, False]


def test_nobody_closes_her_own_account(ada):
    with pytest.raises(actions.Refused):
        actions.deactivate(ada, by=ada)


def test_a_new_password_ends_the_other_sessions(ada):
    here, there = Client(), Client()
    for client in (here, there):
        cache.clear()
        log_in(client, ada)

    here.post(reverse("account_set_password"), {"password1": PASSWORD, "password2": PASSWORD})

    assert is_logged_in(here)
    assert not is_logged_in(there)


# -- AN-13: what matters is asked for again


@pytest.mark.parametrize(
    "page",
    [
        "accounts:change_email",
        "accounts:remove_password",
        "mfa_activate_totp",
        "mfa_add_webauthn",
    ],
)
def test_what_matters_asks_again_when_the_login_is_old(client, ada, page):
    log_in(client, ada)
    assert client.get(reverse(page)).status_code == 200

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=10), tick=True):
        asked = client.get(reverse(page))
        assert asked.url.startswith(reverse("accounts:reauthenticate_by_code"))

        client.post(asked.url, {"send": "1"})
        back = client.post(asked.url, {"code": newest_code()})
        assert back.url == reverse(page)
        assert client.get(back.url).status_code == 200


def test_a_wrong_code_does_not_count_as_asking_again(client, ada):
    log_in(client, ada)
    page = reverse("accounts:reauthenticate_by_code")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=10), tick=True):
        client.post(page, {"send": "1"})
        right = newest_code()
        for _ in range(3):
            client.post(page, {"code": "000000"})
        client.post(page, {"code": right})

        assert client.get(reverse("accounts:change_email")).status_code == 302


# -- IN-03: nobody is led astray


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:///evil.example",
        "https:evil.example",
        "\thttps://evil.example",
        "http://localhost@evil.example",
        "http://evil.example#localhost",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://testserver.evil.example/",
    ],
)
def test_a_login_leads_to_pages_of_our_own_only(client, ada, target):
    ask(client, ada.email, QUERY_STRING="")
    answer = client.post(
        reverse("account_confirm_login_code"), {"code": newest_code(), "next": target}
    )

    assert answer.url == reverse("overview:start")


# -- IN-04: the portal knows its own name


def test_another_host_name_is_refused(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_links_in_mails_have_the_name_in_the_settings(client, ada, settings):
    settings.ALLOWED_HOSTS = ["other.example"]

    ask(client, ada.email, headers={"host": "other.example"})

    mail = OutgoingMail.objects.get()
    assert "other.example" not in mail.text + mail.html
    assert settings.SITE_URL in mail.text


# -- AZ-10: only a button of our own changes anything

CHANGING = [
    "account_login",
    "account_logout",
    "account_set_password",
    "accounts:change_email",
    "accounts:remove_password",
    "accounts:end_sessions",
    "accounts:reauthenticate_by_code",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_login_webauthn",
    "usersessions_list",
    "socialaccount_connections",
]


@pytest.mark.parametrize("page", CHANGING)
def test_a_form_from_elsewhere_is_refused(ada, page):
    client = Client(enforce_csrf_checks=True)
    if page not in {"account_login", "mfa_login_webauthn"}:
        client.force_login(ada)

    assert client.post(reverse(page), {"email": "x@example.org"}).status_code == 403


def test_looking_at_pages_changes_nothing(client, ada):
    log_in(client, ada)
    tables = [OutgoingMail, LogEntry, Authenticator]
    before = [list(table.objects.values()) for table in tables]

    for page in CHANGING:
        client.get(reverse(page))

    ada.refresh_from_db()
    assert [list(table.objects.values()) for table in tables] == before
    assert is_logged_in(client)
