"""What the clock starts: each entry runs a management command, so that cron can replace beat."""

from datetime import timedelta

SCHEDULE = {
    "deliver-mail": {
        "task": "core.tasks.run_command",
        "schedule": timedelta(seconds=15),
        "args": ["deliver_mail"],
        "options": {"expires": 14},
    },
    "resume-jobs": {
        "task": "core.tasks.run_command",
        "schedule": timedelta(seconds=30),
        "args": ["resume_jobs"],
        "options": {"expires": 29},
    },
    "wipe-imports": {
        "task": "core.tasks.run_command",
        "schedule": timedelta(hours=6),
        "args": ["wipe_imports"],
        "options": {"expires": 3600},
    },
}
