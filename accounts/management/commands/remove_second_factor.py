from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import actions
from accounts.models import Person
from core.exceptions import Refused


class Command(BaseCommand):
    help = "Let a person who has lost her phone and her recovery codes begin again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *, email: str, **options: Any) -> None:
        """Remove every second step of the person; she is told by mail."""
        person = Person.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody has the address {email}.")
        try:
            actions.remove_factors(person, by=None)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{person} can log in with a code and add a new second step.")
