"""Which duties of agencies fall into a stretch of time: their periods, due days and owners. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from events.agency import Agency, Level
from events.envelope import Event
from services.directory.agencies import agency
from services.directory.territory import territory
from services.law.calendar import Calendar, HolidayYear, at_local, end_of_day, local_day
from services.tracker.obligation_rules import PERIOD_MONTHS, Entry, Obligations, Owner, Part, PeriodDue
from services.tracker.obligations import Obligation, number_of, obligation_id
from services.tracker.spans import DAY, after, corresponding_day, working_days_before

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
    found = []
    for owner in part.owners:
        for each in agencies(owner, part.areas, period.due_on):
            if each.kind not in part.exempt and str(each) not in part.exempt:
                found.append(_made(entry, part, owner, each, period))
    return list({one.id: one for one in found}.values())


def after_event(rules: Obligations, event: Event, at: datetime, calendar: Calendar) -> list[Obligation]:
    """The duties that an event puts before the agencies of its area, such as a hazard analysis after a drowning (T32)."""
    name, on = event.type.rsplit(".v", 1)[0], local_day(at)
    where = event.data.get("occurrence_code") or event.data.get("residence_code")
    found = []
    for entry, part in rules.parts("agency"):
        due = part.period
        if (
            due is None
            or due.event != name
            or due.within is None
            or any(event.data.get(k) != v for k, v in due.where.items())
        ):
            continue
        last = after(on, due.within, calendar)
        for owner in part.owners:
            each = agency(owner.kind, owner.level, where, on)
            if each is not None:
                found.append(_made(entry, part, owner, each, Period(f"{on}-{event.id}", on, *last)))
    return found


def agencies(owner: Owner, areas: Sequence[str], on: date) -> Iterator[Agency]:
    """Every agency of a kind and level in the province, of these areas alone if any are named; townships and units by county."""
    land = territory()
    places: dict[Level, tuple[str, ...]] = {"province": (land.province,), "city": land.cities}
    for area in places.get(owner.level, (*land.counties, *land.nodes)):
        found = agency(owner.kind, owner.level, area, on)
        if found is not None and found.level == owner.level and (not areas or found.area in areas):
            yield found


def _made(entry: Entry, part: Part, owner: Owner, each: Agency, period: Period) -> Obligation:
    due, last = part.period, period.due_on
    name = obligation_id(str(each), entry.code, part.name, period.name)
    warn_on = sorted(max(last - timedelta(days=n), period.opens_on) for n in part.warn_days)
    legal = date.fromisoformat(f"{last.year}-{due.legal_on}") if due and due.legal_on else None
    return Obligation(
        name, number_of(name, last), entry.code, part.name, None, each, owner.role, period.name, period.opens_on, last,
        at_local(last, due.at) if due and due.at else end_of_day(last), tuple(dict.fromkeys(warn_on)), period.provisional,
        False, legal,
    )  # fmt: skip


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
    elif due.every == "event":
        return  # its time comes with the event
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
