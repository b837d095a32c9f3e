"""Counts for those who lead: no small cell, no exercise, no child twice (domain analysis 7.2)."""

from datetime import date
from typing import Any

import pytest

from services.account.figures import band, count, half_year, shown

DAYS = (date(2026, 7, 1), date(2026, 12, 31))


def row(
    child: str, *, family: str = "harm", age: int | None = 9, late: bool = False, state: str = "met"
) -> dict[str, Any]:
    clock = {
        "name": "ack",
        "kind": "operational",
        "state": state,
        "breached_at": "2026-07-02T00:00:00Z" if late else None,
    }
    return {"county": "220122", "family": family, "child": child, "age_years": age, "clocks": [clock]}


def test_a_child_counts_once_whatever_the_number_of_its_referrals() -> None:
    found = count([row("c_1"), row("c_1"), row("c_2")], *DAYS)
    assert found.children == {("220122", "harm", "6-11"): 2}
    assert found.clocks["220122"]["ack"].owed == 3


def test_a_small_cell_is_not_shown_and_gives_no_share() -> None:
    told = count([row(f"c_{n}", late=n < 3) for n in range(9)], *DAYS).as_json()
    assert told["children"][0]["count"] == "<10"
    assert told["clocks"][0]["ack"] == {"owed": "<10", "late": "<10", "in_time": None}


def test_ten_are_shown_with_the_share_in_time() -> None:
    told = count([row(f"c_{n}", late=n < 1) for n in range(10)], *DAYS).as_json()
    assert told["children"][0]["count"] == 10
    assert told["clocks"][0]["ack"] == {"owed": 10, "late": 1, "in_time": 0.9}


def test_what_nobody_owed_in_the_end_is_not_counted_as_kept() -> None:
    assert count([row("c_1", state="cancelled")], *DAYS).clocks["220122"]["ack"].owed == 0


@pytest.mark.parametrize(
    ("age", "said"),
    [(0, "0-2"), (2, "0-2"), (3, "3-5"), (6, "6-11"), (15, "12-15"), (17, "16-17"), (18, "unknown"), (None, "unknown")],
)
def test_every_age_has_its_band(age: int | None, said: str) -> None:
    assert band(age) == said


def test_half_years_end_in_june_and_december() -> None:
    assert half_year(date(2026, 6, 30)) == (date(2026, 1, 1), date(2026, 6, 30))
    assert half_year(date(2026, 7, 1)) == DAYS


def test_nothing_is_nothing() -> None:
    assert shown(0) == 0
