import datetime as dt
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from time import monotonic
from typing import IO, Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.core.files import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AnyOf(models.Func):
    """A field holds one of many keys: one array for the database, not a parameter for each key."""

    template = "(%(expressions)s::bigint[]))"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()

    def __init__(self, field: str, keys: Iterable[int]) -> None:
        numbers = ",".join(map(str, keys))
        super().__init__(models.F(field), models.Value(f"{{{numbers}}}"))


class ScopedQuerySet(models.QuerySet):
    """A queryset that knows what exists for a user: outside it the answer is 404."""

    def visible_to(self, user: Any) -> Self:
        """Return the rows that exist for `user`."""
        raise NotImplementedError


class DatedQuerySet(ScopedQuerySet):
    """Rows that hold from `starts_on` until, but not on, `ends_on`."""

    def on(self, day: dt.date) -> Self:
        """Return the rows in force on `day`."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)

    def current(self) -> Self:
        """Return the rows in force today, in Norway."""
        return self.on(timezone.localdate())

    def unended(self) -> Self:
        """Return the rows that are in force or still to come, whether or not their end is known."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=timezone.localdate()))

    def open(self) -> Self:
        """Return the rows without an end: in force, or still to come."""
        return self.filter(ends_on=None)


class Dated(models.Model):
    """In force from `starts_on` until, but not on, `ends_on`; a change is a new row."""

    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("The end cannot be before the start."),
            ),
        ]

    def is_in_force_on(self, day: dt.date) -> bool:
        """Tell whether the row counts on `day`."""
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)

    @property
    def is_current(self) -> bool:
        return self.is_in_force_on(timezone.localdate())

    @property
    def is_coming(self) -> bool:
        return self.starts_on > timezone.localdate()

    @property
    def has_ended(self) -> bool:
        return self.ends_on is not None and self.ends_on <= timezone.localdate()

    @property
    def last_on(self) -> dt.date | None:
        """The last day on which the row counts, as people say it."""
        if self.ends_on is None:
            return None
        return max(self.ends_on - dt.timedelta(days=1), self.starts_on)


class Stamped(models.Model):
    """`updated_at` is also the token by which two people's edits are told apart."""

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True


class LogEntryQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(by=user)


class LogEntry(models.Model):
    """Something that changed no row: an export, a login. Append-only.

    Personal data: who did it (kept 24 months), never the content.
    """

    at = models.DateTimeField(_("when"), default=timezone.now)
    verb = models.CharField(max_length=100)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_constraint=False,
    )
    by_name = models.CharField(max_length=200, blank=True)
    about_type = models.CharField(max_length=100, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    request = models.CharField(max_length=40, blank=True)

    objects = LogEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            BrinIndex(fields=["at"], name="core_logentry_at"),
            models.Index(fields=["about_type", "about_id"], name="core_logentry_about"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"


def message_id() -> str:
    """Return a Message-ID local part that no other mail has."""
    return secrets.token_hex(16)


class OutgoingMailQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(person=user)

    def due(self) -> Self:
        """Return what may be sent now: queued and due, or claimed by a worker that hangs."""
        now = timezone.now()
        return self.filter(
            Q(state=OutgoingMail.State.QUEUED, not_before__lte=now)
            | Q(state=OutgoingMail.State.SENDING, claimed_until__lt=now),
        )


class OutgoingMail(models.Model):
    """A mail to one recipient, from the moment it is decided until it is sent. The queue of record.

    Personal data: address, name and text; kept 12 months, a login code only until it is sent.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to be sent")
        HELD = "held", _("Held back")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        MISSED = "missed", _("Missed")

    key = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="mails",
    )
    address = models.EmailField(_("to"))
    language = models.CharField(max_length=5, default="nb")
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"))
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict, blank=True)
    about_type = models.CharField(max_length=100, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    is_secret = models.BooleanField(default=False, help_text="The text is wiped once it is sent.")
    priority = models.SmallIntegerField(default=5, help_text="A login code is 0, a mailing 9.")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    not_before = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_by = models.PositiveIntegerField(null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    request = models.CharField(max_length=40, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.TextField(blank=True)
    message_id = models.CharField(max_length=40, default=message_id, editable=False)

    objects = OutgoingMailQuerySet.as_manager()

    TRANSITIONS: ClassVar = {
        State.QUEUED: {State.HELD, State.SENDING, State.CANCELLED, State.MISSED},
        State.HELD: {State.QUEUED, State.CANCELLED, State.MISSED},
        State.SENDING: {State.SENT, State.QUEUED, State.FAILED},
        State.FAILED: {State.QUEUED},
        State.SENT: set(),
        State.CANCELLED: set(),
        State.MISSED: set(),
    }

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["priority", "not_before"],
                condition=Q(state__in=["queued", "sending"]),
                name="core_outgoingmail_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.address}"

    def may_become(self, state: str) -> bool:
        return state in self.TRANSITIONS[self.State(self.state)]


class JobQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(by=user)

    def unfinished(self) -> Self:
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])


def random_name(_job: "Job", _file_name: str) -> str:
    """Return a place for a result file that says nothing and cannot be guessed."""
    return f"jobs/{secrets.token_hex(16)}"


class Job(models.Model):
    """Long work with progress and a result that can be left and found again.

    Personal data: who ordered it; the result file may hold a roster and lives 24 hours.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Working")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=100)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="jobs")
    title = models.CharField(max_length=200, blank=True)
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    file = models.FileField(upload_to=random_name, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    request = models.CharField(max_length=40, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    FILE_LIFE: ClassVar = dt.timedelta(hours=24)
    _told_at = 0.0

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["queued", "running"]),
                name="core_job_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.kind

    def get_absolute_url(self) -> str:
        return reverse("core:job", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}

    @property
    def file_until(self) -> dt.datetime:
        return self.created_at + self.FILE_LIFE

    @property
    def has_file(self) -> bool:
        """Tell whether the result can still be fetched: it is kept for a day."""
        return bool(self.file) and timezone.now() < self.file_until

    def progress(self, done: int, total: int) -> None:
        """Show how far the work is, at most once a second, also from inside a transaction."""
        self.done, self.total = done, total
        if monotonic() - self._told_at < 1 and done < total:
            return
        self._told_at = monotonic()
        # A connection of its own: the page shall see what the open transaction has not committed.
        side = connections.create_connection(self._state.db or DEFAULT_DB_ALIAS)
        try:
            with side.cursor() as cursor:
                cursor.execute(
                    "UPDATE core_job SET done = %s, total = %s WHERE id ="
                    " (SELECT id FROM core_job WHERE id = %s FOR UPDATE SKIP LOCKED)",
                    [done, total, self.pk],
                )
        finally:
            side.close()

    @contextmanager
    def result_file(self, name: str) -> Iterator[IO[bytes]]:
        """Yield the file that its owner can fetch as `name` for a day."""
        with TemporaryFile() as file:
            yield file
            file.seek(0)
            self.file.save("", File(file), save=False)
        self.file_name = name


class Heartbeat(models.Model):
    """When a part that works in the background was last seen alive. No personal data."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.seen_at:%Y-%m-%d %H:%M}"
