import rules

from network.models import Role, Unit, units_covered_by, units_known_to


def covers(*kinds):
    """Return the predicate: one of the user's roles of `kinds` covers the unit, or any, of None."""

    @rules.predicate(f"covers:{','.join(kinds)}")
    def predicate(user, obj):
        units = units_covered_by(user, tuple(kinds))
        return bool(units) if obj is None else unit_of(obj) in units

    return predicate


def unit_of(obj):
    """Return the key of the unit that an object belongs to."""
    return obj.pk if isinstance(obj, Unit) else obj.unit_id


manages = covers(*Role.MANAGING)
administers = covers(Role.Kind.ADMINISTRATOR)


@rules.predicate
def manages_from_above(user, unit):
    """Coordinators change what lies below their own unit, never their own or higher."""
    if unit is None:
        return bool(units_covered_by(user, Role.MANAGING))
    own = {role.unit_id for role in user.current_roles if role.kind == Role.Kind.COORDINATOR}
    covered = units_covered_by(user, (Role.Kind.COORDINATOR,))
    return unit_of(unit) in covered and unit_of(unit) not in own


@rules.predicate
def knows(user, unit):
    return unit is None or unit.pk in units_known_to(user)


@rules.predicate
def knows_area(user, workplace):
    return workplace is None or workplace.area_id in units_known_to(user)


@rules.predicate
def is_own_role(user, role):
    return role is not None and role.person_id == user.pk


@rules.predicate
def manages_in_area(user, workplace):
    """Whoever manages a unit in the trust area keeps its workplaces."""
    managed = bool(units_covered_by(user, Role.MANAGING))
    return managed and (workplace is None or knows_area(user, workplace))


rules.add_perm("network.view_unit", knows)
rules.add_perm("network.add_unit", administers | manages_from_above)
rules.add_perm("network.change_unit", manages)
rules.add_perm("network.move_unit", administers | manages_from_above)
rules.add_perm("network.close_unit", administers | manages_from_above)
rules.add_perm("network.view_role", manages | is_own_role)
rules.add_perm("network.give_role", administers | manages_from_above)
rules.add_perm("network.end_role", administers | manages_from_above)
rules.add_perm("network.view_workplace", knows_area)
rules.add_perm("network.change_workplace", manages_in_area)
rules.add_perm("network.add_workplace", manages_in_area)
