from typing import Any

from django.core.management.base import BaseCommand

from members import actions


class Command(BaseCommand):
    help = "Delete files and rows of imports that are more than 7 days old."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{actions.wipe_imports(by=None)} imports wiped.")
