import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.urls import reverse

from accounts import actions
from core.exceptions import Refused
from core.models import LogEntry, OutgoingMail
from tests.factories import PersonFactory, UnitFactory

PASSWORD = "hest kaker sykkel himmel"


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


@pytest.fixture
def person():
    return PersonFactory(email="ada@example.org")


def link_in(address):
    text = OutgoingMail.objects.filter(address=address).latest("pk").text
    return re.search(r"/accounts/email/\S+/", text).group()


def test_a_new_address_counts_when_the_link_sent_there_is_used(client, person):
    client.force_login(person)

    client.post(reverse("accounts:change_email"), {"email": "New@Example.org"})
    person.refresh_from_db()
    assert person.email == "ada@example.org"

    link = link_in("new@example.org")
    client.get(link)
    person.refresh_from_db()
    assert person.email == "ada@example.org"

    client.post(link)
    person.refresh_from_db()
    assert person.email == "new@example.org"
    assert client.get(reverse("accounts:account")).status_code == 200
    assert OutgoingMail.objects.filter(address="ada@example.org").count() == 1


def test_the_link_works_once_and_for_its_owner_only(client, person):
    client.force_login(person)
    client.post(reverse("accounts:change_email"), {"email": "new@example.org"})
    link = link_in("new@example.org")
    stranger = type(client)()
    stranger.force_login(PersonFactory())

    assert stranger.post(link).status_code == 404
    assert client.post(link).status_code == 302
    assert client.post(link).status_code == 404


def test_an_address_that_is_taken_gets_no_mail_and_the_same_answer(client, person):
    PersonFactory(email="taken@example.org")
    client.force_login(person)

    taken = client.post(reverse("accounts:change_email"), {"email": "taken@example.org"})
    free = client.post(reverse("accounts:change_email"), {"email": "free@example.org"})

    assert (taken.status_code, taken.url) == (free.status_code, free.url)
    assert [mail.address for mail in OutgoingMail.objects.all()] == ["free@example.org"]


def test_a_new_address_ends_the_other_sessions(client, person):
    other = type(client)()
    other.force_login(person)

    actions.change_email(person, email="new@example.org", by=None)

    assert other.get(reverse("accounts:account")).status_code == 302


def test_nobody_takes_an_address_that_is_somebody_elses(person):
    PersonFactory(email="taken@example.org")

    with pytest.raises(Refused):
        actions.change_email(person, email="Taken@example.org", by=None)


def test_the_address_of_the_person_is_the_only_one_there_is(client, person):
    client.post(reverse("account_login"), {"email": "ada@example.org"})
    client.force_login(person)
    client.post(reverse("accounts:change_email"), {"email": "new@example.org"})
    client.post(link_in("new@example.org"))

    assert EmailAddress.objects.count() == 0


def test_a_password_is_set_changed_and_removed(client, person):
    client.force_login(person)
    new = {"password1": PASSWORD, "password2": PASSWORD}

    client.post(reverse("account_set_password"), new)
    person.refresh_from_db()
    assert person.check_password(PASSWORD)

    client.post(reverse("accounts:remove_password"))
    person.refresh_from_db()
    assert person.has_usable_password() is False
    assert client.get(reverse("accounts:account")).status_code == 200
    verbs = set(LogEntry.objects.filter(by=person).values_list("verb", flat=True))
    assert {"accounts.password.set", "accounts.password.removed"} <= verbs


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "fourteen chars",
        "ressursnett 2026 ressursnett",
        "Helse Bergen Helse Bergen 1",
        "ada@example.org.",
        "111111111111111",
    ],
)
def test_a_password_that_anyone_would_guess_is_refused(client, person, password):
    UnitFactory(name_nb="Helse Bergen")
    client.force_login(person)

    page = client.post(
        reverse("account_set_password"), {"password1": password, "password2": password}
    )

    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["password1"]


@pytest.mark.parametrize(
    "password",
    ["x" * 7 + "yzab cdef", "hest" * 32, " mellomrom foran og bak ", "пароль-на-русском-языке"],
)
def test_a_long_password_of_any_letters_is_taken_as_it_is(client, person, password):
    client.force_login(person)

    client.post(reverse("account_set_password"), {"password1": password, "password2": password})

    person.refresh_from_db()
    assert person.check_password(password)


def test_a_password_of_more_than_128_characters_is_refused(client, person):
    client.force_login(person)
    long = "hest kaker " * 12

    page = client.post(reverse("account_set_password"), {"password1": long, "password2": long})

    assert page.status_code == 200


@pytest.mark.parametrize("page", ["accounts:account", "usersessions_list"])
def test_the_page_opens(client, person, page):
    client.force_login(person)

    assert client.get(reverse(page)).status_code == 200


def test_two_devices_are_shown_and_the_other_is_logged_out(client, person):
    other = type(client)(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    for browser in (client, other):
        browser.post(reverse("account_login"), {"email": "ada@example.org"})
        code = re.search(r"\b\d{6}\b", OutgoingMail.objects.latest("pk").text).group()
        browser.post(reverse("account_confirm_login_code"), {"code": code})

    page = client.get(reverse("usersessions_list"))
    client.post(reverse("usersessions_list"))

    assert "Firefox, Windows" in page.content.decode()
    assert other.get(reverse("accounts:account")).status_code == 302
    assert client.get(reverse("accounts:account")).status_code == 200


def test_logging_out_everywhere_ends_this_session_too(client, person):
    other = type(client)()
    client.force_login(person)
    other.force_login(person)

    client.post(reverse("accounts:end_sessions"))

    assert client.get(reverse("accounts:account")).status_code == 302
    assert other.get(reverse("accounts:account")).status_code == 302
