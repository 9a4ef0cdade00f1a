"""The one way in which something happens: atomic, signed, and in the history with its verb."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pghistory
from django.db import transaction
from django_guid import get_guid

from core import audit

P = ParamSpec("P")
R = TypeVar("R")


def action(verb: str, *, says: Any = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an action: one transaction, and `verb` and `by` on every row it changes.

    `verb` is `app.noun.past_participle`, e.g. `members.membership.ended`; `says` is what the
    history tells people, a lazy translation such as “Ended the membership”. The function must take
    a keyword-only `by`: the person who acts, or None for the clock and the shell.

    Raises TypeError when the function is not signed.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        parameter = inspect.signature(function).parameters.get("by")
        if parameter is None or parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            raise TypeError(f"{function.__qualname__} must take a keyword-only `by`.")

        @wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            with transaction.atomic(), history(verb, by=kwargs["by"]):
                return function(*args, **kwargs)

        wrapper.verb = verb  # type: ignore[attr-defined]
        audit.VERBS.add(verb)
        if says is not None:
            audit.says(verb, says)
        return wrapper

    return decorate


def history(verb: str, *, by: Any) -> pghistory.context:
    """Return the context in which every changed row is recorded as `verb`, done by `by`.

    An action called by another action keeps the outer verb: that is what the person did.
    """
    if (outer := getattr(pghistory.runtime._tracker, "value", None)) and "verb" in outer.metadata:
        return pghistory.context()
    return pghistory.context(
        verb=verb,
        by=by.pk if by else None,
        by_name=str(by) if by else "",
        request=get_guid() or "",
    )
