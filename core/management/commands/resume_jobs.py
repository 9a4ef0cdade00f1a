from typing import Any

from django.core.management.base import BaseCommand

from core import jobs


class Command(BaseCommand):
    help = "Find long work that nobody does (its worker died) and have it done again."

    def handle(self, *args: Any, **options: Any) -> None:
        count = jobs.resume()
        if options["verbosity"] and count:
            self.stdout.write(f"{count} jobs taken up again")
