"""Holes are seen before they arrive, by the duty calendar of the kind; missing agencies have a stand-in everywhere."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.duty import Roster
from services.directory.people import Holding, Person
from services.directory.posts import parse_post
from services.directory.roster_entries import PostPlan
from services.directory.shifts import Plan
from services.directory.working_days import working_days
from services.law.calendar import SHANGHAI
from services.notifier.coverage import missing
from services.notifier.holes import Stretch, strangers, stretches
from services.notifier.roster import chain, next_person

CALENDAR = working_days()
DAY = {"name": "白班", "days": "working", "from": "08:30", "to": "17:30", "people": ["a"]}
MONDAY = datetime(2026, 11, 2, tzinfo=SHANGHAI)


def ahead(key: str, plan: dict[str, Any], *, days: int = 7, holders: str = "ab") -> list[Stretch]:
    made = PostPlan(parse_post(key), Plan.model_validate(plan))
    return list(stretches(made, holders, (), CALENDAR, MONDAY, MONDAY + timedelta(days=days)))


@pytest.mark.parametrize(
    ("key", "nights"),
    [
        (
            "police@county/220122/duty_officer",
            6,
        ),  # day and night: five nights and the first morning, the weekend joined
        ("education@county/220122/duty_officer", 6),  # on call for CRITICAL and HIGH, which come at any hour
        ("statistics@county/220122/duty_officer", 0),  # working days only
    ],
)
def test_a_night_without_anybody_is_a_fault_where_the_kind_has_duty_at_night(key: str, nights: int) -> None:
    found = ahead(key, {"shifts": [DAY]})
    assert sum(each.hole and each.expected for each in found) == nights
    assert sum(each.hole for each in found) == 6


def test_a_working_day_without_anybody_is_a_fault_for_every_kind() -> None:
    found = ahead("statistics@county/220122/duty_officer", {"shifts": [{**DAY, "days": ["mon", "tue", "wed", "thu"]}]})
    (hole,) = [each for each in found if each.hole and each.expected]
    assert hole.begins <= datetime(2026, 11, 6, 8, 30, tzinfo=SHANGHAI) < hole.ends  # Friday


def test_somebody_who_does_not_hold_the_post_fills_no_shift_and_is_named() -> None:
    plan = {"shifts": [{**DAY, "days": "every", "to": "08:30", "people": ["x"]}]}
    assert [each.hole for each in ahead("police@county/220122/duty_officer", plan)] == [True]
    made = PostPlan(parse_post("police@county/220122/duty_officer"), Plan.model_validate(plan))
    assert strangers(made, {"a": "王一"}) == ["x"]


def test_a_day_whose_holiday_notice_is_not_loaded_is_marked() -> None:
    found = ahead("police@county/220122/duty_officer", {"shifts": [DAY]}, days=75)
    assert {each.begins.astimezone(SHANGHAI).year for each in found if each.provisional} == {2027}


shifts = st.lists(
    st.fixed_dictionaries(
        {
            "days": st.sampled_from(["every", "working", "off", "sat"]),
            "from": st.sampled_from(["08:30", "17:30"]),
            "to": st.sampled_from(["08:30", "17:30"]),
            "people": st.lists(st.sampled_from("abx"), min_size=1, max_size=2, unique=True),
        }
    ),
    max_size=3,
)


@given(shifts, st.integers(0, 7 * 24 * 60 - 1))
def test_a_hole_is_reported_exactly_where_the_message_would_go_to_somebody_else(
    given: list[dict[str, Any]], minute: int
) -> None:
    plan = {"shifts": [{"name": f"班{n}", **each} for n, each in enumerate(given)]}
    key, at = "police@county/220122/duty_officer", MONDAY + timedelta(minutes=minute)
    roster = Roster(Plan.model_validate(plan), (), CALENDAR)
    post = parse_post(key)
    leader = parse_post("police@county/220122/duty_leader")
    held = {
        key: tuple(Holding(post, Person(p, p, {"sms": "1"}), n, roster) for n, p in enumerate("ab")),
        leader.key: (Holding(leader, Person("l", "l", {"sms": "1"})),),
    }
    seat = next_person(chain(post, "220122", date(2026, 11, 2)), held, failed=(), at=at.astimezone(UTC))
    (stretch,) = [each for each in ahead(key, plan) if each.begins <= at < each.ends]
    assert seat is not None
    assert stretch.hole is (seat.stage == "leader")


def test_whatever_is_missing_somewhere_in_the_province_has_somebody_who_stands_in() -> None:
    found = missing(date(2026, 10, 2))
    assert {(each.kind, str(each.stands_in).split("@")[0]) for each in found} == {
        ("protection_station", "township_government"), ("childrens_hospital", "hospital"),
    }  # fmt: skip
    assert "220122" not in next(each.areas for each in found if each.kind == "protection_station")
    assert all(each.stands_in is not None for each in missing(date(2026, 10, 2), "220300"))
