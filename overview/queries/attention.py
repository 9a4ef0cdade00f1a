"""What needs attention in the units, each with the one place to do something about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Person
from core.models import OutgoingMail
from members.models import ChangeRequest, LeaderAssignment, RosterImport
from overview.queries.places import Coverage
from overview.queries.scope import CONFIRMED_FOR, Scope


@dataclass
class Attention:
    """Something to act on: what, why it matters, and the one place to do it."""

    kind: str
    symbol: str
    title: str
    text: str
    url: str
    action: str


def link(name: str, **query: Any) -> str:
    """Return the address of a page with its query."""
    return f"{reverse(name)}?{urlencode(query)}" if query else reverse(name)


def attention(scope: Scope, coverage: list[Coverage]) -> list[Attention]:
    """Return what needs attention in the units, what hurts most first."""
    found = [
        *_without_leader(scope),
        *_failed_mails(scope),
        *_leaders_outside(scope),
        *_waiting_imports(scope),
        *_waiting_requests(scope),
        *_vacant(scope, coverage),
        *_not_invited(scope),
        *_unconfirmed(scope),
    ]
    weight = {"bad": 0, "warn": 1, "info": 2}
    return sorted(found, key=lambda item: weight[item.kind])


def _without_leader(scope: Scope) -> Iterable[Attention]:
    if number := scope.members().without_leader().count():
        yield Attention(
            "bad",
            "person-exclamation",
            ngettext(
                "%(count)s resource person has no leader",
                "%(count)s resource persons have no leader",
                number,
            )
            % {"count": number},
            _("No leader is told about them until one is registered."),
            link("members:roster", **scope.query, missing="leader"),
            _("Choose a leader"),
        )


def _failed_mails(scope: Scope) -> Iterable[Attention]:
    if number := undelivered(scope).count():
        yield Attention(
            "bad",
            "envelope-exclamation",
            ngettext(
                "E-mail does not reach %(count)s person",
                "E-mail does not reach %(count)s persons",
                number,
            )
            % {"count": number},
            _("The address is probably wrong or closed."),
            link("overview:undelivered", **scope.query),
            _("See who"),
        )


def undelivered(scope: Scope) -> QuerySet[Person]:
    """Return the members in the units to whom an e-mail could not be sent, and none since."""
    mails = OutgoingMail.objects.filter(person=OuterRef("pk"), address=OuterRef("email"))
    latest = mails.exclude(sent_at=None, error="").order_by("-created_at").values("state")[:1]
    members = Person.objects.filter(pk__in=scope.members().values("person"))
    return members.annotate(latest=Subquery(latest)).filter(latest=OutgoingMail.State.FAILED)


def _leaders_outside(scope: Scope) -> Iterable[Attention]:
    if number := leaders_outside(scope).count():
        yield Attention(
            "warn",
            "person-lock",
            ngettext(
                "%(count)s leader cannot log in yet",
                "%(count)s leaders cannot log in yet",
                number,
            )
            % {"count": number},
            _("Invite them, so that they can name successors and see their people."),
            link("overview:leaders", **scope.query),
            _("See who"),
        )


def leaders_outside(scope: Scope) -> QuerySet[Person]:
    """Return the nearest leaders of members in the units who have no open account."""
    assignments = LeaderAssignment.objects.current().nearest().order_by()
    leading = assignments.filter(membership__in=scope.members().values("pk"))
    return Person.objects.filter(pk__in=leading.values("leader"), is_active=False)


def _waiting_imports(scope: Scope) -> Iterable[Attention]:
    states = [RosterImport.State.MAPPING, RosterImport.State.REVIEW]
    waiting = RosterImport.objects.visible_to(scope.user).filter(
        unit__in=scope.keys, state__in=states
    )
    if number := waiting.count():
        yield Attention(
            "warn",
            "file-earmark-spreadsheet",
            ngettext(
                "%(count)s import waits to be looked over",
                "%(count)s imports wait to be looked over",
                number,
            )
            % {"count": number},
            _("Nothing is saved until you confirm it."),
            link("members:imports"),
            _("Look over"),
        )


def _waiting_requests(scope: Scope) -> Iterable[Attention]:
    waiting = (
        ChangeRequest.objects.visible_to(scope.user)
        .waiting()
        .filter(membership__unit__in=scope.keys)
    )
    asked = waiting.order_by().aggregate(number=Count("pk"), oldest=Min("created_at"))
    if number := asked["number"]:
        yield Attention(
            "warn",
            "check2-square",
            ngettext(
                "%(count)s change waits for your answer",
                "%(count)s changes wait for your answer",
                number,
            )
            % {"count": number},
            _("Another group or profession, asked for by the members. The oldest is from %(day)s.")
            % {"day": date_format(timezone.localdate(asked["oldest"]))},
            link("members:changerequests"),
            _("Look over"),
        )


def _vacant(scope: Scope, coverage: list[Coverage]) -> Iterable[Attention]:
    if number := sum(row.vacant for row in coverage):
        groups = [row.unit.label for row in coverage if row.vacant]
        yield Attention(
            "warn",
            "building-exclamation",
            ngettext(
                "%(count)s workplace has no resource person",
                "%(count)s workplaces have no resource person",
                number,
            )
            % {"count": number},
            _listed(groups),
            link("overview:coverage", **scope.query, vacant=1),
            _("See the vacancies"),
        )


def _not_invited(scope: Scope) -> Iterable[Attention]:
    outside = scope.members().filter(person__is_active=False, person__last_login=None)
    if number := outside.values("person").distinct().count():
        yield Attention(
            "info",
            "person-plus",
            ngettext(
                "%(count)s resource person cannot log in yet",
                "%(count)s resource persons cannot log in yet",
                number,
            )
            % {"count": number},
            _("Invite them, so that they can keep their own data right."),
            link("members:roster", **scope.query, missing="invitation"),
            _("Invite"),
        )


def _unconfirmed(scope: Scope) -> Iterable[Attention]:
    since = timezone.localdate() - CONFIRMED_FOR
    stale = scope.members().filter(
        Q(person__confirmed_on=None) | Q(person__confirmed_on__lt=since),
    )
    if number := stale.values("person").distinct().count():
        yield Attention(
            "info",
            "clock-history",
            ngettext(
                "%(count)s person has not confirmed her data for six months",
                "%(count)s persons have not confirmed their data for six months",
                number,
            )
            % {"count": number},
            _("Phone, workplace or leader may have changed."),
            link("members:roster", **scope.query, missing="confirmation"),
            _("See who"),
        )


def _listed(names: list[str], most: int = 4) -> str:
    """Return the names in one line, the last ones summed up."""
    if len(names) <= most:
        return ", ".join(names)
    left = len(names) - most
    return ngettext("%(names)s and %(left)s more", "%(names)s and %(left)s more", left) % {
        "names": ", ".join(names[:most]),
        "left": left,
    }
