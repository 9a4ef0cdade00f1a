"""Rosters on their way in."""

from typing import Any, ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Job, ScopedQuerySet, Stamped
from network.models import Role, Unit, units_covered_by


class RosterImportQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(unit__in=units_covered_by(user, Role.MANAGING))


@pghistory.track(exclude=["file", "mapping", "choices", "plan"])
class RosterImport(Stamped):
    """A roster on its way in: the file, how its columns are read, and what would happen.

    Personal data: a whole roster; file and plan are wiped 7 days after.
    """

    class State(models.TextChoices):
        READING = "reading", _("Reading the file")
        MAPPING = "mapping", _("Connect the columns")
        COMPARING = "comparing", _("Comparing with the portal")
        REVIEW = "review", _("Look over")
        SAVING = "saving", _("Saving")
        SAVED = "saved", _("Saved")
        FAILED = "failed", _("Could not be read")
        ABANDONED = "abandoned", _("Abandoned")

    # A worker is at it; the page waits.
    BUSY: ClassVar = (State.READING, State.COMPARING, State.SAVING)

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="roster_imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    file = models.FileField(upload_to="imports/%Y/%m/")
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    error = models.TextField(blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    choices = models.JSONField(default=dict, blank=True)
    plan = models.JSONField(default=dict, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(null=True, blank=True)

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("members:import", args=[self.pk])

    @property
    def is_being_worked_on(self) -> bool:
        """A worker is at it, or will be; `job` is loaded with it."""
        return self.state in self.BUSY and not self.has_stopped

    @property
    def has_stopped(self) -> bool:
        """The work broke off, and can be started anew."""
        return self.state in self.BUSY and (self.job is None or self.job.is_finished)

    @property
    def is_on_its_way(self) -> bool:
        """Not yet saved, failed or given up."""
        return self.state in {self.State.MAPPING, self.State.REVIEW, *self.BUSY}


class RosterImportRowQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(roster__in=RosterImport.objects.visible_to(user).order_by())

    def to_save(self) -> Self:
        """Return the rows that saving would carry out."""
        Outcome = RosterImportRow.Outcome  # noqa: N806 -- a class
        return self.filter(outcome__in=[Outcome.NEW, Outcome.CHANGED], is_included=True)


class RosterImportRow(models.Model):
    """What one row of the file would do, as the coordinator looks it over.

    Personal data: a row of a roster; wiped with its import 7 days after.
    """

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        REFUSED = "refused", _("Refused")

    roster = models.ForeignKey(RosterImport, models.CASCADE, related_name="rows")
    sheet = models.PositiveSmallIntegerField(default=0)
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    is_included = models.BooleanField(default=True)
    name = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    content = models.JSONField(default=dict)

    objects = RosterImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["sheet", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "sheet", "number"], name="members_rosterimportrow_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["roster", "outcome", "sheet", "number"],
                name="members_rosterimportrow_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
