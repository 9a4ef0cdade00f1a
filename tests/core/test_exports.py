import csv
import datetime as dt
import io
import string
import tracemalloc

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from core import exports

COLUMNS = [("Name", "text"), ("Hours", "number"), ("From", "date"), ("Phone", "phone")]
DANGEROUS = [
    "=1+1",
    '=HYPERLINK("https://evil.example")',
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "  =1",
    "'=1",
    "\u00a0=1",
    "\ufeff=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
    "x;=1+1",
    "https://evil.example",
    "{=1}",
]
HARMLESS = ["", "Ås", "Áilu", "Per-Olav", "O'Brien", "'quoted'", "0047", "1-2", "a=b"]
# What an XML file can hold, and PostgreSQL: no surrogates, no NUL.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    max_size=60,
)


def csv_cells(rows, columns=COLUMNS):
    file = io.BytesIO()
    exports.write_csv(columns, rows, file)
    text = file.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def workbook(rows, columns=COLUMNS):
    file = io.BytesIO()
    exports.write_xlsx(columns, rows, file)
    file.seek(0)
    return file


def xlsx_cells(rows, columns=COLUMNS):
    return CalamineWorkbook.from_filelike(workbook(rows, columns)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_is_a_formula_or_a_link_in_xlsx(text):
    book = openpyxl.load_workbook(workbook([(text, 1, None, text)]))

    cells = list(book.active[2])
    assert [cell.data_type for cell in (cells[0], cells[3])] == ["s", "s"]
    assert book.active._hyperlinks == []
    if text.isprintable():
        assert cells[0].value == text


@pytest.mark.parametrize("text", DANGEROUS[:-3])
def test_no_text_begins_like_a_formula_in_csv(text):
    cells = csv_cells([(text, 1, None, text)])[1]

    assert cells[0] == cells[3] == f"'{text}"
    assert exports.unescape(cells[0]) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_is_left_alone(text):
    assert exports.escape(text) == text
    assert exports.unescape(text) == text


@given(st.text())
def test_escaping_can_always_be_undone(text):
    escaped = exports.escape(text)

    assert exports.unescape(escaped) == text
    assert escaped.lstrip(string.whitespace + "\0")[:1] not in tuple("=+-@")


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_text_comes_back_from_csv_and_xlsx_as_it_was(rows):
    columns = [("A", "text"), ("B", "text")]

    read = csv_cells(rows, columns)[1:]
    assert [tuple(map(exports.unescape, row)) for row in read] == rows

    book = openpyxl.load_workbook(workbook(rows, columns))
    read = book.active.iter_rows(min_row=2, max_col=2, values_only=True)
    read = [tuple(value or "" for value in row) for row in read]
    read += [("", "")] * (len(rows) - len(read))  # a row of blanks is no row
    assert read == rows


def test_dates_are_dates_numbers_numbers_and_phones_text():
    day = dt.date(2026, 5, 17)
    row = ("007", 7.5, day, "+47 90000123")

    (cells,) = openpyxl.load_workbook(workbook([row])).active.iter_rows(min_row=2)

    assert [cell.value for cell in cells] == ["007", 7.5, dt.datetime(2026, 5, 17), "+47 90000123"]
    assert cells[2].number_format == "dd.mm.yyyy"
    assert cells[3].number_format == "@"
    assert csv_cells([row])[1] == ["007", "7,5", "17.05.2026", "900 00 123"]


def test_an_instant_is_the_clock_on_the_wall_in_norway():
    instant = dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC)

    assert csv_cells([("", None, instant, "")])[1] == ["", "", "02.07.2026 00:30", ""]
    assert xlsx_cells([("x", None, instant, "")])[1][2] == dt.datetime(2026, 7, 2, 0, 30)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+47 900 00 123", "900 00 123"),
        ("+4755123456", "55 12 34 56"),
        ("0047 55123456", "55 12 34 56"),
        ("90000123", "90000123"),
        ("+46 70 123 45 67", "0046 70 123 45 67"),
        ("+", "'+"),
        ("+47 12;=1+1", "'+47 12;=1+1"),
        ("=1", "'=1"),
    ],
)
def test_a_phone_number_in_csv_is_dialled_from_norway(phone, shown):
    assert csv_cells([(phone,)], [("Phone", "phone")])[1] == [shown]


def test_a_csv_is_what_a_norwegian_excel_expects():
    file = io.BytesIO()
    exports.write_csv([("Navn", "text")], [("Åse; Øst",), ('"Æ"',)], file)

    assert file.getvalue() == '\ufeff"Navn"\r\n"Åse; Øst"\r\n"""Æ"""\r\n'.encode()


def test_the_headings_stay_in_sight_and_can_be_filtered():
    sheet = openpyxl.load_workbook(workbook([("a", 1, None, "")] * 3)).active

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D4"
    assert [cell.value for cell in sheet[1]] == ["Name", "Hours", "From", "Phone"]


def test_a_text_that_no_cell_can_hold_is_cut_with_an_ellipsis():
    (_, (text,)) = xlsx_cells([("x" * 40_000,)], [("A", "text")])

    assert len(text) == 32_767
    assert text.endswith("x…")


@pytest.mark.parametrize("write", [exports.write_xlsx, exports.write_csv])
def test_memory_stays_flat_however_many_rows(write, tmp_path):
    def peak(count):
        rows = ((f"Person {number}", number, dt.date(2026, 1, 1), "") for number in range(count))
        with (tmp_path / "file").open("wb") as file:
            tracemalloc.start()
            assert write(COLUMNS, rows, file) == count
            _now, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return most

    peak(100)
    assert peak(8000) < peak(1000) * 1.5 + 1_000_000
