"""Persons as the roster sees them."""

from typing import Any, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, PersonQuerySet
from core.models import ScopedQuerySet, Stamped
from members.models.memberships import LeaderAssignment, Membership
from network.models import Role, units_covered_by


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


def people_seen_by(user: Any) -> models.QuerySet:
    """Return the keys of those whom the user may find by name."""
    return Member.objects.visible_to(user).order_by().values("pk")
