"""The working calendar against a brute-force count and against an independent library for 2026."""

from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.law.calendar import SHANGHAI, Calendar, HolidayYear, last_day, local_day
from services.referral.deadlines import Circumstances, clocks_for
from services.referral.profiles import packaged_profiles
from tests.unit.referral.clock_examples import CALENDAR, jilin

YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
MOMENTS = st.integers(0, 287 * 86400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=SHANGHAI) + timedelta(seconds=seconds)
)
LEGAL = packaged_profiles().legal
PROFILES = st.sampled_from([*packaged_profiles().profiles, *packaged_profiles().legal])
FACTS = st.builds(Circumstances, st.integers(1, 5), st.booleans(), st.booleans())


@pytest.mark.parametrize("day", YEAR, ids=str)
def test_every_day_of_2026_agrees_with_an_independent_calendar(day: date) -> None:
    assert CALENDAR.is_working_day(day) == chinese_calendar.is_workday(day)


@given(MOMENTS, st.integers(1, 40))
def test_working_days_agree_with_counting_them_one_by_one(start: datetime, n: int) -> None:
    later = [day for day in YEAR if day > start.date() and chinese_calendar.is_workday(day)]
    moment = CALENDAR.add_working_days(start, n)
    assert moment.at == datetime.combine(later[n - 1], time(17), SHANGHAI)
    assert not moment.provisional


@given(MOMENTS, st.integers(1, 60))
def test_natural_days_end_at_midnight_after_the_last_day(start: datetime, n: int) -> None:
    assert CALENDAR.add_natural_days(start, n).at == datetime.combine(
        start.date() + timedelta(days=n + 1), time(0), SHANGHAI
    )


@given(MOMENTS)
def test_rolling_forward_ends_on_a_working_day_and_never_moves_back(start: datetime) -> None:
    due = CALENDAR.add_natural_days(start, 3).at
    rolled = CALENDAR.roll_forward(due).at
    assert rolled >= due
    assert CALENDAR.is_working_day(last_day(rolled))
    assert not any(map(CALENDAR.is_working_day, _days(last_day(due), last_day(rolled))))


@given(PROFILES, MOMENTS, FACTS)
def test_no_clock_is_due_before_it_starts_and_no_moment_is_out_of_order(
    profile: str, start: datetime, facts: Circumstances
) -> None:
    for clock in clocks_for(profile, "HIGH", start, CALENDAR, facts):
        assert start <= clock.started_at < clock.due_at
        silent = clock.name in LEGAL and LEGAL[clock.name].silent  # a term that nobody owes climbs no ladder
        assert silent == (clock.levels == ())
        assert silent or clock.due_at == clock.levels[0].at
        assert clock.warn_at is None or clock.started_at < clock.warn_at < clock.due_at
        assert [level.at for level in clock.levels] == sorted(level.at for level in clock.levels)
        assert clock.legal_due_at is None or clock.legal_due_at > clock.due_at


@given(PROFILES, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=12)), FACTS)
def test_a_referral_made_later_is_never_due_earlier(
    profile: str, start: datetime, later: timedelta, facts: Circumstances
) -> None:
    first = clocks_for(profile, "HIGH", start, CALENDAR, facts)
    second = clocks_for(profile, "HIGH", start + later, CALENDAR, facts)
    assert all(a.due_at <= b.due_at for a, b in zip(first, second, strict=True))


@given(st.sampled_from(["P3-GEN", "P4-SVC", "CC-STD", "HOT-3WD"]), MOMENTS)
def test_a_clock_in_working_days_never_ends_on_a_day_off(profile: str, start: datetime) -> None:
    for clock in clocks_for(profile, "MEDIUM", start, CALENDAR):
        for at in (clock.due_at, *(level.at for level in clock.levels)):
            assert chinese_calendar.is_workday(local_day(at)) or at.year > 2026


@given(MOMENTS, PROFILES)
def test_the_zone_in_which_a_moment_is_written_changes_nothing(start: datetime, profile: str) -> None:
    assert clocks_for(profile, "HIGH", start, CALENDAR) == clocks_for(profile, "HIGH", start.astimezone(UTC), CALENDAR)


def test_a_limit_in_months_ends_on_the_corresponding_day_or_the_last_of_the_month() -> None:
    assert CALENDAR.add_months(jilin("08-31 09:00"), 1).at == jilin("10-01 00:00")  # no 31 September
    assert CALENDAR.add_months(jilin("10-03 19:00"), 6).at == jilin("2027-04-04 00:00")
    assert CALENDAR.add_months(jilin("12-15 19:00"), 2).at == jilin("2027-02-16 00:00")


def test_beyond_the_horizon_weekdays_count_and_the_answer_says_so() -> None:
    assert CALENDAR.horizon() == date(2026, 12, 31)
    moment = CALENDAR.add_working_days(jilin("12-30 09:00"), 2)
    assert (moment.at, moment.provisional) == (jilin("2027-01-01 17:00"), True)
    assert not CALENDAR.add_working_days(jilin("12-30 09:00"), 1).provisional


def test_close_of_business_can_be_set() -> None:
    early = Calendar.of([], business_close=time(16, 30))
    assert early.add_working_days(jilin("11-02 09:00"), 1) == (jilin("11-03 16:30"), True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"make_up_working_days": ["2026-01-02"]}, "holiday as well"),
        ({"make_up_working_days": ["2026-03-04"]}, "is a weekday"),
        ({"make_up_working_days": ["2027-01-09"]}, "not in 2026"),
        ({"holidays": [{"name": "x", "from": "2026-05-05", "to": "2026-05-01"}]}, "ends before"),
        ({"holiday": []}, "holiday"),
        ({"citation": {"source": "K23", "clause": "1", "label": "law?"}}, "label"),
    ],
)
def test_a_wrong_holiday_notice_is_refused_with_what_is_wrong(change: dict[str, object], said: str) -> None:
    good = {
        "year": 2026,
        "citation": {"source": "K23", "clause": "1", "label": "law"},
        "holidays": [{"name": "元旦", "from": "2026-01-01", "to": "2026-01-03"}],
        "make_up_working_days": [],
    }
    HolidayYear.model_validate(good)
    with pytest.raises(ValidationError, match=said):
        HolidayYear.model_validate({**good, **change})


def test_the_same_year_twice_is_refused() -> None:
    notice = HolidayYear.model_validate(
        {
            "year": 2027,
            "citation": {"source": "K", "clause": "1", "label": "law"},
            "holidays": [],
            "make_up_working_days": [],
        }
    )
    with pytest.raises(ValueError, match="twice"):
        Calendar.of([notice, notice])


def _days(first: date, until: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((until - first).days)]
