"""People's files: what is read, and that every fault is named at its place at once, without its value."""

from pathlib import Path

import pytest

from services.directory.faults import FileFaults
from services.directory.people_files import read_people

YAML = """\
posts:
  - kind: civil_affairs
    level: county
    area: 220122
    function: duty_officer
    people:
      - {id: p1, name: 王某, channels: {sms: 100 0000 0001, wecom: wang}}
      - {id: p2, name: 李某, channels: {voice: 010000000002}}
  - {kind: education, level: county, area: "220122", function: bureau_head, people: []}
"""
CSV = """\
kind,level,area,function,id,name,channel,contact
civil_affairs,county,220122,duty_officer,p1,王某,sms,10000000001
education,county,220122,duty_officer,p3,赵某,sms,10000000003
civil_affairs,county,220122,duty_officer,p2,李某,sms,10000000002
civil_affairs,county,220122,duty_officer,p1,王某,wecom,wang
"""


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def faults(path: Path) -> list[tuple[int, int, str]]:
    with pytest.raises(FileFaults) as caught:
        read_people(path)
    return [(*fault.place, fault.field) for fault in caught.value.faults]


def test_a_yaml_file_says_who_is_told_in_which_order_and_how(tmp_path: Path) -> None:
    first, second = read_people(written(tmp_path, "a.yaml", YAML))
    assert first.post.key == "civil_affairs@county/220122/duty_officer"
    assert [(p.id, p.name, dict(p.channels)) for p in first.people] == [
        ("p1", "王某", {"sms": "10000000001", "wecom": "wang"}),
        ("p2", "李某", {"voice": "010000000002"}),
    ]
    assert (second.post.key, second.people) == ("education@county/220122/bureau_head", ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_file_has_one_row_per_person_and_channel(tmp_path: Path, encoding: str) -> None:
    first, second = read_people(written(tmp_path, "a.csv", CSV, encoding))
    assert [(p.id, dict(p.channels)) for p in first.people] == [
        ("p1", {"sms": "10000000001", "wecom": "wang"}),
        ("p2", {"sms": "10000000002"}),
    ]
    assert [p.name for p in second.people] == ["赵某"]


def test_columns_may_be_named_in_chinese_and_stand_in_any_order(tmp_path: Path) -> None:
    text = "姓名,人员编号,渠道,联系方式,机构类别,层级,区划代码,岗位\n"
    text += "王某,p1,sms,10000000001,education,county,220122,duty_officer\n"
    [made] = read_people(written(tmp_path, "a.csv", text))
    assert (made.post.key, made.people[0].name) == ("education@county/220122/duty_officer", "王某")


def test_a_directory_is_read_as_one(tmp_path: Path) -> None:
    written(tmp_path, "a.yaml", YAML)
    written(tmp_path, "b.csv", CSV.replace("civil_affairs", "health").replace("p1", "q1").replace("p2", "q2"))
    assert len(read_people(tmp_path)) == 4


def test_every_fault_of_a_yaml_file_is_named_at_once_with_line_and_column(tmp_path: Path) -> None:
    text = """\
posts:
  - kind: civil_afairs
    level: county
    area: "220122"
    function: duty_officer
    people: []
  - kind: education
    level: county
    area: "210102"
    function: caretaker
    shift: night
    people:
      - {id: p1, name: 王某, channels: {sms: secret-1, fax: secret-2}}
      - {id: p 2, channels: {}}
  - kind: health
    level: county
    area: "220122"
"""
    assert faults(written(tmp_path, "a.yaml", text)) == [
        (2, 11, "posts[1].kind"),
        (9, 11, "posts[2].area"),
        (10, 15, "posts[2].function"),
        (11, 12, "posts[2].shift"),
        (13, 44, "posts[2].people[1].channels.sms"),
        (13, 54, "posts[2].people[1].channels.fax"),
        (14, 9, "posts[2].people[2].name"),
        (14, 14, "posts[2].people[2].id"),
        (14, 29, "posts[2].people[2].channels"),
        (15, 5, "posts[3].function"),
        (15, 5, "posts[3].people"),
    ]


def test_every_fault_of_a_csv_file_is_named_at_once_with_row_and_column(tmp_path: Path) -> None:
    text = """\
kind,level,area,function,id,name,channel,contact
civil_affairs,county,220100,duty_officer,p1,王某,sms,secret
civil_affairs,county,220122,duty_officer,,李某,fax,10000000002

civil_affairs,county,220122,duty_officer,p3,李某
education,county,220122,duty_officer,p4,张某,sms,10000000004
education,county,220122,duty_officer,p4,章某,sms,10000000005
"""
    assert faults(written(tmp_path, "a.csv", text)) == [
        (2, 3, "posts[1].area"),
        (2, 8, "posts[1].people[1].channels.sms"),
        (3, 5, "posts[2].people[1].id"),
        (3, 7, "posts[2].people[1].channels.fax"),
        (5, 7, "row"),
        (7, 6, "posts[3].people[1].name"),
        (7, 7, "posts[3].people[1].channels"),
    ]


def test_columns_that_are_missing_unknown_or_twice_are_named(tmp_path: Path) -> None:
    text = "kind,level,area,function,id,name,phone,name\n"
    found = faults(written(tmp_path, "a.csv", text))
    assert found == [(1, 1, "channel"), (1, 1, "contact"), (1, 7, "column 7"), (1, 8, "name")]


def test_a_post_or_a_person_told_two_ways_is_a_fault_over_files_too(tmp_path: Path) -> None:
    written(tmp_path, "a.yaml", YAML)
    other = "posts:\n  - {kind: civil_affairs, level: county, area: '220122', function: duty_officer, people: []}\n"
    other += "  - {kind: health, level: county, area: '220122', function: duty_officer,\n"
    other += "     people: [{id: p1, name: 汪某, channels: {sms: '10000000009'}}]}\n"
    written(tmp_path, "b.yaml", other)
    assert faults(tmp_path) == [
        (2, 5, "posts[1]"),
        (4, 30, "posts[2].people[1].name"),
        (4, 44, "posts[2].people[1].channels"),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", b"posts: [\n"),
        ("a.yaml", b"\xff\xfe\xfa"),
        ("a.yaml", b"- posts\n"),
        ("a.yaml", b""),
        ("a.yaml", b"posts: {a: 1}\n"),
        ("a.yaml", b"posts: []\nposts: []\n"),
        ("a.yaml", b"people: []\nposts: []\n"),
        ("a.yaml", b"posts: [civil_affairs]\n"),
        ("a.csv", b""),
        ("a.csv", b'kind,level,area,function,id,name,channel,contact\n"open'),
        ("a.xls", b"x"),
    ],
)
def test_what_is_no_roster_at_all_is_said_plainly(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileFaults) as caught:
        read_people(tmp_path / name)
    assert all(fault.expected.zh and fault.expected.en for fault in caught.value.faults)


def test_a_file_that_is_not_there_and_an_empty_directory_are_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(FileFaults):
        read_people(tmp_path / "none.yaml")
    with pytest.raises(FileFaults):
        read_people(tmp_path)


def test_a_fault_never_repeats_what_was_written(tmp_path: Path) -> None:
    text = YAML.replace("100 0000 0001", "secret-number").replace("王某", '""').replace("220122", "999secret")
    with pytest.raises(FileFaults) as caught:
        read_people(written(tmp_path, "a.yaml", text))
    assert "secret" not in str(caught.value)
    assert len(caught.value.faults) >= 4
