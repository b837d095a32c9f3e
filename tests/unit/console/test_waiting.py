"""Clocks and moments as a page says them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.console.moments import span, when
from services.console.texts import text_of
from services.console.waiting import clock_lines, next_due

ZH = text_of("zh")
NOW = datetime(2026, 10, 2, 12, 14, tzinfo=UTC)  # 20:14 in Beijing


def clock(name: str, minutes: int, **more: Any) -> dict[str, Any]:
    return {"name": name, "due_at": (NOW + timedelta(minutes=minutes)).isoformat(), "state": "running", **more}


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "不到 1 分钟"), (timedelta(minutes=14, seconds=59), "14 分钟"), (timedelta(hours=3, minutes=5), "3 小时 5 分钟"),
        (timedelta(hours=2), "2 小时"), (timedelta(days=2, hours=3, minutes=59), "2 天 3 小时"), (timedelta(days=1, minutes=5), "1 天"),
        (timedelta(seconds=-5), "不到 1 分钟"),
    ],
)  # fmt: skip
def test_a_length_of_time_is_said_in_its_two_largest_units(length: timedelta, said: str) -> None:
    assert span(length, ZH) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW, "今天 20:14"), (datetime(2026, 10, 2, 16, 0, tzinfo=UTC), "明天 00:00"), (datetime(2026, 10, 5, 9, 0, tzinfo=UTC), "10月5日 17:00"),
        (datetime(2027, 1, 1, 0, 0, tzinfo=UTC), "2027年1月1日 08:00"), (datetime(2026, 10, 1, 15, 59, tzinfo=UTC), "10月1日 23:59"),
    ],
)  # fmt: skip
def test_a_moment_is_said_in_beijing_time_beside_today(at: datetime, said: str) -> None:
    assert when(at, NOW, ZH) == said


def test_a_clock_is_late_from_its_due_moment_on_even_before_the_tracker_says_so() -> None:
    (line,) = clock_lines([clock("ack", 0)], NOW)
    assert line.standing == "late"
    (line,) = clock_lines([clock("ack", 0)], NOW - timedelta(microseconds=1))
    assert line.standing == "running"


@pytest.mark.parametrize(
    ("more", "standing"),
    [
        ({"state": "met", "stopped_at": (NOW - timedelta(minutes=20)).isoformat()}, "met"),
        ({"state": "breached", "stopped_at": NOW.isoformat()}, "met_late"),
        ({"state": "paused"}, "paused"), ({"state": "cancelled"}, "cancelled"), ({"state": "breached"}, "late"),
    ],
)  # fmt: skip
def test_a_clock_says_what_became_of_it(more: dict[str, Any], standing: str) -> None:
    (line,) = clock_lines([clock("ack", -10, **more)], NOW)
    assert line.standing == standing


def test_what_is_owed_first_is_the_earliest_clock_that_nobody_stopped() -> None:
    lines = clock_lines(
        [clock("close", 90), clock("start", 10), clock("ack", -5, state="met", stopped_at=NOW.isoformat())], NOW
    )
    owed = next_due(lines)
    assert owed is not None
    assert owed.name == "start"
    assert next_due(clock_lines([], NOW)) is None


def test_a_term_that_law_sets_is_never_late_and_nobody_is_waited_for() -> None:
    legal = {"kind": "legal", "levels": []}  # as a row has it; the API says `silent`
    for each in (clock("LEG-CT-PPO-TERM", -60, **legal), clock("LEG-CT-PPO-TERM", -60, kind="legal", silent=True)):
        (line,) = clock_lines([each], NOW)
        assert line.standing == "term"
        assert next_due([line]) is None


def test_a_row_does_not_say_of_a_legal_clock_that_it_is_law() -> None:
    (row,) = clock_lines([clock("LEG-DIBAO", 5, kind="legal", levels=[{}])], NOW)
    assert row.label == ""
    assert ZH.weight(row.name, row.label) == "unverified"
    (told,) = clock_lines([clock("LEG-DIBAO", 5, kind="legal", silent=False, label="law")], NOW)
    assert ZH.weight(told.name, told.label) == "law"
    (own,) = clock_lines([clock("ack", 5, levels=[{}])], NOW)
    assert own.label == "default"
