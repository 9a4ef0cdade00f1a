"""The work behind the pages of an import. Each may run twice: the state says whether it is due."""

from core import jobs
from core.exceptions import Refused
from core.models import Job
from members import actions
from members.imports import rosters
from members.models import RosterImport

State = RosterImport.State


@jobs.register("members.roster.read")
def read(job: Job) -> None:
    """Read the file and propose what its columns mean."""
    roster = _roster(job)
    if roster.state != State.READING:
        return
    try:
        actions.keep_reading(roster, mapping=rosters.propose(roster), by=roster.by)
    except Refused as refusal:
        actions.fail_import(roster, error=str(refusal.message), by=job.by)
        raise


@jobs.register("members.roster.compare")
def compare(job: Job) -> None:
    """Compare the rows with the portal; nothing is saved."""
    roster = _roster(job)
    if roster.state == State.COMPARING:
        rosters.compare_import(roster, progress=job.progress)


@jobs.register("members.roster.save")
def save(job: Job) -> None:
    """Save what was looked over, or say that it must be looked over again."""
    roster = _roster(job)
    if roster.state == State.SAVED:
        return
    try:
        rosters.save_import(roster, progress=job.progress)
    except Refused:
        roster = _roster(job)
        if roster.state == State.SAVING:
            rosters.compare_import(roster, is_changed_meanwhile=True)
        raise


def _roster(job: Job) -> RosterImport:
    return RosterImport.objects.select_related("unit", "by").get(pk=job.arguments["roster"])
