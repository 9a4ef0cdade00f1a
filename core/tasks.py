from celery import shared_task
from django.core.management import call_command

from core import delivery, jobs


@shared_task
def run_command(name: str) -> None:
    """Run a management command for the clock."""
    call_command(name)


@shared_task
def deliver_mail() -> None:
    delivery.deliver()


@shared_task
def run_job(pk: int) -> None:
    jobs.run(pk)
