class Refused(Exception):  # noqa: N818 -- an answer to the user, not a programming error
    """Not now: the rules of the house refuse; the message is a full sentence for the user."""

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = message
