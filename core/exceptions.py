from typing import Any


class Refused(Exception):  # noqa: N818 -- an answer to the user, not a programming error
    """Not now: the rules of the house refuse; the message is a full sentence for the user."""

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = message


class Conflict(Exception):  # noqa: N818 -- an answer to the user, not a programming error
    """Somebody else saved the row after this editor opened it: both versions must be shown.

    `row` is as it stands now, and `differences` are what the two disagree on.
    """

    def __init__(self, row: Any, differences: list[Any]) -> None:
        super().__init__(f"{row!r} was changed by somebody else.")
        self.row = row
        self.differences = differences
