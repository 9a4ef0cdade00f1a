import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from core import delivery
from core.models import Heartbeat, OutgoingMail


class Command(BaseCommand):
    help = "Send every mail in the outbox that is due. May run any number of times at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        Heartbeat.objects.update_or_create(name="sweeper", defaults={"seen_at": timezone.now()})
        done = delivery.deliver()
        figures = {
            "sent": done[OutgoingMail.State.SENT],
            "failed": done[OutgoingMail.State.FAILED],
            "postponed": done[OutgoingMail.State.QUEUED],
            "cancelled": done[OutgoingMail.State.CANCELLED],
            "missed": done[OutgoingMail.State.MISSED],
            "waiting": OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED).count(),
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures))
        elif options["verbosity"]:
            self.stdout.write(", ".join(f"{name} {n}" for name, n in figures.items()))
