"""Rosters as files again: what is exported is read back as the same, and calendars keep the rules of RFC 5545."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.directory.contacts import cannot_exist
from services.directory.duty import on_shift, spans
from services.directory.ics import FOLD, OwnShift, calendar_of
from services.directory.people_files import read_files
from services.directory.posts import parse_post
from services.directory.roster_entries import PostPlan
from services.directory.roster_export import as_csv, as_xlsx, as_yaml, rows_of
from services.directory.shifts import Leave, Plan
from services.directory.working_days import working_days

POST = parse_post("civil_affairs@county/220122/duty_officer")
PLAN = Plan.model_validate(
    {
        "shifts": [
            {"name": "白班", "days": "working", "from": "08:30", "to": "17:30", "people": ["a", "b"]},
            {"name": "夜班", "from": "17:30", "to": "08:30",
             "rotation": {"every": "week", "start": "2026-11-02", "groups": [["c"], ["d", "a"]]}},
        ],
        "covers": [{"from": "2026-11-05T20:00", "to": "2026-11-06T08:30", "out": "c", "in": ["b"]},
                   {"from": "2026-11-13T10:00", "to": "2026-11-15T21:00", "in": ["e"]}],
        "swaps": [{"shift": "夜班", "one": "c", "one_on": "2026-11-04", "other": "d", "other_on": "2026-11-11"}],
    }
)  # fmt: skip
START = datetime(2026, 11, 3, 0, 30, tzinfo=UTC)


def test_plans_and_leave_come_back_from_yaml_as_they_were(tmp_path: Path) -> None:
    leave = Leave.model_validate({"person": "a", "from": "2026-11-05T00:00:00Z", "to": "2026-11-06T00:00:00Z"})
    (tmp_path / "r.yaml").write_text(as_yaml([PostPlan(POST, PLAN)], [leave]), encoding="utf-8")
    files = read_files(tmp_path / "r.yaml")
    assert [(made.post, made.plan) for _, _, made in files.plans] == [(POST, PLAN)]
    assert [each for _, _, each in files.leave] == [leave]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_table_that_was_exported_puts_the_same_people_on_duty(tmp_path: Path, suffix: str) -> None:
    calendar, ends = working_days(), START + timedelta(days=14)
    away = [Leave.model_validate({"person": "d", "from": "2026-11-12T00:00", "to": "2026-11-13T20:00"})]
    rows = rows_of(POST, spans(PLAN, away, calendar, START, ends))
    path = tmp_path / f"r.{suffix}"
    path.write_bytes(as_xlsx(rows) if suffix == "xlsx" else as_csv(rows).encode("utf-8-sig"))
    ((_, _, made),) = read_files(path).plans
    for hour in range(14 * 24):
        at = START + timedelta(hours=hour)
        before, after = on_shift(PLAN, away, calendar, at), on_shift(made.plan, [], calendar, at)
        assert {turn.person for turn in before.turns} == {turn.person for turn in after.turns}, at


def test_a_calendar_has_one_event_per_shift_in_utc_with_folded_lines() -> None:
    shift = OwnShift("农安县民政局值班员 夜班,与" + "很长的名称" * 10, POST.key, START, START + timedelta(hours=15))
    text = calendar_of([shift], START)
    assert text == calendar_of([shift], START)
    lines = text.split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert "DTSTART:20261103T003000Z" in lines
    assert all(len(line.encode()) <= FOLD for line in lines)
    assert f"SUMMARY:{shift.title.replace(',', chr(92) + ',')}" in text.replace("\r\n ", "")


@pytest.mark.parametrize(
    ("channel", "contact", "impossible"),
    [
        ("sms", "13800000000", False), ("sms", "+8613800000000", False), ("sms", "8613800000000", False),
        ("sms", "10000000001", True), ("sms", "1380000000", True), ("sms", "043188888888", True),
        ("voice", "043188888888", False), ("voice", "01088888888", False), ("voice", "12345", False), ("voice", "110", False),
        ("voice", "4001234567", False), ("voice", "23456", True), ("voice", "10000000001", True),
        ("sms", "+4915112345678", False), ("wecom", "wang", False),
    ],
)  # fmt: skip
def test_a_number_that_cannot_ring_is_known(channel: str, contact: str, impossible: bool) -> None:
    assert cannot_exist(channel, contact) is impossible
