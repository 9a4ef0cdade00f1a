"""What members ask their coordinator to change."""

from typing import Any, ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import AnyOf, ScopedQuerySet, Stamped
from members.models.memberships import Membership
from members.models.vocabulary import Profession
from network.models import Role, Unit, units_covered_by


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
