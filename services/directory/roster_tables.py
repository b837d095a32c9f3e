"""Duty tables as the same data as a YAML file's `rosters` and `leave`: one row per shift, or the sheet on the office wall."""

import re
from collections.abc import Iterable
from datetime import date

from services.directory.faults import Loc, Place, Words
from services.directory.kinds import FUNCTIONS, KINDS
from services.directory.people_tables import PEOPLE, check_header, people_sheet, remember
from services.directory.sheets import Sheet
from services.directory.tables import Table, cells, column_name, padded, table_fault

_POST = ("kind", "level", "area", "function")
SHIFTS = (*_POST, "date", "shift", "from", "to", "people")
LEAVE = ("id", "from", "to")
_WEEKDAYS = "一二三四五六日"
_WHOLE_DAY = ("08:30", "08:30")
_HOURS = re.compile(r"(\d{1,2}:\d{2})\s*[-–—~至]\s*(次日)?\s*(\d{1,2}:\d{2})")
_SEPARATORS = re.compile(r"[、,,;;/\s]+")
_FUNCTION_OF = {named.zh: name for name, named in FUNCTIONS.items()} | {name: name for name in FUNCTIONS}
_KIND_OF = {kind.zh: name for name, kind in KINDS.items()} | {name: name for name in KINDS}


def sheet_of(table: Table) -> Sheet:
    """A table as data, by its headings: people, shifts, leave, or a duty table whose columns are functions."""
    if table.faults:
        return Sheet(table.file, faults=table.faults)
    header = [column_name(cell) for cell in (table.rows[0][1] if table.rows else [])]
    if "shift" in header:
        return _rows(table, header)
    if "from" in header and "channel" not in header:
        return _leave(table, header)
    wall = next((n for n, (_, row) in enumerate(table.rows) if "date" in map(column_name, row)), None)
    if wall is not None and not set(header) & set(PEOPLE):
        return _wall(table, wall)
    return people_sheet(table)


def _rows(table: Table, header: list[str]) -> Sheet:
    """One row per shift: post, date, shift, from, to, people."""
    sheet = Sheet(table.file, {"rosters": []}, {(): Place(1, 1)}, table.faults)
    check_header(sheet, header, SHIFTS, table.rows[0][0], ("weekday",))
    if sheet.faults:
        return sheet
    posts: dict[tuple[str, ...], int] = {}
    for line, row in cells(table, header, 1):
        key = tuple(row[name] for name in _POST)
        if key not in posts:
            posts[key] = len(posts)
            sheet.data["rosters"].append({**dict(zip(_POST, key, strict=True)), "table": []})
            remember(sheet, ("rosters", posts[key]), _POST, header, line)
        lines = sheet.data["rosters"][posts[key]]["table"]
        loc: Loc = ("rosters", posts[key], "table", len(lines))
        remember(sheet, loc, ("date", "from", "to", "people"), header, line)
        sheet.places[(*loc, "name")] = Place(line, header.index("shift") + 1)
        if "weekday" in header:
            _check_weekday(sheet, row["weekday"], row["date"], line, header.index("weekday") + 1)
        lines.append({"date": row["date"], "name": row["shift"], "from": row["from"], "to": row["to"],
                      "people": _people(row["people"])})  # fmt: skip
    return sheet


def _leave(table: Table, header: list[str]) -> Sheet:
    sheet = Sheet(table.file, {"leave": []}, {(): Place(1, 1)}, table.faults)
    check_header(sheet, header, LEAVE, table.rows[0][0], ("name",))
    if not sheet.faults:
        for line, row in cells(table, header, 1):
            loc: Loc = ("leave", len(sheet.data["leave"]))
            remember(sheet, loc, ("from", "to"), header, line)
            sheet.places[(*loc, "person")] = Place(line, header.index("id") + 1)
            sheet.data["leave"].append({"person": row["id"], "from": row["from"], "to": row["to"]})
    return sheet


def _wall(table: Table, heading: int) -> Sheet:
    """The sheet on the wall: above the heading the agency and the hours of its shifts, below it a row for each day.

    Each column beside date and weekday is a function, or a function and a shift: `值班员`, `值班员·夜班`.
    """
    sheet = Sheet(table.file, {"rosters": []}, {(): Place(1, 1)}, table.faults)
    about, hours = _preamble(sheet, table.rows[:heading])
    line, row = table.rows[heading]
    header = [column_name(cell) for cell in row]
    columns: dict[int, tuple[int, str]] = {}  # column -> number of its post, name of its shift
    posts: dict[str, int] = {}
    for n, cell in enumerate(header):
        if cell in ("date", "weekday"):
            continue
        title, _, shift = cell.partition("·")
        function = _FUNCTION_OF.get(title)
        if function is None:
            words = Words(
                "应为岗位名称,如“值班员”或“值班员·夜班”", "a function expected, such as 值班员 or 值班员·夜班"
            )
            table_fault(sheet, line, n + 1, f"column {n + 1}", words)
            continue
        if shift and shift not in hours:
            words = Words(
                "表头上方应写明该班次的起止时间", "the hours of this shift expected above: name, then 17:30-08:30"
            )
            table_fault(sheet, line, n + 1, f"column {n + 1}", words)
        if function not in posts:
            posts[function] = len(posts)
            sheet.data["rosters"].append({**about[0], "function": function, "table": []})
            loc: Loc = ("rosters", posts[function])
            sheet.places[loc] = sheet.places[(*loc, "function")] = Place(line, n + 1)
            sheet.places |= {(*loc, name): place for name, place in about[1].items()}
        columns[n] = (posts[function], shift or "值班")
    if sheet.faults:
        sheet.data = {"rosters": []}
    else:
        _days(sheet, table, heading, header, columns, hours)
    return sheet


def _days(
    sheet: Sheet, table: Table, heading: int, header: list[str], columns: dict[int, tuple[int, str]],
    hours: dict[str, tuple[str, str]],
) -> None:  # fmt: skip
    for line, row in table.rows[heading + 1 :]:
        if len(row) > len(header):
            table_fault(
                sheet, line, len(header) + 1, "row", Words(f"应有 {len(header)} 列", f"{len(header)} cells expected")
            )
            continue
        filled = padded(row, len(header))
        day = filled[header.index("date")]
        if "weekday" in header:
            _check_weekday(sheet, filled[header.index("weekday")], day, line, header.index("weekday") + 1)
        for n, (post, shift) in columns.items():
            begins, ends = hours.get(shift, _WHOLE_DAY)
            lines = sheet.data["rosters"][post]["table"]
            loc: Loc = ("rosters", post, "table", len(lines))
            sheet.places[loc] = sheet.places[(*loc, "people")] = Place(line, n + 1)
            sheet.places[(*loc, "date")] = Place(line, header.index("date") + 1)
            lines.append({"date": day, "name": shift, "from": begins, "to": ends, "people": _people(filled[n])})


def _preamble(
    sheet: Sheet, rows: Iterable[tuple[int, list[str]]]
) -> tuple[tuple[dict[str, str], dict[str, Place]], dict[str, tuple[str, str]]]:
    """What stands above the heading: kind, level and area with their places, and the hours of shifts; titles are skipped."""
    about: dict[str, str] = {"kind": "", "level": "", "area": ""}
    places: dict[str, Place] = {}
    hours: dict[str, tuple[str, str]] = {}
    for line, row in rows:
        for n, (cell, value) in enumerate(zip(row, [*row[1:], ""], strict=True)):
            name = column_name(cell)
            if name in about:
                about[name] = _KIND_OF.get(value, value) if name == "kind" else value
                places[name] = Place(line, n + 2)
            elif found := _HOURS.fullmatch(value):
                hours[cell] = (found[1].zfill(5), found[3].zfill(5))
    for name, value in about.items():
        if not value:
            zh = {"kind": "机构类别", "level": "层级", "area": "区划代码"}[name]
            sheet_words = Words(f"表头上方应写明“{zh}”", f"above the heading expected: {name} and its value")
            table_fault(sheet, 1, 1, name, sheet_words)
    return (about, places), hours


def _people(cell: str) -> list[str]:
    return [each for each in _SEPARATORS.split(cell) if each]


def _check_weekday(sheet: Sheet, given: str, day: str, line: int, column: int) -> None:
    """A weekday that does not belong to its date: one of the two is wrong, and nobody can tell which."""
    try:
        right = _WEEKDAYS[date.fromisoformat(day).weekday()]
    except ValueError:
        return  # the date itself is a fault
    if given and given[-1] not in (right, "天" if right == "日" else right):
        table_fault(sheet, line, column, "weekday", Words("星期与日期不符", "the weekday of this date expected"))
