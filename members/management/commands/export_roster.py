from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members import exports
from members.models import Membership
from network.models import Unit


class Command(BaseCommand):
    help = "Write the active members of a unit, and of all below it, to an XLSX or CSV file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, help="short web name, as in /units/<name>/")
        parser.add_argument("file", type=Path, help="where to write; ends in .xlsx or .csv")

    def handle(self, *, unit: str, file: Path, **options: Any) -> None:
        suffix = file.suffix.lower().removeprefix(".")
        if suffix not in exports.FORMATS:
            raise CommandError(_("The file must end in .xlsx or .csv."))
        top = Unit.objects.filter(slug=unit).first()
        if top is None:
            raise CommandError(_("There is no unit “%(slug)s”.") % {"slug": unit})
        units = Unit.objects.under(top).values_list("pk", flat=True)
        rows = Membership.objects.in_units(units).current().order_by("person__name_order", "pk")
        try:
            with file.open("wb") as target:
                count = exports.write(rows, target, suffix=suffix, by=None, unit=unit)
        except OSError as error:
            why = {"file": file, "reason": error.strerror}
            raise CommandError(_("%(file)s cannot be written: %(reason)s.") % why) from error
        said = ngettext("%(count)s line in %(file)s.", "%(count)s lines in %(file)s.", count)
        self.stdout.write(said % {"count": count, "file": file})
