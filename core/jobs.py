"""Long work: a row that a page follows and a worker carries out.

A job is one worker's as long as that worker's database session lives (see `core.locks`). The work
of a killed worker is found by `manage.py resume_jobs` and done again, at most three times, so a
function behind a job must bear to be run twice.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_guid import get_guid, set_guid

from core import bell, locks
from core.exceptions import Refused
from core.models import Job

logger = logging.getLogger(__name__)

ATTEMPTS = 3

# What a job of a kind does; filled by `register` in the apps' tasks.
KINDS: dict[str, Callable[[Job], None]] = {}


def register(kind: str) -> Callable[[Callable[[Job], None]], Callable[[Job], None]]:
    """Make a function of one Job the work behind jobs of `kind`. It may run twice.

    It may raise Refused with a sentence for the user, call `job.progress(done, total)`, write
    `with job.result_file("roster.xlsx") as file`, and set `job.result`: the page shows its
    `message`, and links to its `url` with the text `link`.
    """

    def decorate(function: Callable[[Job], None]) -> Callable[[Job], None]:
        KINDS[kind] = function
        return function

    return decorate


def start(kind: str, *, by: Any, title: str = "", **arguments: Any) -> Job:
    """Order a job and ring for the worker after the commit; follow it at `core:job`.

    Raises KeyError for an unknown kind.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    job = Job.objects.create(
        kind=kind,
        by=by,
        title=title[:200],
        arguments=arguments,
        request=get_guid() or "",
    )
    transaction.on_commit(partial(bell.ring, "core.tasks.run_job", job.pk), robust=True)
    return job


def run(pk: int) -> Job | None:
    """Do the work of one job, unless it is finished or somebody is at it; return the job."""
    with locks.session_lock(f"job:{pk}") as is_ours:
        job = Job.objects.select_related("by").filter(pk=pk).first()
        if job is None or not is_ours or job.is_finished:
            return job
        with (
            _place() as is_free,
            _request(job.request or f"job-{job.pk}"),
            translation.override(job.by.language if job.by else None),
        ):
            if not is_free:
                return job
            if job.attempts >= ATTEMPTS:
                return _finish(job, error=_stopped())
            job.state = Job.State.RUNNING
            job.attempts += 1
            job.save(update_fields=["state", "attempts"])
            _finish(job, error=_work(job))
    _ring_for_next()
    return job


@contextmanager
def _place() -> Iterator[bool]:
    """Take one of the places for long work, so that mail always finds a worker that is free."""
    with ExitStack() as stack:
        yield any(
            stack.enter_context(locks.session_lock(f"job-place:{number}"))
            for number in range(settings.JOBS_AT_ONCE)
        )


def _ring_for_next() -> None:
    waiting = Job.objects.filter(state=Job.State.QUEUED).order_by("pk").first()
    if waiting:
        bell.ring("core.tasks.run_job", waiting.pk)


@contextmanager
def _request(number: str) -> Iterator[None]:
    """Log and record what happens under the number of the request that asked for it."""
    outer = get_guid()
    set_guid(number)
    try:
        yield
    finally:
        set_guid(outer)


def _work(job: Job) -> str:
    """Do what the kind says; return the sentence that says why not, or nothing."""
    try:
        KINDS[job.kind](job)
    except Refused as refusal:
        return str(refusal.message)
    except Exception:
        logger.exception("Job %s (%s) failed.", job.pk, job.kind)
        return _(
            "Something went wrong on our side, and nothing was saved. Try again; if it happens"
            " again, tell us this number: %(request)s."
        ) % {"request": get_guid()}
    return ""


def _finish(job: Job, *, error: str) -> Job:
    job.error = error
    job.state = Job.State.FAILED if error else Job.State.DONE
    if not error and job.total:
        job.done = job.total
    job.finished_at = timezone.now()
    job.save()
    return job


def _stopped() -> str:
    return _("This work was interrupted several times and has been given up. Start it again.")


def resume() -> int:
    """Find work that nobody does, and ring for a worker or do it here; return how much."""
    waiting = [
        pk
        for pk in Job.objects.unfinished().order_by("pk").values_list("pk", flat=True)
        if not locks.is_held(f"job:{pk}")
    ]
    for pk in waiting:
        if not bell.ring("core.tasks.run_job", pk):
            run(pk)
    return len(waiting)
