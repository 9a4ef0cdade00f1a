import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.exceptions import Refused
from members.imports.comparing import Row, counts
from members.imports.reasons import sentence
from members.imports.rosters import import_file
from members.models import RosterImportRow
from network.models import Unit

REFUSED = RosterImportRow.Outcome.REFUSED


class Command(BaseCommand):
    help = "Compare a roster (.xlsx, .csv) with the portal, and save it with --commit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--unit", required=True, metavar="SLUG")
        parser.add_argument("--commit", action="store_true", help="Save; without it nothing is.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *, file: Path, unit: str, commit: bool, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(_("There is no file “%(file)s”.") % {"file": file})
        where = Unit.objects.filter(slug=unit).first()
        if where is None:
            raise CommandError(_("There is no unit “%(slug)s”.") % {"slug": unit})
        try:
            rows = import_file(file, unit=where, commit=commit)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        report = counts(rows) | {"refused": refusals(rows)}
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.tell(report, commit=commit)

    def tell(self, report: dict[str, Any], *, commit: bool) -> None:
        numbers = {**report, "refused": len(report["refused"])}
        self.stdout.write(
            _("%(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(refused)s refused.")
            % numbers,
        )
        for refusal in report["refused"]:
            sheet = f"{refusal['sheet']}: " if "sheet" in refusal else ""
            line = _("Row %(row)s: %(reason)s") % refusal
            self.stdout.write(f"  {sheet}{line}")
        if not commit:
            self.stdout.write(_("Nothing is saved. Add --commit to save."))


def refusals(rows: list[Row]) -> list[dict[str, Any]]:
    """Return each refused row with its reason, and its sheet where the file has several."""
    has_sheets = len({row.sheet for row in rows}) > 1
    return [
        {
            **({"sheet": row.sheet_name} if has_sheets else {}),
            "row": row.number,
            "reason": " ".join(sentence(problem) for problem in row.problems),
        }
        for row in rows
        if row.outcome == REFUSED
    ]
