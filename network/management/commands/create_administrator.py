from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import actions as accounts
from core.exceptions import Refused
from network import actions
from network.models import Role, Unit


class Command(BaseCommand):
    help = "Give the first administrator of a unit her role, and send her an invitation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--unit", required=True, metavar="SLUG")
        parser.add_argument("--name", required=True, metavar='"GIVEN FAMILY"')

    def handle(self, *, email: str, unit: str, name: str, **options: Any) -> None:
        """Do what the page for roles does, for the one who has nobody above her."""
        place = Unit.objects.filter(slug=unit).first()
        if place is None:
            raise CommandError(f"No unit has the slug {unit}.")
        given_name, _space, family_name = name.strip().rpartition(" ")
        try:
            role = actions.give_role_to_newcomer(
                email=email,
                given_name=given_name,
                family_name=family_name,
                unit=place,
                kind=Role.Kind.ADMINISTRATOR,
                on=timezone.localdate(),
                by=None,
            )
            if not role.person.invitations.open().exists():
                accounts.invite(role.person, by=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{role.person} is administrator of {place}; an invitation is on its way."
        )
