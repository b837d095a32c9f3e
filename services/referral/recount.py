"""Due times that were provisional, counted anew when a further year's holidays are known (domain 4.1). Pure.

A provisional time may be confirmed, or moved to the true date; nothing else about a clock changes, and what has come stays as it is.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from events.referral import ClockFact, Level, ReferralFact
from services.law.calendar import Calendar
from services.referral.deadlines import Circumstances, clocks_for, legal_clock
from services.referral.profiles import Profiles

ABSENT = range(1, 11)  # days of an absence that are tried: which it was is not kept with the clock


class Recounted(NamedTuple):
    """A clock as it is now, and whether one of its moments is another than before."""

    clock: ClockFact
    moved: bool


def recount(fact: ReferralFact, calendar: Calendar, profiles: Profiles | None, now: datetime) -> list[Recounted | None]:
    """For each clock of a referral what the calendar makes of it, None where nothing changes."""
    return [
        _again(clock, fact, calendar, profiles, now)
        if clock.provisional and clock.state in ("running", "breached")
        else None
        for clock in fact.clocks
    ]


def _again(
    clock: ClockFact, fact: ReferralFact, calendar: Calendar, profiles: Profiles | None, now: datetime
) -> Recounted | None:
    if clock.stopped_at is not None:
        return None
    before, after = _both(clock, fact, calendar, profiles)
    if before is None or after is None or (after.provisional and after.due_at == before.due_at):
        return None
    by = clock.due_at - before.due_at  # a pause moved it by that much
    passed = clock.due_at <= now
    due = clock.due_at if passed else after.due_at + by
    told = clock.model_copy(update={
        "due_at": due,
        "legal_due_at": clock.legal_due_at if passed else _moved(after.legal_due_at, by),
        "warn_at": clock.warn_at if passed or clock.warned_at else _moved(after.warn_at, by),
        "levels": tuple(_levels(clock, after, by, now)),
        "provisional": after.provisional,
    })  # fmt: skip
    moved = told.model_copy(update={"provisional": clock.provisional}) != clock
    return Recounted(told, moved)


def _both(
    clock: ClockFact, fact: ReferralFact, calendar: Calendar, profiles: Profiles | None
) -> tuple[ClockFact | None, ClockFact | None]:
    """The clock by the calendar under which it was made, and by the one of now."""
    first = None
    for known in _earlier(calendar):
        for absent in ABSENT if fact.profile.startswith("SCH-") else (1,):
            made = _made(clock, fact, known, absent, profiles)
            if made is None or not made.provisional:
                continue
            after = _made(clock, fact, calendar, absent, profiles)
            if made.due_at == clock.due_at:
                return made, after
            first = first or (made, after)
    return first or (None, None)


def _earlier(calendar: Calendar) -> Iterator[Calendar]:
    """The calendar as it was before each of its years was known, the newest year first."""
    for year in sorted(calendar.years, reverse=True):
        yield calendar.before(year)


def _made(
    clock: ClockFact, fact: ReferralFact, calendar: Calendar, absent: int, profiles: Profiles | None
) -> ClockFact | None:
    if clock.kind == "legal":
        return legal_clock(clock.name, clock.started_at, calendar, profiles)
    about = Circumstances(consecutive_school_days=absent)
    made = clocks_for(fact.profile, fact.severity, clock.started_at, calendar, about, profiles)
    return next((one for one in made if one.name == clock.name), None)


def _levels(clock: ClockFact, after: ClockFact, by: timedelta, now: datetime) -> Iterator[Level]:
    """Steps of the ladder that have come stay where they were."""
    came = {level.level: level for level in clock.levels if level.at <= now}
    for level in after.levels:
        yield came.get(level.level) or Level(level=level.level, at=max(level.at + by, now) if came else level.at + by)


def _moved(at: datetime | None, by: timedelta) -> datetime | None:
    return at + by if at is not None else None
