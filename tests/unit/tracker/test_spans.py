"""Corresponding days against a brute force that only steps through days, and what visits can never do."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.tracker.child_file import ChildFile
from services.tracker.obligation_rules import packaged
from services.tracker.spans import age_on, birthday, corresponding_day, working_days_before
from services.tracker.visits import next_visit
from tests.unit.tracker.children import CALENDAR, on_file, told, visited

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
IN_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))
RATINGS = st.sampled_from(["good", "fair", "insufficient", "improper", "absent", "harm", "key_care"])


def walked(day: date, months: int) -> date:
    """The corresponding day by walking: month by month, day by day, stopping before the month after."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    found = date(year, month, 1)
    while found.day < day.day and (found + timedelta(days=1)).month == month:
        found += timedelta(days=1)
    return found


@given(DAYS, st.integers(0, 60))
def test_a_corresponding_day_is_the_one_that_walking_finds(day: date, months: int) -> None:
    assert corresponding_day(day, months) == walked(day, months)


@given(DAYS, DAYS)
def test_an_age_is_the_number_of_birthdays_that_have_passed(born: date, day: date) -> None:
    born, day = sorted((born, day))
    assert age_on(born, day) == sum(1 for age in range(1, 41) if birthday(born, age) <= day)


@given(IN_2026, st.integers(1, 15))
def test_working_days_are_counted_back_as_they_are_counted_on(day: date, n: int) -> None:
    found = working_days_before(day, n, CALENDAR).on
    between = [found + timedelta(days=k) for k in range((day - found).days)]
    assert CALENDAR.is_working_day(found)
    assert sum(map(CALENDAR.is_working_day, between)) == n


def due(child: ChildFile, on: date) -> date:
    visit = next_visit(child, packaged(), CALENDAR, on)
    assert visit is not None
    return visit.due_on


ORDERS = st.lists(IN_2026, min_size=1, max_size=6).flatmap(lambda days: st.tuples(st.just(days), st.permutations(days)))


@given(ORDERS, RATINGS)
def test_the_order_in_which_visits_arrive_does_not_matter(orders: tuple[list[date], list[date]], rating: str) -> None:
    one = other = on_file("2025-12-01", rating=rating)
    for day, instead in zip(*orders, strict=True):
        one, other = visited(one, day.isoformat()), visited(other, instead.isoformat())
    assert one.marks["visits"] == other.marks["visits"]
    assert due(one, date(2026, 12, 31)) == due(other, date(2026, 12, 31))


@given(IN_2026, IN_2026, RATINGS)
def test_a_completed_visit_never_makes_the_next_one_earlier(first: date, second: date, rating: str) -> None:
    once = visited(on_file("2025-12-01", rating=rating), first.isoformat())
    twice = visited(once, second.isoformat())
    assert due(twice, date(2026, 12, 31)) >= due(once, date(2026, 12, 31))
    assert due(twice, date(2026, 12, 31)) > max(first, second)


@given(
    IN_2026, st.integers(0, 120), st.sampled_from(["good", "fair"]), st.sampled_from(["insufficient", "absent", "fair"])
)
def test_a_stricter_rating_never_makes_the_next_visit_later(last: date, later: int, rating: str, stricter: str) -> None:
    on = last + timedelta(days=later)
    child = on_file(last.isoformat(), rating=rating, last_visit_on=last.isoformat())
    before = due(child, on)
    after = due(told(child, "risk.rating.changed", on.isoformat(), to=stricter), on)
    assert after <= before or before < on  # a visit that was missed already stays missed under its own rating
