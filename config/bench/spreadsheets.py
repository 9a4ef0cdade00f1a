"""Rosters in and out: the portal beside the libraries that read and write the cells."""

import tempfile
from datetime import date
from itertools import islice
from pathlib import Path

import xlsxwriter
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.models import Person
from config.bench.measure import Figure, Side, apart
from config.management.commands.seed_load import ADMINISTRATOR
from core.exports import write_xlsx
from members import exports
from members.imports.rosters import import_file
from members.models import Membership
from members.tables import Roster
from network.models import Unit

IMPORTED = 5000
LONGEST_PREVIEW = 10_000  # ms
TIMES = 1.5
HEADINGS = "Navn", "E-post", "Mobil", "Stilling", "Arbeidssted", "Kommune", "Nettverksgruppe"
# The columns of the export, as plain SQL: one cursor, no models.
BARE_SQL = """
    SELECT p.family_name, p.given_name, p.email, p.work_phone, f.name_nb, o.name_nb, w.name, m.name,
           n.name_nb, u.name_nb, l.given_name || ' ' || l.family_name, l.email,
           k.given_name || ' ' || k.family_name, k.email, s.hours_per_month,
           s.starts_on, s.ends_on,
           CASE WHEN p.last_login IS NOT NULL THEN 'Logget inn' WHEN p.is_active THEN 'Invitert'
                ELSE 'Ikke invitert' END,
           p.confirmed_on
    FROM members_membership s
    JOIN accounts_person p ON p.id = s.person_id
    JOIN members_profession f ON f.id = s.profession_id
    LEFT JOIN members_position o ON o.id = s.position_id
    JOIN network_workplace w ON w.id = s.workplace_id
    LEFT JOIN network_municipality m ON m.id = w.municipality_id
    JOIN network_unit u ON u.id = s.unit_id
    LEFT JOIN network_unit n ON n.id = u.parent_id
    LEFT JOIN members_leaderassignment a
        ON a.membership_id = s.id AND a.kind = 'nearest' AND a.ends_on IS NULL
    LEFT JOIN accounts_person l ON l.id = a.leader_id
    LEFT JOIN members_leaderassignment b
        ON b.membership_id = s.id AND b.kind = 'professional_lead' AND b.ends_on IS NULL
    LEFT JOIN accounts_person k ON k.id = b.leader_id
    WHERE s.starts_on <= %(today)s AND (s.ends_on IS NULL OR s.ends_on > %(today)s)
    ORDER BY p.name_order, s.id
"""


def write_roster(path: Path) -> None:
    """Write 5,000 rows: half of them people the portal has, half of them new."""
    rows = Membership.objects.current().for_roster().order_by("pk")
    known = list(islice(rows.iterator(chunk_size=1000), IMPORTED // 2))
    groups = [row.unit.name_nb for row in known]

    def cells():
        for row in known:
            person, place = row.person, row.workplace
            yield (
                f"{person.family_name}, {person.given_name}",
                person.email,
                person.work_phone,
                row.title,
                place.name,
                str(place.municipality),
                row.unit.name_nb,
            )
        for number in range(IMPORTED - len(known)):
            place = known[number % len(known)].workplace
            yield (
                f"Nyberg, Nina {number}",
                f"nina.nyberg{number}@load.example",
                f"+47 9{number:07d}",
                "Sykepleier",
                place.name,
                str(place.municipality),
                groups[number % len(groups)],
            )

    with path.open("wb") as file:
        write_xlsx([(heading, "text") for heading in HEADINGS], cells(), file)


def measure_import() -> Figure:
    top = Unit.objects.get(kind=Unit.Kind.REGION, slug__startswith="load")
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "roster.xlsx"
        write_roster(path)
        ms, peak, rows = apart(lambda: len(import_file(path, unit=top, commit=False)))
        read = lambda: len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python())  # noqa: E731 -- one line of the bare engine
        bare_ms, bare_peak, _ = apart(read)
    return Figure(
        name="import",
        what="The preview of a roster of 5,000 rows (bare: only reading its cells)",
        size={"rows": rows, "memberships": Membership.objects.count()},
        portal=Side(ms, rows_per_second=rows / ms * 1000, peak_mib=peak),
        bare=Side(bare_ms, rows_per_second=rows / bare_ms * 1000, peak_mib=bare_peak),
        goal="under ten seconds",
        reached=rows == IMPORTED and ms < LONGEST_PREVIEW,
    )


def bare_export() -> int:
    number = 0
    with (
        tempfile.TemporaryFile() as file,
        xlsxwriter.Workbook(file, {"constant_memory": True}) as book,
        connection.chunked_cursor() as cursor,
        transaction.atomic(),
    ):
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        cursor.execute(BARE_SQL, {"today": timezone.localdate()})
        while batch := cursor.fetchmany(2000):
            for row in batch:
                number += 1
                for place, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(number, place, value)
                    elif isinstance(value, date):
                        sheet.write_datetime(number, place, value, day)
                    elif value is not None:
                        sheet.write_number(number, place, value)
    return number


def portal_export() -> int:
    administrator = Person.objects.get(email=ADMINISTRATOR)
    roster = Roster.managed(QueryDict(), user=administrator)
    with tempfile.TemporaryFile() as file:
        return exports.write(roster.rows, file, suffix="xlsx", by=administrator)


def measure_export() -> Figure:
    bare_ms, bare_peak, _ = apart(bare_export)
    ms, peak, rows = apart(portal_export)
    return Figure(
        name="export",
        what="An export of the whole roster to XLSX (bare: XlsxWriter fed from one cursor)",
        size={"rows": rows},
        portal=Side(ms, rows_per_second=rows / ms * 1000, peak_mib=peak),
        bare=Side(bare_ms, rows_per_second=rows / bare_ms * 1000, peak_mib=bare_peak),
        goal=f"{TIMES} times raw XlsxWriter, in flat memory",
        reached=ms <= TIMES * bare_ms,
    )
