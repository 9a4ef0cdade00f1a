import json
import logging
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from psycopg import sql

from accounts.models import Person
from config.bench import mails, pages, spreadsheets
from config.bench.measure import Figure
from members.models import Membership
from network.models import Unit

NOT_FOR_PSYCOPG = {"cursor_factory", "context", "prepare_threshold"}
MEASURES = {
    "roster": pages.measure_roster,
    "search": pages.measure_search,
    "import": spreadsheets.measure_import,
    "export": spreadsheets.measure_export,
    "mail": mails.measure,
}


def use_own_database(people: int, years: int) -> None:
    """Go over to a database filled for measuring, made when it is not there with this size."""
    name = f"{connection.settings_dict['NAME']}_bench_{people}_{years}"
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    parameters = {key: parameters[key] for key in parameters if key not in NOT_FOR_PSYCOPG}
    with psycopg.connect(**parameters, autocommit=True) as server:
        known = server.execute("SELECT datname FROM pg_database").fetchall()
        if (name,) not in known:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    connection.close()
    connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0)
    if not Membership.objects.exists():
        call_command("seed_load", people=people, years=years, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


class Command(BaseCommand):
    help = "Measure the portal beside the bare engine of the same run, in a database of its own."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=50_000, help="how many to measure with")
        parser.add_argument("--years", type=int, default=10, help="how far back memberships go")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--only", choices=MEASURES, help="measure one thing")

    def handle(self, **options: Any) -> None:
        if settings.DEBUG:
            raise CommandError("Set DEBUG=0 first: debugging slows what is measured.")
        logging.disable(logging.INFO)
        use_own_database(options["people"], options["years"])
        size = {
            "people": Person.objects.count(),
            "memberships": Membership.objects.count(),
            "units": Unit.objects.count(),
        }
        figures = []
        for name, measure in MEASURES.items():
            if options["only"] in {None, name}:
                figures.append(measure())
                if not options["json"]:
                    self.show(figures[-1])
        if options["json"]:
            answer = {"size": size, "figures": [figure.as_json() for figure in figures]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(", ".join(f"{count:,} {what}" for what, count in size.items()))

    def show(self, figure: Figure) -> None:
        verdict = "reached" if figure.reached else "NOT REACHED"
        self.stdout.write(f"\n{figure.what}\n  goal: {figure.goal}: {verdict}")
        for name, side in (("portal", figure.portal), ("bare", figure.bare)):
            parts = [f"{side.ms:10.1f} ms"]
            if side.queries is not None:
                parts.append(f"{side.queries} queries")
            if side.rows_per_second:
                parts.append(f"{side.rows_per_second:,.0f} rows/s")
            if side.peak_mib:
                parts.append(f"{side.peak_mib:.0f} MiB")
            self.stdout.write(f"  {name:<7}{', '.join(parts)}")
        sizes = ", ".join(f"{count:,} {what}" for what, count in figure.size.items())
        self.stdout.write(f"  ratio  {figure.ratio:.2f}   ({sizes})")
