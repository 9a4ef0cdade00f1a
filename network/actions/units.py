import datetime as dt
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from core import audit
from core.actions import action
from core.exceptions import Refused
from core.text import web_name
from network import queries
from network.actions.watch import nobody_left_alone
from network.models import Role, Unit

audit.says("network.unit.changed", gettext_lazy("Changed the unit"))
audit.says("network.workplace.changed", gettext_lazy("Changed the workplace"))


@action("network.unit.created", says=gettext_lazy("Created the unit"))
def create_region(*, name_nb: str, administrator: Person, by: Person | None, **fields: Any) -> Unit:
    """Create a health region with its first administrator; for the shell, as nobody is above it."""
    region = _create(Unit(kind=Unit.Kind.REGION, name_nb=name_nb, **fields))
    role = Role(person=administrator, unit=region, kind=Role.Kind.ADMINISTRATOR)
    role.full_clean()
    role.save()
    return region


@action("network.unit.created", says=gettext_lazy("Created the unit"))
def create_unit(parent: Unit, *, kind: str, name_nb: str, by: Person | None, **fields: Any) -> Unit:
    """Create a unit directly under `parent`, last among its siblings."""
    parent = Unit.objects.select_for_update(no_key=True).get(pk=parent.pk)
    if parent.ends_on is not None:
        raise Refused(_("%(unit)s is closed, so nothing new can stand under it.") % _name(parent))
    return _create(Unit(parent=parent, kind=kind, name_nb=name_nb, **fields))


def _create(unit: Unit) -> Unit:
    siblings = Unit.objects.filter(parent=unit.parent)
    unit.position = (siblings.aggregate(last=Max("position"))["last"] or 0) + 1
    unit.slug = _free_slug(unit.name_nb)
    unit.full_clean()
    unit.save()
    return unit


def _free_slug(name: str) -> str:
    """Return the web name of `name`, with a number when another unit has it."""
    plain = web_name(name)[:70] or "unit"
    taken = set(Unit.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (plain, *numbered) if slug not in taken)


@action("network.unit.moved", says=gettext_lazy("Moved the unit"))
def move_unit(unit: Unit, *, parent: Unit, by: Person | None) -> Unit:
    """Hang the unit, with everything under it, under another unit."""
    with nobody_left_alone(timezone.localdate()):
        unit = Unit.objects.select_for_update().get(pk=unit.pk)
        parent = Unit.objects.select_for_update(no_key=True).get(pk=parent.pk)
        if unit.parent_id == parent.pk:
            raise Refused(_("%(unit)s already stands there.") % _name(unit))
        if parent.ends_on is not None:
            raise Refused(_("%(unit)s is closed, so nothing can stand under it.") % _name(parent))
        last = parent.children.aggregate(last=Max("position"))["last"] or 0
        unit.parent, unit.position = parent, last + 1
        unit.full_clean()
        unit.save(update_fields=["parent", "position", "updated_at"])
    return unit


@action("network.unit.closed", says=gettext_lazy("Closed the unit"))
def close_unit(
    unit: Unit, *, on: dt.date, successor: Unit | None = None, by: Person | None
) -> Unit:
    """Close the unit from the day `on`: its roles end with it, its history stays."""
    with nobody_left_alone(on):
        unit = Unit.objects.select_for_update().get(pk=unit.pk)
        _check_may_close(unit, on=on, successor=successor)
        unit.ends_on, unit.successor = on, successor
        unit.full_clean()
        unit.save(update_fields=["ends_on", "successor", "updated_at"])
        for role in unit.roles.exclude(ends_on__lte=on):
            role.ends_on = max(on, role.starts_on)
            role.save(update_fields=["ends_on", "updated_at"])
    return unit


def _check_may_close(unit: Unit, *, on: dt.date, successor: Unit | None) -> None:
    if unit.ends_on is not None:
        raise Refused(_("%(unit)s is closed already.") % _name(unit))
    if unit.parent_id is None:
        raise Refused(_("A health region cannot be closed here."))
    if on < unit.starts_on:
        raise Refused(_("A unit cannot close before it opened."))
    if Unit.objects.open().filter(parent=unit).exists():
        raise Refused(
            _("%(unit)s has open units under it. Move or close them first.") % _name(unit)
        )
    if queries.has_members(unit, day=on):
        raise Refused(_("%(unit)s has members. Move them or end them first.") % _name(unit))
    if unit.workplaces.open().exists():
        raise Refused(_("%(unit)s has open workplaces. Move or close them first.") % _name(unit))
    if successor is not None and (successor.pk == unit.pk or successor.kind != unit.kind):
        raise Refused(_("The successor must be another unit of the same kind."))
    if successor is not None and successor.ends_on is not None:
        raise Refused(_("The successor is closed itself."))


@action("network.unit.shifted", says=gettext_lazy("Changed the order of units"))
def shift_unit(unit: Unit, *, steps: int, by: Person | None) -> Unit:
    """Move the unit up (negative `steps`) or down among its open siblings."""
    siblings = list(
        Unit.objects.open().filter(parent=unit.parent).order_by("pk").select_for_update(),
    )
    siblings.sort(key=lambda sibling: (sibling.position, sibling.name))
    place = siblings.index(unit)
    siblings.insert(max(place + steps, 0), siblings.pop(place))
    for position, sibling in enumerate(siblings, start=1):
        if sibling.position != position:
            sibling.position = position
            sibling.save(update_fields=["position", "updated_at"])
    unit.refresh_from_db()
    return unit


def _name(unit: Unit) -> dict[str, str]:
    return {"unit": unit.name}
