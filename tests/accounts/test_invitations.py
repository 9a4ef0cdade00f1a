import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Invitation
from core.exceptions import Refused
from core.models import OutgoingMail
from tests.factories import PersonFactory, RoleFactory

pytestmark = pytest.mark.mfa


@pytest.fixture
def person():
    return PersonFactory(email="ada@example.org", given_name="Ada", is_active=False)


def invite(person, by=None):
    """Invite, and return the path of the link in the mail."""
    actions.invite(person, by=by)
    text = OutgoingMail.objects.filter(address=person.email).latest("pk").text
    return re.search(r"/accounts/invitation/\S+/", text).group()


def logged_in_as(client):
    return int(client.session.get("_auth_user_id", 0)) or None


def test_the_link_logs_in_by_its_button_and_not_by_being_opened(client, person):
    link = invite(person)

    page = client.get(link)
    assert page.status_code == 200
    assert logged_in_as(client) is None
    assert Invitation.objects.open().count() == 1

    answer = client.post(link)
    assert answer.url == reverse("overview:start")
    assert logged_in_as(client) == person.pk
    assert Invitation.objects.get().accepted_at is not None


def test_the_mail_is_in_the_persons_language_with_text_and_html(person):
    person.language = "en"
    person.save()

    link = invite(person, by=PersonFactory(given_name="Kari", family_name="<b>Nes</b>"))

    mail = OutgoingMail.objects.get()
    assert mail.subject == "Your access to Ressursnett"
    assert mail.text.startswith("Hello Ada,\n\nKari <b>Nes</b> has given you access")
    assert "Kari &lt;b&gt;Nes&lt;/b&gt; has given you access" in mail.html
    assert f'href="http://localhost:8000{link}"' in mail.html
    assert (mail.priority, mail.is_secret) == (0, True)


def test_only_a_hash_of_the_token_is_stored(person):
    link = invite(person)

    token = link.rstrip("/").rpartition("/")[2]
    invitation = Invitation.objects.get()
    assert len(token) >= 43  # 256 bits
    assert invitation.token_hash == Invitation.hash_of(token)
    assert token not in str(Invitation.objects.values().get())


def test_a_link_works_once(client, person):
    link = invite(person)
    client.post(link)
    client.post(reverse("account_logout"))

    answer = client.post(link)

    assert answer.context["invitation"] is None
    assert logged_in_as(client) is None


@pytest.mark.parametrize(("days", "works"), [(13, True), (15, False)])
def test_a_link_works_for_fourteen_days(client, person, days, works):
    link = invite(person)

    with time_machine.travel(timezone.now() + dt.timedelta(days=days), tick=True):
        client.post(link)

    assert (logged_in_as(client) == person.pk) is works


def test_a_newer_link_kills_the_older(client, person):
    older, newer = invite(person), invite(person)

    client.post(older)
    assert logged_in_as(client) is None
    client.post(newer)
    assert logged_in_as(client) == person.pk


def test_a_change_of_address_kills_the_link(client, person):
    link = invite(person)
    actions.change_email(person, email="new@example.org", by=None)

    client.post(link)

    assert logged_in_as(client) is None


def test_a_change_of_address_by_any_road_kills_the_link(client, person):
    link = invite(person)
    type(person).objects.filter(pk=person.pk).update(email="new@example.org")

    client.post(link)

    assert logged_in_as(client) is None


def test_a_closed_account_kills_the_link(client, person):
    link = invite(person)
    person.refresh_from_db()
    actions.deactivate(person, by=None)

    client.post(link)

    assert logged_in_as(client) is None


def test_a_made_up_token_opens_nothing(client, person):
    invite(person)

    client.post(reverse("accounts:invitation", args=[Invitation.new_token()]))

    assert logged_in_as(client) is None


def test_the_link_of_one_person_never_opens_the_account_of_another(client, person):
    other = PersonFactory(email="eve@example.org")
    link = invite(person)
    client.force_login(other)

    client.post(link)

    assert logged_in_as(client) == person.pk
    with pytest.raises(Refused):
        actions.accept_invitation(Invitation.objects.get(), by=other)


def test_an_invited_coordinator_still_adds_a_second_step(client):
    person = RoleFactory(person__is_active=False).person
    link = invite(person)

    client.post(link)

    assert client.get("/").url == reverse("accounts:account")


def test_an_anonymised_person_cannot_be_invited(person):
    person.anonymised_at = timezone.now()
    person.save()

    with pytest.raises(Refused):
        actions.invite(person, by=None)
