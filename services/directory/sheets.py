"""Files as they are kept, YAML or CSV, into plain data that remembers where each value stood."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from services.directory.faults import KEY, Fault, Loc, Place, Words, field_name


@dataclass
class Sheet:
    """A file's data, all scalars as text, the place of everything in it, and what could not be read."""

    file: str
    data: Any = None
    places: dict[Loc, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, loc: Loc) -> Place:
        """Where a value stands; for one that is missing, where the thing stands that should hold it."""
        while loc not in self.places and loc:
            loc = loc[:-1]
        return self.places.get(loc, Place(1, 1))

    def fault(self, loc: Loc, expected: Words) -> None:
        """Record a fault at a value."""
        self.faults.append(Fault(self.file, self.place(loc), field_name(loc), expected))


def decoded(raw: bytes) -> str | None:
    """Text of a file saved as UTF-8 or, as spreadsheets in China do, GB 18030; None when it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def read_yaml(file: str, text: str) -> Sheet:
    """A YAML file. Scalars stay text, so that 0100 and 220122 are what was written."""
    sheet = Sheet(file)
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = Place(mark.line + 1, mark.column + 1) if mark is not None else Place(1, 1)
        sheet.faults.append(
            Fault(file, place, "", Words("不是可读的 YAML", f"readable YAML expected: {error.problem}"))
        )
        return sheet
    if root is not None:
        sheet.data = _plain(sheet, root, ())
    return sheet


def _plain(sheet: Sheet, node: yaml.Node, loc: Loc) -> Any:
    sheet.places[loc] = Place(node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(sheet, each, (*loc, n)) for n, each in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            place = Place(key.start_mark.line + 1, key.start_mark.column + 1)
            sheet.places[(*loc, name, KEY)] = place
            if name in found:
                sheet.faults.append(Fault(sheet.file, place, field_name((*loc, name)), _TWICE))
            found[name] = _plain(sheet, value, (*loc, name))
        return found
    return node.value


# What a column may be called.
COLUMNS = {
    "kind": ("kind", "机构类别"),
    "level": ("level", "层级"),
    "area": ("area", "区划代码"),
    "function": ("function", "岗位"),
    "id": ("id", "person_id", "人员编号"),
    "name": ("name", "person_name", "姓名"),
    "channel": ("channel", "渠道"),
    "contact": ("contact", "value", "to", "联系方式"),
}
_NAMES = {name: column for column, names in COLUMNS.items() for name in names}
_POST = ("kind", "level", "area", "function")
_TWICE = Words("同一名称出现两次", "the same name stands here twice; expected once")


def read_csv(file: str, text: str) -> Sheet:
    """A CSV file with one row per person and channel, as the same data as a YAML file's.

    Rows of one post and of one person need not stand together; people are told in the order of their first rows.
    """
    sheet = Sheet(file, {"posts": []}, {(): Place(1, 1)})
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [_NAMES.get(cell.strip().lower(), cell.strip()) for cell in next(rows, [])]
        _check_header(sheet, header)
        if sheet.faults:
            return sheet
        # A quoted cell may hold line ends: a row is known by the line it ends on.
        _gather(sheet, header, ((rows.line_num, row) for row in rows))
    except csv.Error as error:
        fault = Words("不是可读的 CSV", f"readable CSV expected: {error}")
        sheet.faults.append(Fault(file, Place(rows.line_num, 1), "", fault))
    return sheet


def _check_header(sheet: Sheet, header: list[str]) -> None:
    for n, name in enumerate(header):
        if name not in COLUMNS:
            known = "/".join(names[0] for names in COLUMNS.values())
            words = Words(
                f"未知的列,应为 {'、'.join(names[-1] for names in COLUMNS.values())}", f"a column of {known} expected"
            )
            sheet.faults.append(Fault(sheet.file, Place(1, n + 1), f"column {n + 1}", words))
        elif name in header[:n]:
            sheet.faults.append(Fault(sheet.file, Place(1, n + 1), name, _TWICE))
    for name, names in COLUMNS.items():
        if name not in header:
            words = Words(f"缺少“{names[-1]}”列", f"the first row must have a column {name}")
            sheet.faults.append(Fault(sheet.file, Place(1, 1), name, words))


def _gather(sheet: Sheet, header: list[str], rows: Iterable[tuple[int, list[str]]]) -> None:
    posts: dict[tuple[str, ...], tuple[int, dict[str, int]]] = {}
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            words = Words(f"应有 {len(header)} 列", f"{len(header)} cells expected")
            sheet.faults.append(Fault(sheet.file, Place(line, min(len(row), len(header)) + 1), "row", words))
            continue
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
        key = tuple(cells[name] for name in _POST)
        if key not in posts:
            posts[key] = (len(posts), {})
            sheet.data["posts"].append({**dict(zip(_POST, key, strict=True)), "people": []})
            _remember(sheet, ("posts", posts[key][0]), _POST, header, line)
        number, people = posts[key]
        listed = sheet.data["posts"][number]["people"]
        if cells["id"] not in people:
            people[cells["id"]] = len(people)
            listed.append({"id": cells["id"], "name": cells["name"], "channels": {}})
            _remember(sheet, ("posts", number, "people", people[cells["id"]]), ("id", "name"), header, line)
        loc: Loc = ("posts", number, "people", people[cells["id"]])
        person = listed[people[cells["id"]]]
        if cells["name"] != person["name"]:
            words = Words("与此人前一行的姓名不同", "another name than in this person's first row")
            sheet.faults.append(
                Fault(sheet.file, Place(line, header.index("name") + 1), field_name((*loc, "name")), words)
            )
        if cells["channel"] in person["channels"]:
            place = Place(line, header.index("channel") + 1)
            sheet.faults.append(Fault(sheet.file, place, field_name((*loc, "channels")), _TWICE))
        sheet.places[(*loc, "channels")] = Place(line, header.index("channel") + 1)
        sheet.places[(*loc, "channels", cells["channel"], KEY)] = Place(line, header.index("channel") + 1)
        sheet.places[(*loc, "channels", cells["channel"])] = Place(line, header.index("contact") + 1)
        person["channels"][cells["channel"]] = cells["contact"]


def _remember(sheet: Sheet, loc: Loc, names: Iterable[str], header: list[str], line: int) -> None:
    sheet.places[loc] = Place(line, 1)
    for name in names:
        sheet.places[(*loc, name)] = Place(line, header.index(name) + 1)
