"""Read the sheets of a checked workbook as text. Run as a program of its own, with little memory.

A workbook of a few kilobytes can ask for gigabytes. So the reader lives in a process that may fail.
"""

import datetime as dt
import json
import math
import resource
import sys
from itertools import islice
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

MAX_MEMORY = 1024 * 1024 * 1024
MAX_SECONDS = 20


def text_of(cell: Any, longest: int) -> str:
    """Return what a person sees in the cell; a formula is its value."""
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float):
        return str(int(cell)) if math.isfinite(cell) and cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat()[:10]
    return str(cell)[: longest + 1]


def sheets_of(path: str, *, rows: int, columns: int, longest: int) -> dict[str, Any]:
    """Return every sheet's name and rows, or what is wrong."""
    workbook = CalamineWorkbook.from_path(path)
    found, left = [], rows
    for about in workbook.sheets_metadata[:50]:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.total_height * max(sheet.total_width, 1) > rows * columns * 10:
            return {"wrong": "too_large"}
        lines = [
            [text_of(cell, longest) for cell in line[:columns]]
            for line in islice(sheet.to_python(skip_empty_area=False), left + 1)
        ]
        while lines and not any(lines[-1]):
            lines.pop()
        left -= len(lines)
        if left < 0:
            return {"wrong": "too_many_rows"}
        is_visible = about.visible == SheetVisibleEnum.Visible
        found.append({"name": about.name, "rows": lines, "is_visible": is_visible})
    return {"sheets": found}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    path, rows, columns, longest = sys.argv[1], *map(int, sys.argv[2:5])
    json.dump(sheets_of(path, rows=rows, columns=columns, longest=longest), sys.stdout)
