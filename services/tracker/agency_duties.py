"""Which duties of agencies fall into a stretch of time: their periods, due days and owners. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from events.agency import Agency, Level
from services.directory.agencies import agency
from services.directory.territory import territory
from services.law.calendar import Calendar, HolidayYear, at_local, end_of_day
from services.tracker.obligation_rules import PERIOD_MONTHS, Entry, Obligations, Owner, Part, PeriodDue
from services.tracker.obligations import Obligation, number_of, obligation_id
from services.tracker.spans import DAY, corresponding_day, working_days_before

FESTIVALS = ("春节", "中秋节", "国庆节")  # of the holiday notice (T20); 六一 is no holiday
CHILDRENS_DAY = (6, 1)
TERMS = {"year": "", "half_year": "H", "quarter": "Q", "month": ""}


class Period(NamedTuple):
    """One period of a duty: its name (2026-Q3), when it opens, and its last day."""

    name: str
    opens_on: date
    due_on: date
    provisional: bool = False


def periods(due: PeriodDue, year: int, calendar: Calendar, notices: Sequence[HolidayYear]) -> list[Period]:
    """Every period of a duty whose last day lies in or belongs to a year, in order of its day.

    Festivals and holidays of a year whose notice is not loaded are not known, so they give none.
    """
    found = []
    for name, day in _days(due, year, notices):
        on, provisional = day - timedelta(days=due.days_before), False
        if due.working_days_before:
            on, provisional = working_days_before(on, due.working_days_before, calendar)
        if due.non_working == "previous":
            on, further = calendar.last_working_day(on)
            provisional |= further
        found.append(Period(name, on - timedelta(days=due.opens_days_before), on, provisional))
    return sorted(found, key=lambda one: one.due_on)


def opening(
    rules: Obligations, on: date, calendar: Calendar, notices: Sequence[HolidayYear]
) -> list[tuple[Entry, Part, Period]]:
    """Every period of an agency's duty that is open on a day and not over: the ones whose rows must exist."""
    found = []
    for entry, part in rules.parts("agency"):
        if part.period is None:
            continue
        for year in (on.year, on.year + 1):
            for period in periods(part.period, year, calendar, notices):
                if period.opens_on <= on <= period.due_on:
                    found.append((entry, part, period))
    return found


def duties(entry: Entry, part: Part, period: Period) -> list[Obligation]:
    """The duty of a period for every agency of its kinds in the territory."""
    due = part.period
    if due is None:
        return []
    found = []
    for owner in part.owners:
        for each in agencies(owner, part.areas, period.due_on):
            name = obligation_id(str(each), entry.code, part.name, period.name)
            warn_on = sorted(max(period.due_on - timedelta(days=n), period.opens_on) for n in part.warn_days)
            legal = due.legal_on and date.fromisoformat(f"{period.due_on.year}-{due.legal_on}")
            found.append(Obligation(
                name, number_of(name, period.due_on), entry.code, part.name, None, each, owner.role, period.name, period.opens_on,
                period.due_on, at_local(period.due_on, due.at) if due.at else end_of_day(period.due_on),
                tuple(dict.fromkeys(warn_on)), period.provisional, False, legal or None,
            ))  # fmt: skip
    return list({one.id: one for one in found}.values())


def agencies(owner: Owner, areas: Sequence[str], on: date) -> Iterator[Agency]:
    """Every agency of a kind and level in the province, of these areas alone if any are named; townships and units by county."""
    land = territory()
    places: dict[Level, tuple[str, ...]] = {"province": (land.province,), "city": land.cities}
    for area in places.get(owner.level, (*land.counties, *land.nodes)):
        found = agency(owner.kind, owner.level, area, on)
        if found is not None and found.level == owner.level and (not areas or found.area in areas):
            yield found


def _days(due: PeriodDue, year: int, notices: Sequence[HolidayYear]) -> Iterator[tuple[str, date]]:
    if due.every == "once":
        yield from ((day.isoformat(), day) for day in due.dates if day.year == year)
    elif due.every in ("festival", "holiday"):
        notice = next((one for one in notices if one.year == year), None)
        for holiday in notice.holidays if notice else ():
            name = holiday.name.split()[0]
            if due.every == "holiday" or name in FESTIVALS:
                yield f"{year}-{name}", holiday.first
        if due.every == "festival":
            yield f"{year}-六一", date(year, *CHILDRENS_DAY)
    elif due.days:
        for number, day in enumerate(due.days, 1):
            name = str(year) if len(due.days) == 1 else f"{year}-{number}"
            yield name, date.fromisoformat(f"{year}-{day}")
    else:
        months = PERIOD_MONTHS[due.every]
        for number in range(1, 12 // months + 1):
            end = corresponding_day(date(year, 1, 1), number * months) - DAY
            name = {"month": f"{year}-{number:02d}", "year": str(year)}.get(
                due.every, f"{year}-{TERMS[due.every]}{number}"
            )
            yield name, end
