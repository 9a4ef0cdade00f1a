"""Nobody is left alone by what an action does (NET-06)."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from core.exceptions import Refused
from network import queries
from network.models import Unit


@contextmanager
def nobody_left_alone(day: dt.date) -> Iterator[None]:
    """Refuse what takes the last administrator from a region, or the last coordinator from members.

    The tops of the tree are locked until the transaction ends, so that two such changes at once
    cannot each rely on the role that the other takes away.
    """
    list(Unit.objects.filter(parent=None).order_by("pk").select_for_update(no_key=True))
    regions_before, groups_before = queries.unattended(day)
    yield
    regions, groups = queries.unattended(day)
    if left := regions - regions_before:
        raise Refused(
            _("%(units)s must always have an administrator. Give the role to somebody else first.")
            % {"units": _names_of(left)},
        )
    if left := groups - groups_before:
        raise Refused(
            _("%(units)s has members and must have a coordinator. Give the role to somebody first.")
            % {"units": _names_of(left)},
        )


def _names_of(keys: set[int]) -> str:
    return ", ".join(unit.name for unit in Unit.objects.filter(pk__in=keys))
