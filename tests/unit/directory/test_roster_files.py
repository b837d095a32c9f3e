"""Roster files as offices keep them: YAML, tables in CSV, duty tables in XLSX; every fault with its row and column."""

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from services.directory.faults import FileFaults
from services.directory.people_files import Files, read_files
from services.directory.roster_names import held_after, resolve
from services.directory.shifts import Plan
from services.directory.working_days import working_days

DESK = "civil_affairs@county/220122/duty_officer"
LEADER = "civil_affairs@county/220122/duty_leader"
HELD = {DESK: {"a": "王一", "b": "李二", "c": "赵三"}, LEADER: {"l": "钱四", "m": "钱四"}}

YAML = """\
rosters:
  - kind: civil_affairs
    level: county
    area: "220122"
    function: duty_officer
    shifts:
      - {name: 白班, days: working, from: "08:30", to: "17:30", people: [王一, b]}
      - name: 夜班
        from: "17:30"
        to: "08:30"
        rotation: {every: day, start: 2026-11-02, groups: [[a], [李二, c]]}
    covers:
      - {from: 2026-11-09T17:30, to: 2026-11-10T08:30, out: 赵三, in: [a]}
    swaps:
      - {shift: 夜班, one: a, one_on: 2026-11-04, other: b, other_on: 2026-11-05}
leave:
  - {person: 李二, from: 2026-11-20, to: 2026-11-22T08:30}
"""
TABLE = """\
机构类别,层级,区划代码,岗位,日期,星期,班次,开始,结束,值班人员
civil_affairs,county,220122,duty_officer,2026-11-02,一,夜班,17:30,08:30,王一、c
civil_affairs,county,220122,duty_officer,2026-11-03,周二,夜班,17:30,08:30,b
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path) -> dict[str, Plan]:
    files = read_files(path)
    plans, _ = resolve(files, held_after(files, HELD), {"b": "李二"}, working_days())
    return {made.post.key: made.plan for made in plans}


def faults(path: Path) -> list[tuple[int, int, str]]:
    with pytest.raises(FileFaults) as caught:
        read(path)
    return [(fault.place.line, fault.place.column, fault.field) for fault in caught.value.faults]


def test_a_yaml_roster_names_people_by_id_or_by_name(tmp_path: Path) -> None:
    plan = read(written(tmp_path, "r.yaml", YAML))[DESK]
    day, night = plan.shifts
    assert day.people == ("a", "b")
    assert night.rotation is not None
    assert night.rotation.groups == (("a",), ("b", "c"))
    assert (plan.covers[0].out, plan.swaps[0].other) == ("c", "b")


def test_people_of_the_same_files_count_as_holders(tmp_path: Path) -> None:
    people = "posts:\n  - {kind: civil_affairs, level: county, area: '220122', function: duty_officer, people: ["
    people += ", ".join(f"{{id: {i}, name: {n}, channels: {{wecom: {i}}}}}" for i, n in HELD[DESK].items()) + "]}\n"
    files: Files = read_files(written(tmp_path, "r.yaml", people + YAML))
    plans, leave = resolve(files, held_after(files, {}), {}, working_days())
    assert [made.post.key for made in plans] == [DESK]
    assert leave[0].person == "b"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("people: [王一, b]", "people: [王一, 孙五]", [(7, 76, "rosters[1].shifts[1].people[2]")]),
        ("one_on: 2026-11-04", "one_on: 2026-11-05", [(15, 37, "rosters[1].swaps[1].one_on")]),
        ("days: working", "days: weekdays", [(7, 26, "rosters[1].shifts[1].days[1]")]),
        ('from: "08:30"', 'from: "8 Uhr"', [(7, 41, "rosters[1].shifts[1].from")]),
        ("start: 2026-11-02", "start: 2.11.", [(11, 39, "rosters[1].shifts[2].rotation.start")]),
        (", people: [王一, b]", "", [(7, 9, "rosters[1].shifts[1]")]),
        ("to: 2026-11-10T08:30", "to: 2026-11-08T08:30", [(13, 9, "rosters[1].covers[1]")]),
        ("shift: 夜班, one", "shift: 晚班, one", [(15, 17, "rosters[1].swaps[1].shift")]),
        ("name: 夜班", "name: 白班", [(8, 15, "rosters[1].shifts[2].name"), (15, 17, "rosters[1].swaps[1].shift")]),
        ('area: "220122"', 'area: "210102"', [(4, 11, "rosters[1].area")]),
        ("person: 李二", "person: 孙五", [(17, 14, "leave[1].person")]),
        ("leave:", "holidays:", [(1, 1, "posts"), (17, 3, "holidays")]),
    ],
)
def test_each_fault_of_a_yaml_roster_names_its_place(
    tmp_path: Path, old: str, new: str, expected: list[tuple[int, int, str]]
) -> None:
    assert old in YAML
    assert faults(written(tmp_path, "r.yaml", YAML.replace(old, new))) == expected


def test_all_faults_are_named_at_once_and_none_repeats_what_was_written(tmp_path: Path) -> None:
    wrong = YAML.replace("people: [王一, b]", "people: [王一, 孙五]").replace(
        "one_on: 2026-11-04", "one_on: 2026-11-05"
    )
    wrong = wrong.replace("person: 李二", "person: 周六")
    path = written(tmp_path, "r.yaml", wrong)
    assert [field for _, _, field in faults(path)] == [
        "rosters[1].shifts[1].people[2]",
        "leave[1].person",
    ]  # swaps are counted only once everybody is known
    with pytest.raises(FileFaults) as caught:
        read(path)
    assert "孙五" not in str(caught.value)


def test_a_name_that_two_have_is_no_answer(tmp_path: Path) -> None:
    text = YAML.split("    shifts:")[0].replace("duty_officer", "duty_leader")
    text += '    shifts: [{name: 全天, from: "08:30", to: "08:30", people: [钱四]}]\n'
    assert faults(written(tmp_path, "r.yaml", text)) == [(6, 62, "rosters[1].shifts[1].people[1]")]


def test_a_table_has_one_row_per_shift(tmp_path: Path) -> None:
    lines = read(written(tmp_path, "r.csv", TABLE))[DESK].table
    assert [(line.on, line.name, line.begins, line.people) for line in lines] == [
        (date(2026, 11, 2), "夜班", time(17, 30), ("a", "c")),
        (date(2026, 11, 3), "夜班", time(17, 30), ("b",)),
    ]


def test_each_fault_of_a_table_names_its_row_and_column(tmp_path: Path) -> None:
    wrong = (
        TABLE.replace("周二", "周三")
        .replace("王一、c", "王一、孙五")
        .replace("夜班,17:30,08:30,b", "夜班,5 PM,08:30,b")
    )
    assert faults(written(tmp_path, "r.csv", wrong)) == [(3, 6, "weekday"), (3, 8, "rosters[1].table[2].from")]
    only = TABLE.replace("王一、c", "王一、孙五")
    assert faults(written(tmp_path, "s.csv", only)) == [(2, 10, "rosters[1].table[1].people[2]")]


def book(folder: Path, rows: list[list[Any]]) -> Path:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "11月"
    for row in rows:
        sheet.append(row)
    made.save(folder / "值班表.xlsx")
    return folder / "值班表.xlsx"


WALL: list[list[Any]] = [
    ["农安县民政局2026年11月值班表"],
    ["机构类别", "民政部门", "层级", "county", "区划代码", 220122],
    ["夜班", "17:30-次日08:30"],
    [],
    ["日期", "星期", "带班领导", "值班员·夜班"],
    [date(2026, 11, 2), "一", "l", "王一 李二"],
    [date(2026, 11, 3), "二", "m", "c"],
    [date(2026, 11, 4), "三", "l"],
]


def test_the_duty_table_on_the_office_wall_is_read_as_it_is(tmp_path: Path) -> None:
    plans = read(book(tmp_path, WALL))
    assert [(line.on.day, line.people) for line in plans[LEADER].table] == [(2, ("l",)), (3, ("m",)), (4, ("l",))]
    assert [(line.people, line.begins, line.ends) for line in plans[DESK].table] == [
        (("a", "b"), time(17, 30), time(8, 30)),
        (("c",), time(17, 30), time(8, 30)),
        ((), time(17, 30), time(8, 30)),  # an empty cell is a hole, and is shown as one
    ]


@pytest.mark.parametrize(
    ("row", "cell", "value", "expected"),
    [
        (5, 1, "三", [(6, 2, "weekday")]),
        (5, 3, "王一 孙五", [(6, 4, "rosters[2].table[1].people[2]")]),
        (5, 0, "11月2日", [(6, 1, "rosters[1].table[1].date"), (6, 1, "rosters[2].table[1].date")]),
        (4, 2, "科长", [(5, 3, "column 3")]),
        (4, 3, "值班员·晚班", [(5, 4, "column 4")]),
        (1, 5, 210102, [(2, 6, "rosters[1].area"), (2, 6, "rosters[2].area")]),
        (1, 0, "单位", [(1, 1, "kind")]),
    ],
)
def test_each_fault_of_a_duty_table_names_its_cell(
    tmp_path: Path, row: int, cell: int, value: object, expected: list[tuple[int, int, str]]
) -> None:
    rows = [list(each) for each in WALL]
    rows[row][cell] = value
    assert faults(book(tmp_path, rows)) == expected


def test_people_come_from_a_workbook_too(tmp_path: Path) -> None:
    head = ["机构类别", "层级", "区划代码", "岗位", "人员编号", "姓名", "渠道", "联系方式"]
    row = ["civil_affairs", "county", 220122, "duty_officer", "p1", "王某", "sms", 10000000001]
    (made,) = read_files(book(tmp_path, [head, row])).people
    assert (made[2].post.key, made[2].people[0].channels) == (DESK, {"sms": "10000000001"})


def test_a_file_that_is_no_workbook_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "r.xlsx").write_bytes(b"PK not really")
    assert faults(tmp_path / "r.xlsx") == [(1, 1, "")]


def test_a_table_of_leave_is_known_by_its_headings(tmp_path: Path) -> None:
    files = read_files(written(tmp_path, "l.csv", "人员编号,姓名,开始,结束\nb,李二,2026-11-20,2026-11-22T08:30\n"))
    assert [each.person for _, _, each in files.leave] == ["b"]
