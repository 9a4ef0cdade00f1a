import os
import pickle
import resource
import statistics
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

ROUNDS = 15


@dataclass
class Side:
    """What one of the two did: milliseconds, queries, rows per second, peak memory in MiB."""

    ms: float
    queries: int | None = None
    rows_per_second: float | None = None
    peak_mib: float | None = None


@dataclass
class Figure:
    """The portal's figure beside the bare engine's, with the size of the data."""

    name: str
    what: str
    size: dict[str, int]
    portal: Side
    bare: Side
    goal: str
    reached: bool
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.portal.ms / self.bare.ms if self.bare.ms else 0.0

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": round(self.ratio, 2)}


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    """Return how many milliseconds `function` took, and its answer."""
    start = time.perf_counter()
    answer = function()
    return (time.perf_counter() - start) * 1000, answer


def queries_of(function: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as asked:
        function()
    return len(asked)


def in_turns(one: Callable[[], Any], other: Callable[[], Any]) -> tuple[float, float]:
    """Return the median milliseconds of both, called in turns so that a busy machine hits both."""
    for function in (one, other):
        function()  # fills the caches
    pairs = [(timed(one)[0], timed(other)[0]) for _ in range(ROUNDS)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def apart(function: Callable[[], Any]) -> tuple[float, float, Any]:
    """Run `function` in a process of its own; return milliseconds, peak memory in MiB, answer."""
    connections.close_all()
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        try:
            ms, answer = timed(function)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            with os.fdopen(writer, "wb") as pipe:
                pickle.dump((ms, peak, answer), pipe)
            os._exit(0)
        except BaseException:  # noqa: BLE001 -- the child must not go on as a second parent
            traceback.print_exc()
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError("The measured process failed; its error stands above.")
    return pickle.loads(told)  # noqa: S301 -- our own child wrote it
