"""A table of people, one row per person and channel, as the same data as a YAML file's `posts`."""

from collections.abc import Iterable

from services.directory.faults import KEY, Loc, Place, Words
from services.directory.sheets import Sheet
from services.directory.tables import COLUMNS, Table, cells, column_name, table_fault

PEOPLE = ("kind", "level", "area", "function", "id", "name", "channel", "contact")
_POST = PEOPLE[:4]


def people_sheet(table: Table) -> Sheet:
    """The data of a people table.

    Rows of one post and of one person need not stand together; people are told in the order of their first rows.
    """
    sheet = Sheet(table.file, {"posts": []}, {(): Place(1, 1)}, table.faults)
    header = [column_name(cell) for cell in (table.rows[0][1] if table.rows else [])]
    check_header(sheet, header, PEOPLE, table.rows[0][0] if table.rows else 1)
    if not sheet.faults:
        _gather(sheet, header, cells(table, header, 1))
    return sheet


def check_header(sheet: Sheet, header: list[str], known: Iterable[str], line: int, more: Iterable[str] = ()) -> None:
    """Record headings that are unknown, twice there or missing; those of `more` may be missing."""
    for n, name in enumerate(header):
        if name not in (*known, *more):
            names = [COLUMNS[each] for each in (*known, *more)]
            zh, en = "、".join(each[-1] for each in names), "/".join(each[0] for each in names)
            table_fault(
                sheet, line, n + 1, f"column {n + 1}", Words(f"未知的列,应为 {zh}", f"a column of {en} expected")
            )
        elif name in header[:n]:
            table_fault(sheet, line, n + 1, name, _TWICE)
    for name in known:
        if name not in header:
            words = Words(f"缺少“{COLUMNS[name][-1]}”列", f"the first row must have a column {name}")
            table_fault(sheet, line, 1, name, words)


_TWICE = Words("同一名称出现两次", "the same name stands here twice; expected once")


def remember(sheet: Sheet, loc: Loc, names: Iterable[str], header: list[str], line: int) -> None:
    """Keep where a row and some of its cells stood."""
    sheet.places[loc] = Place(line, 1)
    for name in names:
        sheet.places[(*loc, name)] = Place(line, header.index(name) + 1)


def _gather(sheet: Sheet, header: list[str], rows: Iterable[tuple[int, dict[str, str]]]) -> None:
    posts: dict[tuple[str, ...], tuple[int, dict[str, int]]] = {}
    for line, row in rows:
        key = tuple(row[name] for name in _POST)
        if key not in posts:
            posts[key] = (len(posts), {})
            sheet.data["posts"].append({**dict(zip(_POST, key, strict=True)), "people": []})
            remember(sheet, ("posts", posts[key][0]), _POST, header, line)
        number, people = posts[key]
        listed = sheet.data["posts"][number]["people"]
        if row["id"] not in people:
            people[row["id"]] = len(people)
            listed.append({"id": row["id"], "name": row["name"], "channels": {}})
            remember(sheet, ("posts", number, "people", people[row["id"]]), ("id", "name"), header, line)
        loc: Loc = ("posts", number, "people", people[row["id"]])
        person = listed[people[row["id"]]]
        if row["name"] != person["name"]:
            words = Words("与此人前一行的姓名不同", "another name than in this person's first row")
            table_fault(sheet, line, header.index("name") + 1, (*loc, "name"), words)
        if row["channel"] in person["channels"]:
            table_fault(sheet, line, header.index("channel") + 1, (*loc, "channels"), _TWICE)
        at = Place(line, header.index("channel") + 1)
        sheet.places[(*loc, "channels")] = at
        sheet.places[(*loc, "channels", row["channel"], KEY)] = at
        sheet.places[(*loc, "channels", row["channel"])] = Place(line, header.index("contact") + 1)
        person["channels"][row["channel"]] = row["contact"]
