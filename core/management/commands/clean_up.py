from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from core.models import Job, OutgoingMail

JOB_LIFE = timedelta(days=30)
MAIL_LIFE = timedelta(days=365)


class Command(BaseCommand):
    help = "Delete what has had its time: result files after a day, jobs after 30, mails after 365."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        for job in Job.objects.exclude(file="").filter(created_at__lte=now - Job.FILE_LIFE):
            job.file.delete(save=False)
            job.save(update_fields=["file"])
        Job.objects.filter(created_at__lte=now - JOB_LIFE).delete()
        OutgoingMail.objects.filter(created_at__lte=now - MAIL_LIFE).delete()
