"""Which units a page of figures speaks of."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from members.models import SEES_ROSTER, Membership, MembershipQuerySet
from network.models import Unit, units_covered_by

# Own data are asked about twice a year.
CONFIRMED_FOR = dt.timedelta(days=183)


@dataclass(frozen=True)
class Scope:
    """The units a page speaks of: all that the person's roles cover, or those under one unit."""

    user: Any
    unit: Unit | None
    keys: frozenset[int]

    @property
    def query(self) -> dict[str, str]:
        """What links must carry to stay within the unit."""
        return {"unit": self.unit.slug} if self.unit else {}

    def members(self) -> MembershipQuerySet:
        return Membership.objects.current().filter(unit__in=self.keys).order_by()


def scope_of(user: Any, unit: Unit | None = None) -> Scope:
    """Return the units whose roster `user` sees, narrowed to those under `unit`."""
    keys = frozenset(units_covered_by(user, SEES_ROSTER))
    if unit:
        keys &= frozenset(Unit.objects.under(unit).order_by().values_list("pk", flat=True))
    return Scope(user, unit, keys)
