"""Long work: a row that a page follows and a worker carries out."""

from collections.abc import Callable
from typing import Any

from core.models import Job

# What a job of a kind does; filled by `register` in the apps' tasks.
KINDS: dict[str, Callable[[Job], None]] = {}


def register(kind: str) -> Callable[[Callable[[Job], None]], Callable[[Job], None]]:
    """Make a function of one Job the work behind jobs of `kind`. It may run twice."""

    def decorate(function: Callable[[Job], None]) -> Callable[[Job], None]:
        KINDS[kind] = function
        return function

    return decorate


def start(kind: str, *, by: Any, title: str = "", **arguments: Any) -> Job:
    """Order a job and ring for the worker after the commit; follow it at `core:job`."""
    raise NotImplementedError
