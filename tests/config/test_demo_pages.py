from email.message import EmailMessage

import pytest
from django.urls import include, path, reverse

from config.demo.logins import COORDINATOR, LOGINS
from tests.factories import PersonFactory, RoleFactory

pytestmark = [pytest.mark.urls(__name__), pytest.mark.mfa]
urlpatterns = [
    path("", include("config.urls")),
    path("demo/", include("config.demo.urls")),
]


@pytest.fixture
def mailbox(settings, tmp_path):
    """The folder of the demo's SMTP server, with one mail."""
    settings.LOCAL_DIR = tmp_path
    mail = EmailMessage()
    mail["To"] = "ingrid.solvang@helse-bergen.example"
    mail["Subject"] = "Koden din til Ressursnett"
    mail["Date"] = "Sun, 22 Nov 2026 09:00:00 +0100"
    mail.set_content("123456")
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail/1-0.eml").write_bytes(mail.as_bytes())
    return tmp_path / "mail"


def test_one_click_logs_in_without_a_second_factor(client):
    coordinator = PersonFactory(email=COORDINATOR.email)
    RoleFactory(person=coordinator)

    answer = client.post(reverse("demo:login"), {"email": coordinator.email}, follow=True)

    assert answer.redirect_chain == [("/", 302)]
    assert (answer.status_code, answer.context["user"]) == (200, coordinator)


def test_only_the_people_of_the_demo_can_be_logged_in_as(client):
    stranger = PersonFactory()

    answer = client.post(reverse("demo:login"), {"email": stranger.email})

    assert answer.status_code == 404
    assert "_auth_user_id" not in client.session


def test_the_login_page_offers_the_four_people_in_demo_mode_only(client, settings):
    pages = []
    for demo in (True, False):
        settings.DEMO = demo
        page = client.get(reverse("account_login")).text
        pages.append([login.email for login in LOGINS if login.email in page])

    assert pages == [[login.email for login in LOGINS], []]


def test_every_mail_received_can_be_read(client, mailbox):
    listed = client.get(reverse("demo:mailbox"))
    read = client.get(reverse("demo:mail", args=["1-0"]))

    assert [mail.subject for mail in listed.context["mails"]] == ["Koden din til Ressursnett"]
    assert read.context["mail"].text == "123456\n"
    assert "123456" in read.text


def test_a_mail_that_is_not_there_is_not_found(client, mailbox):
    assert client.get(reverse("demo:mail", args=["2-0"])).status_code == 404


def test_an_empty_mailbox_says_what_to_do(client, settings, tmp_path):
    settings.LOCAL_DIR = tmp_path

    assert "No mail has been sent yet" in client.get(reverse("demo:mailbox")).text
