import datetime as dt

import pytest
from django.core import mail as django_mail
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import bell, delivery, mail
from core.exceptions import Refused
from core.models import LogEntry, OutgoingMail
from tests.factories import PersonFactory

State = OutgoingMail.State


def queue(key="greeting:1", **fields):
    values = {"address": "a@example.org", "subject": "Hello", "text": "Hello."} | fields
    return mail.queue(key=key, **values)


def state_of(row):
    row.refresh_from_db()
    return row.state


def test_the_same_key_is_sent_once():
    first, second = queue(), queue()

    assert second is None
    assert list(OutgoingMail.objects.all()) == [first]


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b.no, x@evil.no", "a@b.no\nBcc: x@evil.no", "<a@b.no>", "a b@c.no", "a@b.no;"],
)
def test_an_address_is_one_single_address(address):
    with pytest.raises(Refused, match="is not an e-mail address"):
        queue(address=address)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(subject=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_no_subject_can_add_a_header(subject):
    row = mail.compose(key="k", address="a@example.org", subject=subject, text="x")
    message = delivery.message_for(row).message()

    assert set(message.keys()) == {
        "Content-Type",
        "MIME-Version",
        "Content-Transfer-Encoding",
        "Subject",
        "From",
        "To",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "Content-Language",
    }
    assert len(message.as_bytes().split(b"\n\n", 1)[0].splitlines()) >= 10
    assert not any(b"\r" in line for line in message.as_bytes().splitlines())


def test_many_mails_of_one_transaction_ring_once(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        mail.queue_many(
            mail.compose(key=f"news:{n}", address="a@example.org", subject="News", text="x")
            for n in range(2500)
        )
        queue()

    assert callbacks == [mail.ring]
    assert OutgoingMail.objects.count() == 2501


def test_a_mail_of_a_transaction_that_fails_is_neither_kept_nor_rung_for(
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks() as callbacks:
        with transaction.atomic():
            queue("lost")
            transaction.set_rollback(True)
        queue("kept")

    assert callbacks == [mail.ring]
    assert list(OutgoingMail.objects.values_list("key", flat=True)) == ["kept"]


def test_a_sent_mail_has_one_recipient_and_keeps_its_message_id():
    row = queue(html="<p>Hello.</p>", language="nn", headers={"Reply-To": "c@example.org"})

    delivery.deliver()

    (message,) = django_mail.outbox
    assert message.recipients() == ["a@example.org"]
    sent = message.message()
    assert sent["To"] == "a@example.org"
    assert sent["Message-ID"] == f"<{row.message_id}@localhost>"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Content-Language"] == "nn"
    assert sent["Reply-To"] == "c@example.org"
    assert [part.get_content_type() for part in sent.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert state_of(row) == State.SENT
    assert row.attempts == 1


def test_what_is_urgent_goes_first():
    for number in range(60):
        queue(f"news:{number}", subject="News", priority=9)
    queue("code", subject="Code", priority=0)

    delivery.deliver()

    assert django_mail.outbox[0].subject == "Code"
    assert len(django_mail.outbox) == 61


def test_a_secret_text_is_wiped_when_it_is_sent_or_too_late():
    now = timezone.now()
    sent = queue("code:1", text="123456", html="123456", is_secret=True)
    late = queue("code:2", text="654321", is_secret=True, expires_at=now - dt.timedelta(minutes=1))

    delivery.deliver()

    assert [message.body for message in django_mail.outbox] == ["123456"]
    assert (state_of(sent), sent.text, sent.html) == (State.SENT, "", "")
    assert (state_of(late), late.text) == (State.MISSED, "")


def test_only_what_is_due_and_wanted_is_sent():
    now = timezone.now()
    later = queue("later", not_before=now + dt.timedelta(hours=1))
    held = mail.hold(queue("held"), by=None)
    cancelled = mail.cancel(queue("cancelled"), by=None)
    missed = mail.hold(queue("missed", expires_at=now - dt.timedelta(seconds=1)), by=None)

    delivery.deliver()

    assert django_mail.outbox == []
    assert [state_of(row) for row in (later, held, cancelled, missed)] == [
        State.QUEUED,
        State.HELD,
        State.CANCELLED,
        State.MISSED,
    ]


def test_who_may_no_longer_receive_is_passed_over_at_the_door(monkeypatch):
    gone, stays = PersonFactory(), PersonFactory()
    rows = [queue(f"news:{person.pk}", person=person) for person in (gone, stays)]
    monkeypatch.setattr(
        delivery,
        "GATES",
        [lambda mails: {row.pk: "Opted out." for row in mails if row.person == gone}],
    )

    delivery.deliver()

    assert [state_of(row) for row in rows] == [State.CANCELLED, State.SENT]
    assert rows[0].error == "Opted out."
    assert len(django_mail.outbox) == 1


def test_nobody_who_was_anonymised_is_written_to():
    erased, stays = PersonFactory(anonymised_at=timezone.now()), PersonFactory()
    rows = [queue(f"news:{person.pk}", person=person) for person in (erased, stays)]

    delivery.deliver()

    assert [state_of(row) for row in rows] == [State.CANCELLED, State.SENT]


def test_a_mail_that_cannot_be_built_fails_alone():
    bad = queue("bad", headers={"Reply-To": "a@example.org\nBcc: evil@example.org"})
    good = queue("good")

    delivery.deliver()

    assert (state_of(bad), state_of(good)) == (State.FAILED, State.SENT)
    assert len(django_mail.outbox) == 1


def test_a_coordinator_holds_releases_and_retries_and_the_log_tells():
    coordinator = PersonFactory()
    row = queue()

    mail.hold(row, by=coordinator)
    mail.release(row, by=coordinator)
    OutgoingMail.objects.update(state=State.FAILED, attempts=10)
    mail.retry(row, by=coordinator)

    assert (state_of(row), row.attempts) == (State.QUEUED, 0)
    assert list(
        LogEntry.objects.filter(by=coordinator, about_id=row.pk).order_by("pk").values_list("verb")
    ) == [("core.mail.held",), ("core.mail.released",), ("core.mail.retried",)]


@pytest.mark.parametrize("verb", [mail.hold, mail.release, mail.retry, mail.cancel])
def test_a_sent_mail_is_past_changing(verb):
    row = queue()
    delivery.deliver()

    with pytest.raises(Refused, match=r"It is too late: this mail is in the state “Sent”\."):
        verb(row, by=None)


def test_the_bell_never_raises_and_is_left_alone_for_a_while(settings, caplog):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    assert [bell.ring("core.tasks.deliver_mail") for _ in range(3)] == [False] * 3
    assert len(caplog.records) == 1
