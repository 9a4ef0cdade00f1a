from network.actions.places import (
    add_area,
    close_workplace,
    create_workplace,
    remove_area,
)
from network.actions.roles import end_role, give_role, give_role_to_newcomer
from network.actions.units import (
    close_unit,
    create_region,
    create_unit,
    move_unit,
    shift_unit,
)

__all__ = [
    "add_area",
    "close_unit",
    "close_workplace",
    "create_region",
    "create_unit",
    "create_workplace",
    "end_role",
    "give_role",
    "give_role_to_newcomer",
    "move_unit",
    "remove_area",
    "shift_unit",
]
