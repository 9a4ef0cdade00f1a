"""Which row holds the headings, and which field each column fills: a proposal to correct."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.imports.cleaning import WORDS, key_of
from members.imports.reading import Content, Sheet

FIELDS: dict[str, str | Promise] = {
    "name": _("Name (given and family name in one column)"),
    "family_name": _("Family name"),
    "given_name": _("Given name"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "profession": _("Profession"),
    "position": pgettext_lazy("job", "Position"),
    "workplace": _("Workplace"),
    "municipality": _("Municipality or district"),
    "unit": _("Group"),
    "network": _("Network"),
    "starts_on": _("Member since"),
    "leader_name": _("Nearest leader"),
    "leader_email": _("Nearest leader: e-mail"),
    "leader_phone": _("Nearest leader: phone"),
    "lead_name": _("Professional lead"),
    "lead_email": _("Professional lead: e-mail"),
    "education": _("Further education"),
    "hours_per_month": _("Allotted hours per month"),
}
_HEADER_WITHIN = 30
_FEWEST_HEADINGS = 2
_SAMPLES = 3
_KEYS = {key_of(word): name for name, words in WORDS["headings"].items() for word in words}
_FORBIDDEN = {key_of(word) for word in WORDS["forbidden"]["headings"]}


@dataclass
class Columns:
    """How one sheet is read."""

    name: str
    header: int  # the row of the headings, from 0; -1 when there is none
    fields: list[str]  # per column, "" for one that is not read
    is_used: bool = True
    unit: int | None = None  # the group of every row, where no column tells it

    def as_json(self) -> dict[str, Any]:
        return vars(self)


def field_of(heading: str) -> str:
    """Return the field that a heading means, or nothing."""
    key = key_of(heading)
    for candidate in (key, key_of(heading.partition("(")[0])):
        if candidate in _KEYS:
            return _KEYS[candidate]
    near = get_close_matches(key, _KEYS, n=1, cutoff=0.86) if len(key) > 4 else []  # noqa: PLR2004
    return _KEYS[near[0]] if near else ""


def is_forbidden(heading: str) -> bool:
    """Tell whether a column holds what a roster must not, such as national identity numbers."""
    return key_of(heading) in _FORBIDDEN


def recognise(content: Content) -> list[Columns]:
    """Propose how each sheet is read."""
    return [_recognise(sheet) for sheet in content.sheets]


def _recognise(sheet: Sheet) -> Columns:
    found = [[field_of(cell) for cell in row] for row in sheet.rows[:_HEADER_WITHIN]]
    scores = [len({name for name in row if name}) for row in found]
    best = max(scores, default=0)
    width = max((len(row) for row in sheet.rows), default=0)
    if best < _FEWEST_HEADINGS:
        header = next((at for at, row in enumerate(sheet.rows) if sum(map(bool, row)) > 1), 0)
        fields = [""] * width
    else:
        header = scores.index(best)
        fields = _once(found[header]) + [""] * (width - len(found[header]))
    _guess_email(sheet, header, fields)
    return Columns(
        name=sheet.name,
        header=header,
        fields=fields,
        is_used=sheet.is_visible and best >= _FEWEST_HEADINGS,
    )


def _once(fields: list[str]) -> list[str]:
    """Let the first column of a kind fill the field; the coordinator may choose another."""
    return ["" if name in fields[:at] else name for at, name in enumerate(fields)]


def _guess_email(sheet: Sheet, header: int, fields: list[str]) -> None:
    if "email" in fields:
        return
    for at, name in enumerate(fields):
        cells = [row[at] for row in sheet.rows[header + 1 : header + 50] if at < len(row)]
        full = [cell for cell in cells if cell]
        if not name and full and sum("@" in cell for cell in full) > len(full) / 2:
            fields[at] = "email"
            return


def shown(sheet: Sheet, columns: Columns) -> dict[str, Any]:
    """Return what lets a person recognise the columns: headings and a few values."""
    heading = sheet.rows[columns.header] if sheet.rows else []
    return {
        "headings": heading + [""] * (len(columns.fields) - len(heading)),
        "samples": _samples(sheet, columns.header),
        "rows": sum(any(row) for row in sheet.rows[columns.header + 1 :]),
        "forbidden": [cell for cell in heading if is_forbidden(cell)],
    }


def _samples(sheet: Sheet, header: int) -> list[list[str]]:
    width = max((len(row) for row in sheet.rows), default=0)
    found: list[list[str]] = [[] for _column in range(width)]
    for row in sheet.rows[header + 1 : header + 200]:
        for at, cell in enumerate(row):
            if cell and cell not in found[at] and len(found[at]) < _SAMPLES:
                found[at].append(cell[:60])
    return found


def missing(columns: Columns) -> list[str]:
    """Return the fields without which the rows of a sheet cannot be read."""
    fields = set(columns.fields)
    has_name = "name" in fields or {"family_name", "given_name"} <= fields
    needed = {
        "name": has_name,
        "email": "email" in fields,
        "workplace": "workplace" in fields,
        "profession": bool(fields & {"profession", "position"}),
    }
    return [name for name, is_there in needed.items() if not is_there]
