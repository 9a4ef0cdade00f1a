import rules

from network.models import (
    Role,
    Unit,
    areas_managed_by,
    units_coordinated_from_above,
    units_covered_by,
    units_known_to,
)


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
    units = units_coordinated_from_above(user)
    return bool(units) if unit is None else unit_of(unit) in units


@rules.predicate
def knows(user, obj):
    return obj is None or unit_of(obj) in units_known_to(user)


@rules.predicate
def knows_area(user, workplace):
    return workplace is None or workplace.area_id in units_known_to(user)


@rules.predicate
def manages_area(user, workplace):
    """Whoever manages a unit keeps the workplaces of its trust area, and of no other."""
    areas = areas_managed_by(user)
    return bool(areas) if workplace is None else workplace.area_id in areas


@rules.predicate
def is_own_role(user, role):
    return isinstance(role, Role) and role.person_id == user.pk


@rules.predicate
def is_contact(user, role):
    """Whoever knows a unit may know its coordinators and its group contact."""
    return isinstance(role, Role) and role.kind in Role.CONTACTS and role.is_current


@rules.predicate
def is_a_right_she_has(user, obj):
    """Only an administrator makes or unmakes administrators."""
    makes_administrator = isinstance(obj, Role) and obj.kind == Role.Kind.ADMINISTRATOR
    return not makes_administrator or administers(user, obj)


rules.add_perm("network.view_unit", knows)
rules.add_perm("network.add_unit", manages)
rules.add_perm("network.change_unit", manages)
rules.add_perm("network.change_unit_text", manages | covers(Role.Kind.GROUP_CONTACT))
rules.add_perm("network.move_unit", administers | manages_from_above)
rules.add_perm("network.close_unit", administers | manages_from_above)
rules.add_perm("network.view_access", manages)
rules.add_perm("network.view_role", manages | is_own_role | (is_contact & knows))
rules.add_perm(
    "network.give_role",
    (administers | manages_from_above) & is_a_right_she_has & ~is_own_role,
)
rules.add_perm("network.end_role", (administers | manages_from_above) & is_a_right_she_has)
rules.add_perm("network.view_municipality", rules.is_authenticated)
rules.add_perm("network.view_unitarea", knows)
rules.add_perm("network.change_unitarea", manages)
rules.add_perm("network.view_workplace", knows_area)
rules.add_perm("network.add_workplace", manages_area)
rules.add_perm("network.change_workplace", manages_area)

# How the portal itself is doing is for those who answer for a unit.
rules.add_perm("core.view_operations", manages)
