from members.actions.imports import (
    abandon_import,
    confirm_roster,
    connect_columns,
    correct_rows,
    fail_import,
    include_rows,
    keep_comparison,
    keep_reading,
    save_roster,
    upload_roster,
    wipe_imports,
)
from members.actions.memberships import (
    change_leader,
    end_membership,
    move_membership,
    start_membership,
)

__all__ = [
    "abandon_import",
    "change_leader",
    "confirm_roster",
    "connect_columns",
    "correct_rows",
    "end_membership",
    "fail_import",
    "include_rows",
    "keep_comparison",
    "keep_reading",
    "move_membership",
    "save_roster",
    "start_membership",
    "upload_roster",
    "wipe_imports",
]
