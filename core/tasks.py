from celery import shared_task
from django.core.management import call_command


@shared_task
def run_command(name: str) -> None:
    """Run a management command for the clock."""
    call_command(name)


@shared_task
def deliver_mail() -> None:
    call_command("deliver_mail")
