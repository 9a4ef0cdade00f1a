import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, FilteredRelation, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, PersonQuerySet
from core.models import AnyOf, Dated, DatedQuerySet, Job, ScopedQuerySet, Stamped
from core.text import fold
from network.models import Role, Unit, Workplace, units_covered_by

# Group contacts see the roster of their group, as coordinators and administrators see theirs.
SEES_ROSTER = (Role.Kind.ADMINISTRATOR, Role.Kind.COORDINATOR, Role.Kind.GROUP_CONTACT)
# Own data are to be confirmed twice a year.
CONFIRMATION_LASTS = dt.timedelta(days=183)


class NamedQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return all: these lists are the same for everyone."""
        return self.all()

    def named(self, name: str) -> Self:
        return self.filter(names__contains=[fold(name)])


class Named(models.Model):
    """A word of the network, in both written forms, with the other words people use for it."""

    name = models.CharField(_("name"), max_length=80)
    aliases = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("other names")
    )
    names = ArrayField(models.CharField(max_length=80), default=list, editable=False)
    position = models.PositiveIntegerField(_("order"), default=0)

    name_nb: str  # the columns that modeltranslation adds
    name_nn: str
    name_en: str

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Keep `names`: every folded name under which this is found."""
        super().clean()
        given = [self.name_nb, self.name_nn, self.name_en, *self.aliases]
        self.names = sorted({fold(name) for name in given if name})


@pghistory.track(exclude=["names"])
class Profession(Named):
    """Faggruppe: nurse, social educator, physiotherapist … Data, not code. No personal data."""

    code = models.SlugField(max_length=40, unique=True)
    networks = models.ManyToManyField(
        Unit,
        related_name="professions",
        blank=True,
        limit_choices_to={"kind": Unit.Kind.NETWORK},
        verbose_name=_("networks"),
    )

    objects = NamedQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("profession")
        verbose_name_plural = _("professions")


@pghistory.track(exclude=["names"])
class Position(Named):
    """Stilling beside the profession (kreftkoordinator). Data, not code. No personal data."""

    code = models.SlugField(max_length=40, unique=True)
    profession = models.ForeignKey(
        Profession,
        models.PROTECT,
        related_name="positions",
        verbose_name=_("profession"),
        help_text=_("The profession that a roster means when it names only the position."),
    )

    objects = NamedQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("position")
        verbose_name_plural = _("positions")


class MemberQuerySet(PersonQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return oneself, one's own people, and whom one's roles at a unit cover.

        A person is covered as a member (also a former one), as a leader, or by a role.
        """
        memberships = Membership.objects.visible_to(user).order_by()
        leaders = LeaderAssignment.objects.visible_to(user).order_by()
        covered = units_covered_by(user, Role.MANAGING)
        return self.filter(
            Q(pk=user.pk)
            | Q(pk__in=memberships.values("person"))
            | Q(pk__in=leaders.values("leader"))
            | Q(pk__in=Role.objects.filter(unit__in=covered).order_by().values("person")),
        )

    def managed_by(self, user: Any) -> Self:
        """Return those whose membership, people or role is in a unit the user manages.

        Whoever has left those units is still theirs until she belongs somewhere else.
        """
        there = Q(unit__in=units_covered_by(user, Role.MANAGING))
        left = _who_ever_was(there) & ~_who_is(Q())
        return self.filter(_who_is(there) | left)

    def with_account_kept_by(self, user: Any) -> Self:
        """Return those whose account the user may change, as it opens nothing that is shut to her.

        A changed address takes the account over: every unit that the person belongs to, leads in or
        has a role at must be one the user manages, and an administrator needs an administrator.
        """
        managed = units_covered_by(user, Role.MANAGING)
        administered = units_covered_by(user, (Role.Kind.ADMINISTRATOR,))
        higher = Role.objects.unended().filter(kind=Role.Kind.ADMINISTRATOR).order_by()
        return self.managed_by(user).exclude(
            _who_is(~Q(unit__in=managed))
            | Q(pk__in=higher.exclude(unit__in=administered).values("person")),
        )


def _who_is(there: Q) -> Q:
    """Return the persons who are, or are to be, a member, a leader or in a role `there`."""
    memberships = Membership.objects.unended().filter(there).order_by()
    roles = Role.objects.unended().filter(there).order_by()
    leaders = LeaderAssignment.objects.unended().order_by()
    return (
        Q(pk__in=memberships.values("person"))
        | Q(pk__in=roles.values("person"))
        | Q(pk__in=leaders.filter(membership__in=memberships.values("pk")).values("leader"))
    )


def _who_ever_was(there: Q) -> Q:
    """Return the persons who are or were a member, a leader or in a role `there`."""
    memberships = Membership.objects.filter(there).order_by()
    leaders = LeaderAssignment.objects.filter(membership__in=memberships.values("pk")).order_by()
    return (
        Q(pk__in=memberships.values("person"))
        | Q(pk__in=Role.objects.filter(there).order_by().values("person"))
        | Q(pk__in=leaders.values("leader"))
    )


class Member(Person):
    """A person as the roster sees her: with memberships, leaders and roles.

    Personal data: see `Person`.
    """

    objects = MemberQuerySet.as_manager()  # type: ignore[assignment, misc]

    class Meta:
        proxy = True
        ordering = ["name_order", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("persons")

    def get_absolute_url(self) -> str:
        return reverse("members:person", args=[self.pk])


class MembershipQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return one's own, those of one's own people, and those of the units one's roles cover."""
        led = LeaderAssignment.objects.filter(leader=user).current().order_by()
        return self.filter(
            Q(unit__in=units_covered_by(user, SEES_ROSTER))
            | Q(person=user)
            | Q(pk__in=led.values("membership")),
        )

    def in_units(self, units: Iterable[int]) -> Self:
        """Return the memberships in the units with the keys `units`."""
        return self.filter(AnyOf("unit", units))

    def ended(self, day: dt.date) -> Self:
        """Return what was over on `day`."""
        return self.filter(ends_on__lte=day)

    def coming(self, day: dt.date) -> Self:
        """Return what had not begun on `day`."""
        return self.filter(starts_on__gt=day)

    def with_nearest(self) -> Self:
        """Return the memberships with `nearest`, the open assignment of the nearest leader."""
        is_nearest = Q(leaders__kind=LeaderAssignment.Kind.NEAREST, leaders__ends_on=None)
        return self.annotate(nearest=FilteredRelation("leaders", condition=is_nearest))

    def without_leader(self) -> Self:
        return self.with_nearest().filter(nearest=None)

    def for_roster(self) -> Self:
        """Return the memberships with all that a line of the roster shows."""
        return self.with_nearest().select_related(
            "person",
            "unit",
            "workplace__municipality",
            "profession",
            "position",
            "nearest__leader",
        )

    def search(self, words: str) -> Self:
        """Return those where person or workplace holds every one of `words`."""
        found = self
        for word in words.split()[:8]:
            part = fold(word)
            found = found.filter(
                Q(person__search_text__contains=part) | Q(workplace__name_folded__contains=part),
            )
        return found

    def unconfirmed(self, day: dt.date) -> Self:
        """Return those whose person has not confirmed her data lately, seen from `day`."""
        since = day - CONFIRMATION_LASTS
        return self.filter(Q(person__confirmed_on=None) | Q(person__confirmed_on__lt=since))


def int_range(field: str) -> Func:
    """Return a range of one number, so that an exclusion constraint needs no extension."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


@pghistory.track()
class Membership(Dated, Stamped):
    """A person as resource person in a local group, from one workplace (ressursperson).

    Personal data: where and as what a person works; anonymised 24 months after its end.
    """

    class EndReason(models.TextChoices):
        NEW_JOB = "new_job", _("Has a new job")
        NEW_TASKS = "new_tasks", _("Has other tasks")
        LEAVE = "leave", _("On leave")
        RETIRED = "retired", _("Has retired")
        MOVED_GROUP = "moved_group", _("Moved to another group or workplace")
        MISTAKE = "mistake", _("Was registered by mistake")
        OTHER = "other", _("Another reason")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("person"),
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="memberships",
        limit_choices_to={"kind": Unit.Kind.LOCAL_GROUP},
        verbose_name=_("group"),
    )
    workplace = models.ForeignKey(
        Workplace, models.PROTECT, related_name="memberships", verbose_name=_("workplace")
    )
    profession = models.ForeignKey(
        Profession, models.PROTECT, related_name="memberships", verbose_name=_("profession")
    )
    position = models.ForeignKey(
        Position,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("position"),
    )
    hours_per_month = models.DecimalField(
        _("allotted hours per month"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    end_reason = models.CharField(_("reason"), max_length=20, choices=EndReason.choices, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "unit"],
                condition=Q(ends_on=None),
                name="members_membership_one_open",
                violation_error_message=_("This person is already a member of the group."),
            ),
            ExclusionConstraint(
                name="members_membership_no_overlap",
                expressions=[
                    (int_range("person"), RangeOperators.OVERLAPS),
                    (int_range("unit"), RangeOperators.OVERLAPS),
                    (int_range("workplace"), RangeOperators.OVERLAPS),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_(
                    "The person already has this membership for a part of the time.",
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "person"],
                condition=Q(ends_on=None),
                name="members_membership_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("members:person", args=[self.person_id])

    @property
    def is_open(self) -> bool:
        return self.ends_on is None

    @property
    def title(self) -> str:
        """What the roster calls her: the position if she has one, else the profession."""
        return str(self.position or self.profession)


class LeaderAssignmentQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(
            Q(membership__unit__in=units_covered_by(user, SEES_ROSTER))
            | Q(membership__person=user)
            | Q(leader=user),
        )

    def nearest(self) -> Self:
        return self.filter(kind=LeaderAssignment.Kind.NEAREST)


@pghistory.track()
class LeaderAssignment(Dated, Stamped):
    """Who leads a member at work: one nearest leader (nærmeste leder), maybe a fagansvarlig.

    Personal data: who leads whom; kept as long as the membership.
    """

    class Kind(models.TextChoices):
        NEAREST = "nearest", _("Nearest leader")
        PROFESSIONAL_LEAD = "professional_lead", _("Professional lead")

    membership = models.ForeignKey(
        Membership,
        models.CASCADE,
        related_name="leaders",
        verbose_name=_("membership"),
    )
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="leads",
        verbose_name=_("leader"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.NEAREST)

    objects = LeaderAssignmentQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("leader")
        verbose_name_plural = _("leaders")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(ends_on=None, kind="nearest"),
                name="members_leader_one_nearest",
                violation_error_message=_("A member has one nearest leader at a time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leader} → {self.membership}"


class EducationQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Return one's own and those of persons whose roster one may see."""
        memberships = Membership.objects.visible_to(user).order_by()
        return self.filter(Q(person=user) | Q(person__in=memberships.values("person")))


@pghistory.track()
class Education(Stamped):
    """Further education or master (videreutdanning), finished or under way.

    Personal data: a person's education; kept as long as the person.
    """

    class Kind(models.TextChoices):
        FURTHER = "further", _("Further education")
        MASTER = "master", _("Master's degree")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="educations")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.FURTHER)
    title = models.CharField(_("title"), max_length=120)
    completed_in = models.PositiveSmallIntegerField(_("completed in"), null=True, blank=True)
    expected_in = models.PositiveSmallIntegerField(_("expected in"), null=True, blank=True)

    objects = EducationQuerySet.as_manager()

    class Meta:
        verbose_name = _("education")
        verbose_name_plural = _("educations")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "title"],
                name="members_education_once",
                violation_error_message=_("This education is already registered."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ChangeRequestQuerySet(ScopedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(
            Q(AnyOf("membership__unit", units_covered_by(user, Role.MANAGING)))
            | Q(membership__person=user),
        )

    def managed_by(self, user: Any) -> Self:
        return self.filter(membership__unit__in=units_covered_by(user, Role.MANAGING))

    def waiting(self) -> Self:
        return self.filter(state=ChangeRequest.State.WAITING)


@pghistory.track()
class ChangeRequest(Stamped):
    """A member's wish for another group or profession, or for a workplace not yet known.

    A coordinator approves or declines it.

    Personal data: the wish and a short note; kept as long as the membership.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the coordinator")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    TRANSITIONS: ClassVar = {
        State.WAITING: {State.APPROVED, State.DECLINED, State.WITHDRAWN},
        State.APPROVED: set(),
        State.DECLINED: set(),
        State.WITHDRAWN: set(),
    }

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="change_requests")
    unit = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("new group")
    )
    profession = models.ForeignKey(
        Profession,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("new profession"),
    )
    workplace_name = models.CharField(
        _("new workplace"),
        max_length=150,
        blank=True,
        help_text=_("A workplace that is not in the portal yet."),
    )
    note = models.CharField(_("note to the coordinator"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish for a change")
        verbose_name_plural = _("wishes for a change")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(state="waiting"),
                name="members_changerequest_one_waiting",
                violation_error_message=_("A wish is already waiting for the coordinator."),
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False)
                | Q(profession__isnull=False)
                | ~Q(workplace_name=""),
                name="members_changerequest_wants_something",
                violation_error_message=_("Choose a new group, profession or workplace."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership}: {self.get_state_display()}"

    def may_become(self, state: str) -> bool:
        return state in self.TRANSITIONS[self.State(self.state)]

    @property
    def wants_something(self) -> bool:
        return bool(self.unit_id or self.profession_id or self.workplace_name)

    @property
    def wish(self) -> str:
        """What is asked for, in words."""
        wishes = [self.unit, self.profession, self.workplace_name]
        return ", ".join(str(wish) for wish in wishes if wish)


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


def units_of(user: Any) -> Iterable[int]:
    """Return the keys of the units where the user is a member or leads one."""
    memberships = Membership.objects.current().order_by()
    led = LeaderAssignment.objects.filter(leader=user).current().order_by()
    own = memberships.filter(person=user).values_list("unit")
    # Two looks into an index; an OR of them would read every membership.
    return [key for (key,) in own.union(memberships.filter(leaders__in=led).values_list("unit"))]


def people_seen_by(user: Any) -> models.QuerySet:
    """Return the keys of those whom the user may find by name."""
    return Member.objects.visible_to(user).order_by().values("pk")
