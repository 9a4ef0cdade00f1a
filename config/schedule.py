"""What the clock starts: each entry runs a management command, so that cron can replace beat."""

from datetime import timedelta
from typing import Any

HOUR = 3600.0


def entry(command: str, *, ask: float, every: float) -> dict[str, Any]:
    """Ask every `ask` seconds whether `command` has had its turn within `every` seconds."""
    return {
        "task": "core.tasks.run_command",
        "schedule": timedelta(seconds=ask),
        "args": [command, every],
        "options": {"expires": ask},
    }


SCHEDULE = {
    "deliver-mail": entry("deliver_mail", ask=15, every=15),
    "resume-jobs": entry("resume_jobs", ask=30, every=30),
    "wipe-imports": entry("wipe_imports", ask=HOUR, every=6 * HOUR),
    "clear-sessions": entry("clearsessions", ask=HOUR, every=24 * HOUR),
    "clean-up": entry("clean_up", ask=HOUR, every=HOUR),
}
