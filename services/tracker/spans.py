"""Days as law counts them: corresponding days, working days, the last day of a period. Pure."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from services.law.calendar import Calendar
from services.tracker.obligation_rules import Span

DAY = timedelta(days=1)


class Day(NamedTuple):
    """A day, and whether it rests on a year whose holidays are not known yet."""

    on: date
    provisional: bool = False


def corresponding_day(day: date, months: int) -> date:
    """The day of the same number so many months on (or back), else that month's last day (K03 art 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def after(day: date, span: Span, calendar: Calendar) -> Day:
    """The last day of a span that begins on a day, which is not counted."""
    if span.months is not None:
        return Day(corresponding_day(day, span.months))
    if span.working_days is not None:
        return Day(*calendar.working_day(day, span.working_days))
    return Day(day + (span.days or 0) * DAY)


def birthday(born_on: date, age: int) -> date:
    """The day on which somebody turns an age; 29 February becomes the month's last day."""
    return corresponding_day(born_on, 12 * age)


def age_on(born_on: date, day: date) -> int:
    """Years completed on a day."""
    age = day.year - born_on.year
    return age if birthday(born_on, age) <= day else age - 1


def working_days_before(day: date, n: int, calendar: Calendar) -> Day:
    """The n-th working day before a day, which is not counted."""
    provisional = False
    while n:
        day -= DAY
        provisional |= not calendar.loaded(day)
        n -= calendar.is_working_day(day)
    return Day(day, provisional)
