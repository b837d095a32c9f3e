"""Tables as offices keep them, CSV or XLSX, as rows of text that know their line."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zipfile import BadZipFile

from services.directory.faults import Fault, Loc, Place, Words, field_name
from services.directory.sheets import Sheet

# What a column may be called.
COLUMNS = {
    "kind": ("kind", "机构类别"),
    "level": ("level", "层级"),
    "area": ("area", "区划代码"),
    "function": ("function", "岗位"),
    "id": ("id", "person_id", "人员编号"),
    "name": ("name", "person_name", "姓名"),
    "channel": ("channel", "渠道"),
    "contact": ("contact", "value", "to_contact", "联系方式"),
    "date": ("date", "日期"),
    "weekday": ("weekday", "星期"),
    "shift": ("shift", "班次"),
    "from": ("from", "开始", "上班"),
    "to": ("to", "结束", "下班"),
    "people": ("people", "人员", "值班人员"),
}
_NAMES = {name: column for column, names in COLUMNS.items() for name in names}


@dataclass
class Table:
    """Rows of text with their lines, empty ones left out; `faults` is what could not be read."""

    file: str
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    exact: bool = False  # CSV: a row has all its cells; a spreadsheet leaves out empty ones at the end
    faults: list[Fault] = field(default_factory=list)


def column_name(cell: str) -> str:
    """A heading as the column that it means; itself where it means none."""
    return _NAMES.get(cell.strip().lower(), cell.strip())


def read_csv_table(file: str, text: str) -> Table:
    """The rows of a CSV file. A quoted cell may hold line ends: a row is known by the line it ends on."""
    table = Table(file, exact=True)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in rows:
            if any(cell.strip() for cell in row):
                table.rows.append((rows.line_num, [cell.strip() for cell in row]))
    except csv.Error as error:
        words = Words("不是可读的 CSV", f"readable CSV expected: {error}")
        table.faults.append(Fault(file, Place(rows.line_num, 1), "", words))
    return table


def read_workbook(file: str, raw: bytes) -> list[Table]:
    """The rows of each sheet of an XLSX file; empty sheets are left out. A sheet's table is named `file[sheet]`."""
    from openpyxl import load_workbook  # slow to load, and seldom needed
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        words = Words("不是可读的 XLSX", "a readable XLSX workbook expected")
        return [Table(file, faults=[Fault(file, Place(1, 1), "", words)])]
    found = []
    for sheet in book.worksheets:
        rows = [(n, [_text(cell) for cell in row]) for n, row in enumerate(sheet.iter_rows(values_only=True), 1)]
        filled = [(n, _trimmed(row)) for n, row in rows if any(row)]
        if filled:
            found.append(Table(f"{file}[{sheet.title}]", filled))
    book.close()
    return found


def table_fault(table: Table | Sheet, line: int, column: int, loc: Loc | str, words: Words) -> None:
    """Record a fault at a cell; columns count from 1."""
    name = loc if isinstance(loc, str) else field_name(loc)
    table.faults.append(Fault(table.file, Place(line, column), name, words))


def padded(row: list[str], width: int) -> list[str]:
    """A row with as many cells as the heading."""
    return row + [""] * (width - len(row))


def cells(table: Table, header: list[str], first: int) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below a heading as cells by column; one of another width is a fault and left out."""
    for line, row in table.rows[first:]:
        if len(row) > len(header) or (table.exact and len(row) < len(header)):
            words = Words(f"应有 {len(header)} 列", f"{len(header)} cells expected")
            table_fault(table, line, min(len(row), len(header)) + 1, "row", words)
            continue
        yield line, dict(zip(header, padded(row, len(header)), strict=True))


def _text(value: Any) -> str:
    """A cell as somebody would have typed it: numbers without .0, days and times in ISO form."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep="T", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row
