import datetime as dt
import re

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from core.models import LogEntry, OutgoingMail
from tests.factories import PersonFactory

pytestmark = pytest.mark.mfa
PASSWORD = "hest kaker sykkel himmel"


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


def ask_for_code(client, email, **headers):
    return client.post(reverse("account_login"), {"email": email}, **headers)


def newest_code():
    text = OutgoingMail.objects.latest("pk").text
    return re.search(r"\b\d{6}\b", text).group()


def send(client, code):
    return client.post(reverse("account_confirm_login_code"), {"code": code})


def is_logged_in(client):
    return client.get(reverse("accounts:account")).status_code == 200


def test_a_code_by_e_mail_logs_the_person_in(client):
    person = PersonFactory(email="ada@example.org")

    asked = ask_for_code(client, "ada@example.org")
    answer = send(client, newest_code())

    assert asked.url == reverse("account_confirm_login_code")
    assert answer.url == reverse("overview:start")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_the_code_is_first_in_the_queue_and_secret(client):
    PersonFactory(email="ada@example.org")

    ask_for_code(client, "ada@example.org")

    mail = OutgoingMail.objects.get()
    assert (mail.address, mail.priority, mail.is_secret) == ("ada@example.org", 0, True)
    assert newest_code() not in mail.subject
    assert newest_code() in mail.html


@pytest.mark.parametrize(
    "spelling", ["ADA@Example.org", " ada@example.org ", "ada@\uff45xample.org"]
)
def test_the_address_is_found_however_it_is_spelt(client, spelling):
    person = PersonFactory(email="ada@example.org")

    ask_for_code(client, spelling)

    assert OutgoingMail.objects.get().person == person


def test_a_code_works_for_ten_minutes(client):
    PersonFactory(email="ada@example.org")
    ask_for_code(client, "ada@example.org")
    code = newest_code()

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=10, seconds=5), tick=True):
        send(client, code)

    assert not is_logged_in(client)


def test_a_code_works_once(client):
    PersonFactory(email="ada@example.org")
    ask_for_code(client, "ada@example.org")
    code = newest_code()
    send(client, code)
    client.post(reverse("account_logout"))

    send(client, code)

    assert not is_logged_in(client)


def test_the_third_wrong_code_is_the_last(client):
    PersonFactory(email="ada@example.org")
    ask_for_code(client, "ada@example.org")
    code = newest_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    answers = [send(client, wrong).status_code for _ in range(3)]
    send(client, code)

    assert answers == [200, 200, 302]
    assert not is_logged_in(client)
    assert LogEntry.objects.filter(verb="accounts.login.failed").count() == 3


def test_a_code_works_only_in_the_browser_that_asked(client):
    PersonFactory(email="ada@example.org")
    ask_for_code(client, "ada@example.org")
    stranger = type(client)()

    send(stranger, newest_code())

    assert not is_logged_in(stranger)


@pytest.mark.parametrize(
    "person",
    [
        {"is_active": False},
        {"is_active": True, "anonymised_at": timezone.now()},
    ],
)
def test_whoever_may_not_log_in_gets_no_code(client, person):
    PersonFactory(email="ada@example.org", **person)

    ask_for_code(client, "ada@example.org")

    mail = OutgoingMail.objects.get()
    assert not re.search(r"\b\d{6}\b", mail.text)
    assert mail.person is None


def test_someone_deactivated_between_code_and_login_stays_outside(client):
    person = PersonFactory(email="ada@example.org")
    ask_for_code(client, "ada@example.org")
    Person.objects.filter(pk=person.pk).update(is_active=False)

    answer = send(client, newest_code())

    assert answer.url == reverse("account_login")
    assert not is_logged_in(client)


def test_the_next_page_is_kept_through_the_login(client):
    PersonFactory(email="ada@example.org")
    wanted = reverse("accounts:account")

    asked = client.post(reverse("account_login"), {"email": "ada@example.org", "next": wanted})
    answer = client.post(asked.url, {"code": newest_code(), "next": wanted})

    assert answer.url == wanted


def test_a_password_logs_in_and_its_failures_are_logged(client):
    person = PersonFactory(email="ada@example.org")
    person.set_password(PASSWORD)
    person.save()
    page = reverse("account_login_by_password")

    wrong = client.post(page, {"login": "ada@example.org", "password": "something else long"})
    right = client.post(page, {"login": "ada@example.org", "password": PASSWORD})

    assert (wrong.status_code, right.status_code) == (200, 302)
    assert is_logged_in(client)
    failed = LogEntry.objects.get(verb="accounts.login.failed")
    assert (failed.about_id, failed.details) == (str(person.pk), {"method": "password"})


def test_a_right_password_of_someone_shut_out_is_answered_like_a_wrong_one(client):
    person = PersonFactory(email="ada@example.org", is_active=False)
    person.set_password(PASSWORD)
    person.save()
    page = reverse("account_login_by_password")

    right = client.post(page, {"login": "ada@example.org", "password": PASSWORD})
    wrong = client.post(page, {"login": "ada@example.org", "password": "wrong" * 4})

    assert right.status_code == wrong.status_code == 200
    assert right.context["form"].errors == wrong.context["form"].errors


def test_nobody_can_sign_up(client):
    assert client.get("/accounts/signup/").status_code in {302, 404}
    client.post("/accounts/signup/", {"email": "new@example.org", "password1": PASSWORD})
    assert not Person.objects.filter(email="new@example.org").exists()


def test_logging_out_makes_the_browser_forget(client):
    client.force_login(PersonFactory())

    answer = client.post(reverse("account_logout"))

    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_logged_in(client)
    assert LogEntry.objects.filter(verb="accounts.logout.done").count() == 1


def test_looking_at_the_logout_page_does_not_log_out(client):
    client.force_login(PersonFactory())

    client.get(reverse("account_logout"))

    assert is_logged_in(client)


def test_the_login_is_in_the_persons_own_log(client):
    PersonFactory(email="ada@example.org")
    ask_for_code(client, "ada@example.org")
    send(client, newest_code())

    page = client.get(reverse("accounts:account"))

    assert [sentence for _, sentence in page.context["log"]] == ["Logged in", "A code was sent"]
