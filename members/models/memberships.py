"""Who is a member where, since when, and under which leader."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, FilteredRelation, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import AnyOf, Dated, DatedQuerySet, Stamped
from core.text import fold
from members.models.vocabulary import Position, Profession
from network.models import Role, Unit, Workplace, units_covered_by

# Group contacts see the roster of their group, as coordinators and administrators see theirs.
SEES_ROSTER = (Role.Kind.ADMINISTRATOR, Role.Kind.COORDINATOR, Role.Kind.GROUP_CONTACT)


# Own data are to be confirmed twice a year.
CONFIRMATION_LASTS = dt.timedelta(days=183)


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


def units_of(user: Any) -> Iterable[int]:
    """Return the keys of the units where the user is a member or leads one."""
    memberships = Membership.objects.current().order_by()
    led = LeaderAssignment.objects.filter(leader=user).current().order_by()
    own = memberships.filter(person=user).values_list("unit")
    # Two looks into an index; an OR of them would read every membership.
    return [key for (key,) in own.union(memberships.filter(leaders__in=led).values_list("unit"))]
