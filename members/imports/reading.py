"""From an uploaded file to sheets of text: what it is, whether it is safe, and in which letters."""

import codecs
import csv
import io
import json
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from core.exceptions import Refused
from members.imports import workbook
from members.imports.cleaning import clean_text

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100
MAX_MEMBERS = 200
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_CELL = 500

# The first bytes of what people send by mistake.
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"{\\rtf",
    b"<!DOCTYPE",
    b"<html",
    b"\x1f\x8b",
)
# æ ø å Æ Ø Å as Windows and as the old Macintosh wrote them.
_WINDOWS_LETTERS = frozenset(b"\xe6\xf8\xe5\xc6\xd8\xc5")
_MAC_LETTERS = frozenset(b"\xbe\xbf\x8c\xae\xaf\x81")


@dataclass
class Sheet:
    """The rows of one sheet, or of the whole file when it has none."""

    name: str
    rows: list[list[str]]
    is_visible: bool = True


@dataclass
class Content:
    """What a file holds, and what the coordinator must know about how it was read."""

    sheets: list[Sheet]
    warnings: list[str] = field(default_factory=list)


def read(path: Path) -> Content:
    """Read a spreadsheet or a text file with columns.

    Raises Refused with one clear sentence when the file is too large, unsafe or of another type.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise Refused(_("The file is larger than 5 MB."))
    if size == 0:
        raise Refused(_("The file is empty."))
    start = path.read_bytes()[:8]
    if start.startswith(_OLD_OFFICE):
        raise Refused(
            _(
                "This is an old Excel file, or one with a password. "
                "Open it and save it as .xlsx without a password.",
            ),
        )
    if start.startswith(_OTHERS):
        raise Refused(_("This is not a spreadsheet. Choose an .xlsx or a .csv file."))
    content = _workbook(path) if start.startswith(b"PK") else _text(path.read_bytes())
    for sheet in content.sheets:
        sheet.rows = [[clean_text(cell) for cell in row] for row in sheet.rows]
    if not any(any(row) for sheet in content.sheets for row in sheet.rows):
        raise Refused(_("The file has no rows."))
    return content


# -- Workbooks -------------------------------------------------------------------------------


def _workbook(path: Path) -> Content:
    check_archive(path)
    arguments = [str(path), str(MAX_ROWS), str(MAX_COLUMNS), str(MAX_CELL)]
    try:
        run = subprocess.run(  # noqa: S603 -- our own program, without a shell
            [sys.executable, "-I", workbook.__file__, *arguments],
            capture_output=True,
            timeout=workbook.MAX_SECONDS + 10,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise Refused(_("The file cannot be read: it is damaged, or too large.")) from error
    found = json.loads(run.stdout)
    if "wrong" in found:
        raise Refused(_too_many_rows())
    return Content([Sheet(**sheet) for sheet in found["sheets"]])


def _too_many_rows() -> str:
    return _("The file has more than 20,000 rows. Divide it, and import the parts one by one.")


def check_archive(path: Path) -> None:
    """Look at the parcel before anything is unpacked.

    Raises Refused for a bomb, for macros, and for anything but a plain workbook.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, NotImplementedError) as error:
        raise Refused(_("The file is damaged. Save it again, and try once more.")) from error


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = max(sum(member.compress_size for member in members), 1)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked / packed > MAX_RATIO:
        raise Refused(_("The file unpacks to far more than a roster holds, and was not opened."))
    names = [member.filename.lower() for member in members]
    if any(name.endswith("vbaproject.bin") or "macrosheets/" in name for name in names):
        raise Refused(_("The file has macros. Save it as .xlsx without macros."))
    if "xl/workbook.xml" not in names:
        raise Refused(_("This is not an Excel file. Choose an .xlsx or a .csv file."))
    for member in members:
        if member.flag_bits & 0x1:
            raise Refused(_("The file has a password. Save it without one."))
        if member.filename.lower().endswith((".xml", ".rels", ".vml")):
            _check_declarations(archive, member)


def _check_declarations(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """A document type declaration stands before the content, in any encoding of XML."""
    with archive.open(member) as part:
        start = part.read(64 * 1024).replace(b"\0", b"").upper()
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise Refused(_("The file refers to things outside itself, and was not opened."))


# -- Text ------------------------------------------------------------------------------------


def _text(content: bytes) -> Content:
    text, warnings = decode(content)
    text = text.replace("\0", "")
    separator, text = _separator(text)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append([cell[: MAX_CELL + 1] for cell in row[:MAX_COLUMNS]])
            if len(rows) > MAX_ROWS + 1:
                raise Refused(_too_many_rows())
    except csv.Error as error:
        raise Refused(_("The file cannot be divided into columns: a cell is too long.")) from error
    while rows and not any(rows[-1]):
        rows.pop()
    return Content([Sheet("", rows)], warnings)


def decode(content: bytes) -> tuple[str, list[str]]:
    """Return the text and what to tell about its encoding.

    Raises Refused when the bytes are no text.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif content.count(0) * 10 > len(content):
        encodings = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
        if _looks_macintosh(content):
            encodings = ["utf-8-sig", "mac_roman"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_binary(text):
            break
        return text, [_macintosh_warning()] if encoding == "mac_roman" else []
    raise Refused(_("This is not a text file with columns. Choose an .xlsx or a .csv file."))


def _looks_macintosh(content: bytes) -> bool:
    return sum(b in _MAC_LETTERS for b in content) > sum(b in _WINDOWS_LETTERS for b in content)


def _macintosh_warning() -> str:
    return _(
        "The file seems to be written on an old Macintosh. "
        "See to it that æ, ø and å are right before you save.",
    )


def _is_binary(text: str) -> bool:
    start = text[:4000]
    usual = "\t\r\n\0"
    strange = sum(unicodedata.category(letter) == "Cc" for letter in start if letter not in usual)
    return strange * 20 > len(start)


def _separator(text: str) -> tuple[str, str]:
    """Return the separator, and the text without Excel's own line that names it."""
    first, _newline, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        return first.strip()[-1], rest
    start = text[:20_000]
    return max(";,\t|", key=lambda separator: _fit(start, separator)), text


def _fit(start: str, separator: str) -> tuple[int, int]:
    """Tell how well a separator divides: columns in the typical row, and rows that have as many."""
    try:
        rows = list(csv.reader(io.StringIO(start, newline=""), delimiter=separator))[:40]
    except csv.Error:
        return (0, 0)
    widths = sorted(len(row) for row in rows if row)
    typical = widths[len(widths) // 2] if widths else 0
    return (typical, widths.count(typical)) if typical > 1 else (0, 0)
