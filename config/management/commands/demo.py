import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demo.build import build_once
from config.demo.logins import LOGINS
from network.models import Unit


class Command(BaseCommand):
    help = "Load the demo network once: real organisation, fictional people. Needs DEMO=1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Set DEMO=1 first: the demo network lets anyone log in as anyone.")
        build_once()
        top = Unit.objects.in_tree_order().exclude(kind=Unit.Kind.LOCAL_GROUP)
        answer = {
            "logins": [{"role": login.role, "email": login.email} for login in LOGINS],
            "units": [{"slug": unit.slug, "name": unit.name_nb} for unit in top],
            "rounds": [],
            "newsletters": [],
            "plans": [],
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for login in answer["logins"]:
            self.stdout.write(f"  {login['role']:<14} {login['email']}")
