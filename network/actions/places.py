import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from core.actions import action
from core.exceptions import Refused
from network import queries
from network.models import Municipality, Unit, UnitArea, Workplace


@action("network.area.added", says=gettext_lazy("Added what the group covers"))
def add_area(
    unit: Unit,
    *,
    municipality: Municipality | None = None,
    workplace: Workplace | None = None,
    by: Person | None,
) -> UnitArea:
    """Let the group cover one more municipality, city district or workplace."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if unit.kind != Unit.Kind.LOCAL_GROUP:
        raise Refused(_("Only a local group covers municipalities and workplaces."))
    if UnitArea.objects.filter(unit=unit, municipality=municipality, workplace=workplace).exists():
        raise Refused(
            _("The group already covers %(place)s.") % {"place": municipality or workplace}
        )
    area = UnitArea(unit=unit, municipality=municipality, workplace=workplace)
    area.full_clean()
    area.save()
    return area


@action("network.area.removed", says=gettext_lazy("Removed what the group covered"))
def remove_area(area: UnitArea, *, by: Person | None) -> None:
    """Let the group no longer cover it; the history remembers that it did."""
    area.delete()


@action("network.workplace.created", says=gettext_lazy("Registered the workplace"))
def create_workplace(
    *, name: str, kind: str, area: Unit, by: Person | None, **fields: Any
) -> Workplace:
    """Register a workplace; its service level follows from its kind unless it is given."""
    level = fields.pop("service_level", "") or Workplace.Kind(kind).service_level
    workplace = Workplace(name=name, kind=kind, area=area, service_level=level, **fields)
    workplace.full_clean()
    workplace.save()
    return workplace


@action("network.workplace.closed", says=gettext_lazy("Closed the workplace"))
def close_workplace(workplace: Workplace, *, on: dt.date, by: Person | None) -> Workplace:
    """Close the workplace from the day `on`; nobody may still be a member from it."""
    workplace = Workplace.objects.select_for_update().get(pk=workplace.pk)
    if workplace.ends_on is not None:
        raise Refused(_("This workplace is closed already."))
    if on < workplace.starts_on:
        raise Refused(_("A workplace cannot close before it opened."))
    if queries.has_members(workplace, day=on):
        raise Refused(_("Members still work here. Move them to another workplace first."))
    workplace.ends_on = on
    workplace.full_clean()
    workplace.save(update_fields=["ends_on", "updated_at"])
    return workplace
