from typing import Any

from django.core.paginator import Page
from django.db.models import Case, F, QuerySet, Value, When
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from core.tables import Column, Order, page_of
from core.templatetags.ui import status
from members.filters import RosterFilter
from members.models import CONFIRMATION_LASTS, SEES_ROSTER, Membership
from network.models import Role, units_covered_by

LOGGED_IN, INVITED, NOT_INVITED = 2, 1, 0
ACCOUNT = Case(
    When(person__last_login__isnull=False, then=Value(LOGGED_IN)),
    When(person__is_active=True, then=Value(INVITED)),
    default=Value(NOT_INVITED),
)


class RosterLine:
    """A membership as one line of the roster."""

    def __init__(self, membership: Membership, roster: "Roster") -> None:
        person, today = membership.person, roster.today
        self.membership = membership
        self.person = person
        self.workplace = membership.workplace
        self.is_managed = membership.unit_id in roster.managed
        # Django leaves `nearest` out where the join found nothing.
        assignment = getattr(membership, "nearest", None)
        self.leader = assignment.leader if assignment else None
        self.has_ended = membership.ends_on is not None and membership.ends_on <= today
        self.is_coming = membership.starts_on > today
        self.has_logged_in = person.last_login is not None
        self.account = roster.account_words[
            LOGGED_IN if self.has_logged_in else INVITED if person.is_active else NOT_INVITED
        ]
        self.confirmed_on = person.confirmed_on
        is_old = self.confirmed_on is None or self.confirmed_on < today - CONFIRMATION_LASTS
        self.is_stale = is_old


class Roster:
    """The roster of the user's units as an address asks for it: narrowed, ordered, in pages.

    Raises Http404 when it asks for a unit or workplace that is out of the user's sight.
    """

    COLUMNS = (
        Column("name", _("Name"), ("person__name_order",)),
        Column("workplace", _("Workplace"), ("workplace__name_order",)),
        Column("group", _("Group"), ("unit__name_order",)),
        Column(
            "leader",
            _("Nearest leader"),
            (F("nearest__leader__name_order").asc(nulls_first=True),),
        ),
        Column("account", _("Account"), (ACCOUNT.asc(),)),
        Column("confirmed", _("Confirmed"), (F("person__confirmed_on").asc(nulls_first=True),)),
    )
    SIZES = (25, 50, 100)

    def __init__(
        self, asked: QueryDict, *, user: Any, kinds: tuple[str, ...] = SEES_ROSTER
    ) -> None:
        rows = Membership.objects.in_units(units_covered_by(user, kinds))
        self.managed = set(units_covered_by(user, Role.MANAGING))
        self.filter = RosterFilter(asked, rows, user=user)
        if self.filter.is_out_of_sight:
            raise Http404
        self.order = Order(
            self.COLUMNS, asked.get("sort", ""), default="name", ties=("person__name_order", "pk")
        )
        self.size = next((n for n in self.SIZES if asked.get("size") == str(n)), 50)
        self.number = asked.get("page", "")
        self.today = timezone.localdate()

    @classmethod
    def managed(cls, asked: QueryDict, *, user: Any) -> "Roster":
        """Return the part of the roster that the user may do something with."""
        return cls(asked, user=user, kinds=Role.MANAGING)

    @property
    def rows(self) -> QuerySet[Membership]:
        """The memberships, narrowed and in order."""
        return self.order.apply(self.filter.qs.with_nearest())

    @cached_property
    def count(self) -> int:
        return self.filter.qs.count()

    @cached_property
    def page(self) -> Page:
        """The page asked for, as keys: the database sorts those fastest, see decision 4."""
        keys = self.rows.values_list("pk", flat=True)
        return page_of(keys, self.number, size=self.size, count=self.count)

    @cached_property
    def account_words(self) -> dict[int, SafeString]:
        return {
            LOGGED_IN: status("ok", pgettext("has used her account", "Logged in")),
            INVITED: status("info", _("Invited"), symbol="send"),
            NOT_INVITED: status("warn", _("Not invited")),
        }

    @cached_property
    def lines(self) -> list[RosterLine]:
        """The lines of the page."""
        keys = list(self.page.object_list)
        found = {
            row.pk: row for row in Membership.objects.filter(pk__in=keys).for_roster().order_by()
        }
        return [RosterLine(found[key], self) for key in keys if key in found]


class Selection:
    """The memberships that somebody ticked on the roster, or all that its filters find.

    Raises Http404 when one of them is not hers to do anything with.
    """

    def __init__(self, asked: QueryDict, *, user: Any) -> None:
        self.asked = asked
        self.is_all = bool(asked.get("all"))
        self.roster = Roster.managed(asked, user=user)
        if self.is_all:
            self.rows = self.roster.rows
        else:
            keys = {_key(number) for number in asked.getlist("rows")}
            managed = Membership.objects.in_units(units_covered_by(user, Role.MANAGING))
            self.rows = managed.filter(pk__in=keys).order_by("person__name_order", "pk")
            if self.rows.count() != len(keys):
                raise Http404

    @cached_property
    def memberships(self) -> list[Membership]:
        return list(self.rows.select_related("person", "unit", "workplace"))

    @property
    def hidden(self) -> list[tuple[str, Any]]:
        """What a form carries along to mean the same selection again, and the list behind it."""
        filters = self.roster.filter.kept
        if self.is_all:
            return [("all", 1), *filters]
        return [*(("rows", membership.pk) for membership in self.memberships), *filters]


def _key(number: str) -> int:
    try:
        return int(number)
    except ValueError:
        raise Http404 from None
