from members.actions.memberships import (
    change_leader,
    end_membership,
    move_membership,
    start_membership,
)

__all__ = ["change_leader", "end_membership", "move_membership", "start_membership"]
