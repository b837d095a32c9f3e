"""Who is on duty: patterns by the official calendar, rotations, hand-overs, tables, covers, swaps and leave."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.duty import Duty, Roster, next_change, on_shift, spans
from services.directory.shifts import Leave, Plan
from services.directory.working_days import working_days
from services.law.calendar import SHANGHAI

CALENDAR = working_days()
NIGHT = {"name": "夜班", "days": "every", "from": "17:30", "to": "08:30"}
WEEK = {"every": "week", "start": date(2026, 11, 2), "groups": [["a"], ["b", "c"], ["d"]]}


def plan(*shifts: dict[str, Any], **more: Any) -> Plan:
    return Plan.model_validate({"shifts": shifts, **more})


def people(found: Duty) -> list[str]:
    return [turn.person for turn in found.turns]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def who(made: Plan, text: str, *leave: Leave) -> list[str]:
    return people(on_shift(made, leave, CALENDAR, at(text)))


@pytest.mark.parametrize(
    ("days", "moment", "on"),
    [
        ("working", "2026-10-09T10:00", True),  # Friday
        ("working", "2026-10-10T10:00", True),  # a Saturday that is a working day
        ("working", "2026-10-02T10:00", False),  # National Day
        ("working", "2026-10-11T10:00", False),  # Sunday
        ("off", "2026-10-10T10:00", False),
        ("off", "2026-10-11T10:00", True),
        ("off", "2026-10-02T10:00", True),
        ("holiday", "2026-10-02T10:00", True),
        ("holiday", "2026-10-11T10:00", False),
        ("weekend", "2026-10-11T10:00", True),
        ("weekend", "2026-10-03T10:00", False),  # a Saturday, but a statutory holiday
        (["sat", "sun"], "2026-10-10T10:00", True),
        ("every", "2026-10-02T10:00", True),
    ],
)
def test_a_pattern_follows_the_official_calendar_with_its_make_up_days(days: Any, moment: str, on: bool) -> None:
    made = plan({"name": "白班", "days": days, "from": "08:30", "to": "17:30", "people": ["a"]})
    assert (who(made, moment) == ["a"]) is on


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    friday = plan(NIGHT | {"days": ["fri"], "people": ["a"]})
    assert who(friday, "2026-11-06T17:30") == ["a"]
    assert who(friday, "2026-11-07T08:29") == ["a"]
    assert who(friday, "2026-11-07T08:30") == []
    assert who(friday, "2026-11-06T08:00") == []


def test_the_moment_of_the_hand_over_belongs_to_whoever_takes_over() -> None:
    made = plan({"name": "全天", "from": "08:30", "to": "08:30", "rotation": WEEK | {"every": "day"}})
    assert who(made, "2026-11-03T08:29") == ["a"]
    assert who(made, "2026-11-03T08:30") == ["b", "c"]


def test_a_rotation_has_nobody_before_it_starts() -> None:
    made = plan(NIGHT | {"rotation": WEEK})
    assert who(made, "2026-11-01T20:00") == []


def test_a_rotation_by_shift_counts_only_the_days_on_which_there_is_one() -> None:
    turns = {"every": "shift", "start": date(2026, 10, 8), "groups": [["a"], ["b"], ["c"]]}
    made = plan({"name": "白班", "days": "working", "from": "08:30", "to": "17:30", "rotation": turns})
    found = {day: who(made, f"2026-10-{day:02d}T10:00") for day in range(8, 14)}
    assert found == {8: ["a"], 9: ["b"], 10: ["c"], 11: [], 12: ["a"], 13: ["b"]}


def test_a_line_of_the_table_takes_the_place_of_the_patterns_shift_of_its_name() -> None:
    line = {"date": date(2026, 11, 5), "name": "夜班", "from": "18:00", "to": "06:00", "people": ["x", "y"]}
    made = plan(NIGHT | {"people": ["a"]}, table=[line])
    assert who(made, "2026-11-05T17:45") == []
    assert who(made, "2026-11-05T18:00") == ["x", "y"]
    assert who(made, "2026-11-06T17:45") == ["a"]


def test_a_cover_stands_in_for_one_or_for_all() -> None:
    everybody = NIGHT | {"people": ["a", "b"]}
    for_one = {"from": "2026-11-05T20:00", "to": "2026-11-05T22:00", "out": "a", "in": ["x"]}
    assert who(plan(everybody, covers=[for_one]), "2026-11-05T21:00") == ["x", "b"]
    assert who(plan(everybody, covers=[for_one]), "2026-11-05T22:00") == ["a", "b"]
    assert who(plan(everybody, covers=[for_one | {"out": None}]), "2026-11-05T21:00") == ["x"]
    assert who(plan(everybody, covers=[for_one | {"out": "nobody-on-duty"}]), "2026-11-05T21:00") == ["a", "b"]


def test_leave_comes_last_and_is_named() -> None:
    away = Leave.model_validate({"person": "a", "from": "2026-11-05T00:00", "to": "2026-11-06T00:00"})
    made = plan(NIGHT | {"people": ["a", "b"]})
    found = on_shift(made, [away], CALENDAR, at("2026-11-05T20:00"))
    assert (people(found), found.away) == (["b"], ("a",))
    assert who(made, "2026-11-06T00:00", away) == ["a", "b"]


def test_each_turn_says_which_shift_and_why() -> None:
    made = plan(
        NIGHT | {"rotation": WEEK}, covers=[{"from": "2026-11-05T20:00", "to": "2026-11-05T22:00", "in": ["x"]}]
    )
    (turn,) = on_shift(made, [], CALENDAR, at("2026-11-05T19:00")).turns
    assert (turn.shift, turn.because) == ("夜班", "rotation")
    assert (turn.begins, turn.ends) == (at("2026-11-05T17:30"), at("2026-11-06T08:30"))
    (cover,) = on_shift(made, [], CALENDAR, at("2026-11-05T20:00")).turns
    assert cover.because == "cover"


def test_the_next_hand_over_is_where_others_take_over_and_not_where_a_shift_merely_ends() -> None:
    turns = {"every": "day", "start": date(2026, 11, 2), "groups": [["a"], ["a"], ["b"]]}
    made = plan({"name": "全天", "from": "08:30", "to": "08:30", "rotation": turns})
    until = at("2026-11-20T00:00")
    assert next_change(Roster(made, (), CALENDAR), at("2026-11-02T10:00"), until) == at("2026-11-04T08:30")
    always = plan({"name": "全天", "from": "08:30", "to": "08:30", "people": ["a"]})
    assert next_change(Roster(always, (), CALENDAR), at("2026-11-02T10:00"), until) is None
    away = Leave.model_validate({"person": "a", "from": "2026-11-05T12:00", "to": "2026-11-06T00:00"})
    for some in (always, None):
        found = next_change(Roster(some, (away,), CALENDAR), at("2026-11-02T10:00"), until)
        assert found == at("2026-11-05T12:00")


moments = st.integers(0, 119 * 24 * 60).map(lambda n: datetime(2026, 11, 2, tzinfo=UTC) + timedelta(minutes=n))
groups = st.lists(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=3, unique=True), min_size=1, max_size=5)


@given(moments, groups, st.sampled_from(["day", "week"]))
def test_at_every_moment_exactly_the_stated_people_are_on_duty(
    moment: datetime, turns: list[list[str]], every: str
) -> None:
    """Against an independent count: whole shifts since the start, in seconds; no hour is lost or doubled in any season."""
    rotation = {"every": every, "start": date(2026, 11, 2), "groups": turns}
    made = plan({"name": "全天", "from": "08:30", "to": "08:30", "rotation": rotation})
    start = datetime(2026, 11, 2, 0, 30, tzinfo=UTC)  # 08:30 in Jilin
    days = (moment - start) // timedelta(days=1)
    expected = turns[(days if every == "day" else days // 7) % len(turns)] if moment >= start else []
    assert people(on_shift(made, [], CALENDAR, moment)) == expected


@given(st.integers(0, 40), st.integers(0, 40), groups.filter(lambda turns: len({p for g in turns for p in g}) > 1))
def test_a_swap_moves_both(first: int, second: int, turns: list[list[str]]) -> None:
    rotation = {"every": "day", "start": date(2026, 11, 2), "groups": turns}
    before = plan(NIGHT | {"rotation": rotation})
    one_on, other_on = date(2026, 11, 2) + timedelta(first), date(2026, 11, 2) + timedelta(second)
    evening = [datetime.combine(day, time(20), SHANGHAI) for day in (one_on, other_on)]
    had = [people(on_shift(before, [], CALENDAR, each)) for each in evening]
    one, other = had[0][0], next((p for p in had[1] if p != had[0][0]), None)
    if other is None or other in had[0] or one in had[1]:
        return  # both have both shifts: nothing to swap
    swap = {"shift": "夜班", "one": one, "one_on": one_on, "other": other, "other_on": other_on}
    after = plan(NIGHT | {"rotation": rotation}, swaps=[swap])
    have = [people(on_shift(after, [], CALENDAR, each)) for each in evening]
    assert have[0] == [other if p == one else p for p in had[0]]
    assert have[1] == [one if p == other else p for p in had[1]]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    shifts = [
        {
            "name": name,
            "days": draw(st.sampled_from(["every", "working", "off", ["mon", "sat"]])),
            "from": draw(st.sampled_from(["08:30", "17:30", "00:00"])),
            "to": draw(st.sampled_from(["08:30", "17:30", "24:00"])),
            "people": draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True)),
        }
        for name in draw(st.lists(st.sampled_from(["白班", "夜班", "周末"]), unique=True, max_size=3))
    ]
    hours = draw(st.lists(st.integers(0, 20 * 24), min_size=2, max_size=2, unique=True).map(sorted))
    begins, ends = (datetime(2026, 11, 2, tzinfo=SHANGHAI) + timedelta(hours=n) for n in hours)
    cover = {
        "from": begins,
        "to": ends,
        "out": draw(st.sampled_from(["a", None])),
        "in": draw(st.sampled_from([[], ["x"]])),
    }
    return plan(*shifts, covers=[cover])


@given(plans(), st.lists(st.integers(0, 14 * 24 * 60), min_size=1, max_size=20))
def test_a_hole_is_shown_exactly_where_nobody_is_on_duty(made: Plan, minutes: list[int]) -> None:
    begins, ends = at("2026-11-03T00:00"), at("2026-11-17T00:00")
    away = [Leave.model_validate({"person": "b", "from": "2026-11-05T12:00", "to": "2026-11-07T00:00"})]
    found = list(spans(made, away, CALENDAR, begins, ends))
    assert (found[0].begins, found[-1].ends) == (begins, ends)
    assert all(one.ends == next_.begins for one, next_ in pairwise(found))
    for minute in (m for m in minutes if begins + timedelta(minutes=m) < ends):
        moment = begins + timedelta(minutes=minute)
        (span,) = [each for each in found if each.begins <= moment < each.ends]
        assert people(span.duty) == people(on_shift(made, away, CALENDAR, moment))
