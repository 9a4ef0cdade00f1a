from celery import shared_task
from django.core.management import call_command

from core import clock, delivery, jobs, locks


@shared_task
def run_command(name: str, every: float) -> None:
    """Run a management command for the clock: once in `every` seconds, and never beside itself."""
    with locks.session_lock(f"command:{name}") as is_ours:
        if is_ours and clock.take_turn(f"command:{name}", every):
            call_command(name, verbosity=0)


@shared_task
def deliver_mail() -> None:
    delivery.deliver()


@shared_task
def run_job(pk: int) -> None:
    jobs.run(pk)
