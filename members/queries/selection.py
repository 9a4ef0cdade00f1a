"""Whom an action with many memberships would concern, who is left out, and why."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from members.models import Membership
from network.models import Unit


@dataclass
class Plan:
    """The memberships that an action can be done with, and those it cannot, each with a reason."""

    able: list[Membership] = field(default_factory=list)
    unable: list[tuple[Membership, str]] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """Tell one plan from another: what is confirmed must be what was shown."""
        keys = ",".join(str(membership.pk) for membership in self.able)
        return hashlib.sha256(keys.encode()).hexdigest()[:32]


def plan(memberships: Iterable[Membership], reason_against: Callable[[Membership], str]) -> Plan:
    """Sort the memberships by whether there is a reason against the action."""
    found = Plan()
    for membership in memberships:
        if reason := reason_against(membership):
            found.unable.append((membership, reason))
        else:
            found.able.append(membership)
    return found


def plan_move(memberships: list[Membership], *, unit: Unit, on: dt.date) -> Plan:
    """Plan to move the members to the group `unit` from the day `on`."""
    there = set(
        Membership.objects.open()
        .filter(unit=unit)
        .exclude(pk__in=[membership.pk for membership in memberships])
        .values_list("person", flat=True),
    )
    seen: set[int] = set()

    def reason_against(membership: Membership) -> str:
        if not membership.is_open:
            return _("The membership has ended, or has an end.")
        if membership.unit_id == unit.pk:
            return _("Is in this group already.")
        if membership.person_id in there | seen:
            return _("Is in this group already, through another membership.")
        if on < membership.starts_on:
            return _("Becomes a member after that day.")
        seen.add(membership.person_id)
        return ""

    return plan(memberships, reason_against)


def plan_end(memberships: list[Membership], *, on: dt.date, **_end: str) -> Plan:
    """Plan to end the memberships from the day `on`, whatever the reason."""

    def reason_against(membership: Membership) -> str:
        if not membership.is_open:
            return _("The membership has ended, or has an end.")
        return _("Becomes a member after that day.") if on < membership.starts_on else ""

    return plan(memberships, reason_against)


def plan_invite(memberships: list[Membership]) -> Plan:
    """Plan to invite the persons, each once."""
    once = _Once()

    def reason_against(membership: Membership) -> str:
        if membership.person.last_login:
            return _("Uses the portal already.")
        return once.reason_against(membership)

    return plan(memberships, reason_against)


def plan_mail(memberships: list[Membership], **_mail: str) -> Plan:
    """Plan to write to the persons, each once, whatever is written."""
    return plan(memberships, _Once().reason_against)


class _Once:
    """Every person is written to once, however many memberships she has."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    def reason_against(self, membership: Membership) -> str:
        if membership.person.anonymised_at:
            return _("Has been anonymised.")
        if membership.person_id in self.seen:
            return _("Is chosen already, through another membership.")
        self.seen.add(membership.person_id)
        return ""
