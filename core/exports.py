"""Tables out of the portal: XLSX and CSV that open right in a Norwegian Excel.

Rows are streamed: give an iterator from the database (`.iterator(chunk_size=2000)`), and the memory
stays flat however many they are.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from typing import IO, Any, Literal

import xlsxwriter
from django.utils import timezone

Kind = Literal["text", "number", "date", "phone"]
Columns = Sequence[tuple[str, Kind]]

# What a spreadsheet may take for a formula at the start of a cell, also in full width.
_DANGEROUS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
_CONTROLS = ("\t", "\r", "\0")
# Blanks, quotes and control characters that a spreadsheet skips before it looks.
_SKIPPED = "".join(map(chr, range(33))) + "\u00a0\u200b\ufeff'"
_PHONE = re.compile(r"\+?[0-9][0-9 ]{2,24}")
_NORWEGIAN = re.compile(r"(?:\+|00)47([2-9][0-9]{7})")
_LONGEST_CELL = 32_767
_WIDTHS = {"text": 22, "number": 10, "date": 12, "phone": 16}


def write_xlsx(columns: Columns, rows: Iterable[Sequence[Any]], file: IO[bytes]) -> int:
    """Write `rows` under the headings of `columns` to `file`; return how many there were."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "dd.mm.yyyy",
    }
    count = 0
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        heading = book.add_format({"bold": True, "bottom": 1})
        formats = {
            "date": book.add_format({"num_format": "dd.mm.yyyy"}),
            "instant": book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
            "phone": book.add_format({"num_format": "@"}),
        }
        for number, (title, kind) in enumerate(columns):
            sheet.set_column(number, number, max(_WIDTHS[kind], len(title) + 4))
        sheet.freeze_panes(1, 0)
        for number, (title, _kind) in enumerate(columns):
            sheet.write_string(0, number, title, heading)
        for count, row in enumerate(rows, start=1):
            for number, value in enumerate(row):
                _write_cell(sheet, (count, number), value, columns[number][1], formats)
        if columns:
            sheet.autofilter(0, 0, count, len(columns) - 1)
    return count


def _write_cell(sheet: Any, place: tuple[int, int], value: Any, kind: Kind, formats: Any) -> None:
    """Write one cell by its type; text is never anything but text."""
    row, number = place
    if value is None or value == "":
        return
    if isinstance(value, str):
        text = value if len(value) <= _LONGEST_CELL else value[: _LONGEST_CELL - 1] + "…"
        sheet.write_string(row, number, text, formats["phone"] if kind == "phone" else None)
    elif isinstance(value, bool):
        sheet.write_boolean(row, number, value)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, number, _local(value), formats["instant"])
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, number, value, formats["date"])
    elif kind == "number":
        sheet.write_number(row, number, value)
    else:
        sheet.write_string(row, number, str(value))


def write_csv(columns: Columns, rows: Iterable[Sequence[Any]], file: IO[bytes]) -> int:
    """Write `rows` as a Norwegian Excel reads them by a double click; return how many."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerow([escape(title) for title, _kind in columns])
    kinds = [kind for _title, kind in columns]
    count = 0
    for row in rows:
        writer.writerow([_csv_cell(value, kind) for value, kind in zip(row, kinds, strict=True)])
        count += 1
    text.detach()
    return count


def _csv_cell(value: Any, kind: Kind) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return f"{_local(value):%d.%m.%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    if kind == "number" and not isinstance(value, str):
        return str(value).replace(".", ",")
    if kind == "phone" and _PHONE.fullmatch(str(value)):
        return national(str(value))
    return escape(str(value))


def national(phone: str) -> str:
    """Return a phone number as it is dialled from Norway: no plus, so no formula."""
    digits = phone.replace(" ", "")
    if norwegian := _NORWEGIAN.fullmatch(digits):
        number = norwegian[1]
        if number[0] in "49":
            return f"{number[:3]} {number[3:5]} {number[5:]}"
        return f"{number[:2]} {number[2:4]} {number[4:6]} {number[6:]}"
    return f"00{phone[1:]}" if phone.startswith("+") else phone


def escape(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula; `unescape` gives it back."""
    return f"'{text}" if _looks_dangerous(text) else text


def unescape(text: str) -> str:
    """Return what `escape` was given: a table of ours that comes back means what it meant."""
    return text[1:] if text.startswith("'") and _looks_dangerous(text[1:]) else text


def _looks_dangerous(text: str) -> bool:
    return text.lstrip("'")[:1] in _CONTROLS or text.lstrip(_SKIPPED)[:1] in _DANGEROUS


def _local(instant: dt.datetime) -> dt.datetime:
    """Return the clock on the wall in Norway: a spreadsheet knows no time zones."""
    if timezone.is_aware(instant):
        instant = timezone.localtime(instant).replace(tzinfo=None)
    return instant
