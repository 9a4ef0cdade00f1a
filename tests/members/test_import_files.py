import datetime as dt
import io
import struct
import time
import zipfile

import pytest
import xlsxwriter
from django.utils import translation

from core.exceptions import Refused
from members.imports import reading


def written(tmp_path, content, name="roster.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def refused(path):
    with pytest.raises(Refused) as refusal:
        reading.read(path)
    return str(refusal.value)


def workbook(rows, **options):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("Ark1")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def repacked(content, extra=(), replace=()):
    """Return the workbook with members added, and with parts replaced."""
    file = io.BytesIO()
    parts = dict(replace)
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            new.writestr(member.filename, parts.get(member.filename, old.read(member)))
        for name, part in extra:
            new.writestr(name, part)
    return file.getvalue()


TOO_MANY = "The file has more than 20,000 rows. Divide it, and import the parts one by one."
ROWS = [["Navn", "E-post"], ["Åse Ødegård", "ase@example.org"]]
LETTERS = "Navn;E-post\r\nÅse Ødegård;ase@example.org\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_norwegian_letters_are_read_in_every_usual_encoding(tmp_path, encoding):
    content = reading.read(written(tmp_path, LETTERS.encode(encoding)))

    assert content.sheets[0].rows == ROWS
    assert content.warnings == []


def test_an_old_macintosh_file_is_read_with_a_warning(tmp_path):
    content = reading.read(written(tmp_path, LETTERS.encode("mac_roman")))

    assert content.sheets[0].rows == ROWS
    assert content.warnings == [
        (
            "The file seems to be written on an old Macintosh. "
            "See to it that æ, ø and å are right before you save."
        ),
    ]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_found_even_when_cells_hold_another(tmp_path, separator):
    lines = [["Navn", "Sted"], ["Aune, Eirik; leder", "A"], ["Lie | Bø\tHansen", "B"]]
    text = "\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines)

    rows = reading.read(written(tmp_path, text.encode())).sheets[0].rows

    assert rows == [["Navn", "Sted"], ["Aune, Eirik; leder", "A"], ["Lie | Bø Hansen", "B"]]


def test_excels_own_line_about_the_separator_is_not_a_row(tmp_path):
    rows = reading.read(written(tmp_path, ("sep=;\r\n" + LETTERS).encode())).sheets[0].rows

    assert rows == ROWS


def test_what_cannot_be_seen_is_taken_away(tmp_path):
    text = "Navn;E-post\nA\u030ase\u200b \u202eØdegård\u00ad\0;ase@example.org"

    assert reading.read(written(tmp_path, text.encode())).sheets[0].rows == ROWS


def test_numbers_dates_and_formulas_of_a_workbook_are_read_as_they_are_seen(tmp_path):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_number(0, 0, 93357736)
        sheet.write_datetime(
            0, 1, dt.datetime(2010, 10, 22), book.add_format({"num_format": "d.m.yyyy"})
        )
        sheet.write_formula(0, 2, '=HYPERLINK("http://example.org")', value="Grete")
        sheet.write_number(0, 3, 1e308)

    row = reading.read(written(tmp_path, file.getvalue(), "a.xlsx")).sheets[0].rows[0]

    assert row[:3] == ["93357736", "2010-10-22", "Grete"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file has no rows."),
        (b"%PDF-1.7 roster", "This is not a spreadsheet. Choose an .xlsx or a .csv file."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            (
                "This is an old Excel file, or one with a password. "
                "Open it and save it as .xlsx without a password."
            ),
        ),
        (
            bytes(range(256)) * 40,
            "This is not a text file with columns. Choose an .xlsx or a .csv file.",
        ),
        (b"PK\x03\x04 not a zip", "The file is damaged. Save it again, and try once more."),
        (b"a;b\n" * 20_002, TOO_MANY),
        (b"x" * (5 * 1024 * 1024 + 1), "The file is larger than 5 MB."),
    ],
)
def test_a_file_of_another_type_or_size_gets_one_clear_sentence(tmp_path, content, sentence):
    assert refused(written(tmp_path, content)) == sentence


def test_twenty_thousand_rows_are_read(tmp_path):
    rows = reading.read(written(tmp_path, b"a;b\n" * 20_001)).sheets[0].rows

    assert len(rows) == 20_001


def test_more_than_twenty_thousand_rows_in_a_workbook_are_refused(tmp_path):
    content = workbook([["a", number] for number in range(20_002)])

    assert refused(written(tmp_path, content, "a.xlsx")) == TOO_MANY


def test_a_number_of_five_thousand_digits_is_only_a_long_text(tmp_path):
    rows = reading.read(written(tmp_path, b"a;b\n1;" + b"9" * 5000)).sheets[0].rows

    assert rows[1] == ["1", "9" * (reading.MAX_CELL + 1)]


def test_a_number_of_five_thousand_digits_in_a_workbook_stops_nothing(tmp_path):
    content = workbook([["a", 7]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").replace(
            b"<v>7</v>", b"<v>" + b"9" * 5000 + b"</v>"
        )

    content = repacked(content, replace=[("xl/worksheets/sheet1.xml", sheet)])

    assert reading.read(written(tmp_path, content, "a.xlsx")).sheets[0].rows[0][0] == "a"


# -- Parcels that are not what they seem -----------------------------------------------------------

FAR_MORE = "The file unpacks to far more than a roster holds, and was not opened."


def test_a_bomb_of_zeros_is_refused_unopened_and_at_once(tmp_path):
    bomb = repacked(workbook(ROWS), extra=[("xl/worksheets/sheet9.xml", bytes(60 * 1024 * 1024))])
    started = time.monotonic()

    assert refused(written(tmp_path, bomb, "a.xlsx")) == FAR_MORE
    assert time.monotonic() - started < 2


def test_a_parcel_of_a_thousand_members_is_refused(tmp_path):
    many = repacked(workbook(ROWS), extra=[(f"x{number}", b"") for number in range(300)])

    assert refused(written(tmp_path, many, "a.xlsx")) == FAR_MORE


def test_a_small_file_that_asks_for_gigabytes_is_refused_within_seconds(tmp_path):
    content = workbook([["a"]])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    sheet = sheet.replace(b"</sheetData>", far)
    started = time.monotonic()

    sentence = refused(
        written(
            tmp_path, repacked(content, replace=[("xl/worksheets/sheet1.xml", sheet)]), "a.xlsx"
        )
    )

    assert sentence == "The file cannot be read: it is damaged, or too large."
    assert time.monotonic() - started < 15


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_entities_of_its_own_is_refused(tmp_path, encoding):
    evil = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    content = repacked(workbook(ROWS), extra=[("xl/evil.xml", evil.encode(encoding))])

    assert refused(written(tmp_path, content, "a.xlsx")) == (
        "The file refers to things outside itself, and was not opened."
    )


def test_macros_are_refused(tmp_path):
    content = repacked(workbook(ROWS), extra=[("xl/vbaProject.bin", b"x")])

    assert refused(written(tmp_path, content, "a.xlsm")) == (
        "The file has macros. Save it as .xlsx without macros."
    )


def test_another_kind_of_parcel_is_refused(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")

    assert refused(written(tmp_path, file.getvalue(), "a.docx")) == (
        "This is not an Excel file. Choose an .xlsx or a .csv file."
    )


def test_a_locked_member_is_refused(tmp_path):
    content = bytearray(workbook(ROWS))
    at = content.find(b"PK\x01\x02")
    flags = struct.unpack_from("<H", content, at + 8)[0]
    struct.pack_into("<H", content, at + 8, flags | 1)

    assert refused(written(tmp_path, bytes(content), "a.xlsx")) == (
        "The file has a password. Save it without one."
    )


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield
