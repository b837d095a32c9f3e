"""Turns a profile and a moment into clocks with every moment fixed: due, warning, levels (domain section 4). Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from events.referral import ClockFact, LadderClass, Level, Severity
from services.law.calendar import SHANGHAI, Calendar, Moment, at_local, end_of_day, last_day, local_day
from services.referral.profiles import STRICTNESS, Limit, Profiles, Step, packaged_profiles

QUIET_FROM, QUIET_UNTIL = time(21), time(7)


@dataclass(frozen=True)
class Circumstances:
    """What of an event changes its clocks: facts, not opinions."""

    consecutive_school_days: int = 1  # how long the pupil has been absent, the day of the event included (SCH-ABS)
    serious: bool = False  # bullying that must be reported to police and education (SCH-BULLY)
    visit: bool = False  # a visit event (E84, E85): quiet hours apply
    legal_start: Mapping[str, datetime] = field(default_factory=dict)  # LEG-… → moment of its legal event

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        """From named facts of the same names, each with a default; `severity: serious` means serious."""
        return cls(
            consecutive_school_days=facts.get("consecutive_school_days") or 1,
            serious=facts.get("serious") is True or facts.get("severity") == "serious",
            visit=facts.get("visit") is True,
            legal_start=facts.get("legal_start") or {},
        )


# Profiles of editions beside the packaged one. A profile never changes its ladder class from one edition to another (the check
# refuses that), so a class belongs to the name alone.
_FURTHER: dict[str, LadderClass] = {}


def know_profiles(profiles: Profiles) -> None:
    """Let the ladder classes of an edition's profiles be known by name."""
    _FURTHER.update({name: profiles.ladder_class(name) for name in (*profiles.profiles, *profiles.legal)})


def ladder_class(profile: str) -> LadderClass:
    """The ladder class of a profile of any edition that is known here; LEG-… is P3. KeyError names an unknown one."""
    return _FURTHER[profile] if profile in _FURTHER else packaged_profiles().ladder_class(profile)


def strictness(profile: str) -> int:
    """A profile's place in the order of domain R5, 0 (copy) to 4 (P1)."""
    return STRICTNESS[ladder_class(profile)]


def stricter(a: str, b: str) -> bool:
    """Whether profile a is strictly stricter than profile b (domain R5)."""
    return strictness(a) > strictness(b)


def audible_from(at: datetime) -> datetime:
    """The moment itself, or 07:00 after it when it lies in the quiet hours 21:00–07:00 (visit events only)."""
    local = at.astimezone(SHANGHAI)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return at
    return at_local(local.date() + timedelta(days=local.time() >= QUIET_FROM), QUIET_UNTIL)


def clocks_for(
    profile: str,
    severity: Severity,
    opened_at: datetime,
    calendar: Calendar,
    facts: Circumstances | Mapping[str, Any] = Circumstances(),
    profiles: Profiles | None = None,
) -> tuple[ClockFact, ...]:
    """Every clock of a referral made at T under a profile; a LEG-… profile has its legal clock alone.

    `severity` is accepted because a profile may come to depend on it; today no figure of domain 4.2 does.
    KeyError names an unknown profile; a LEG-… without a figure in law has no clock.
    """
    book = profiles or packaged_profiles()
    facts = facts if isinstance(facts, Circumstances) else Circumstances.of(facts)
    if profile in book.legal:
        return tuple(_legal(profile, opened_at, calendar, facts, book))
    ladder = book.ladder_class(profile)
    clocks = []
    for name, limit in book.profiles[profile].clocks.items():
        begins = opened_at
        if facts.visit and limit.elapsed and name in ("ack", "start"):
            begins = audible_from(opened_at)
        due = _due(limit, begins, calendar, facts)
        clocks.append(_clock(name, begins, due, ladder, calendar, book))
    for legal in book.profiles[profile].legal:
        clocks.extend(_legal(legal, opened_at, calendar, facts, book))
    return tuple(clocks)


def legal_clock(
    name: str, started_at: datetime, calendar: Calendar, profiles: Profiles | None = None
) -> ClockFact | None:
    """One legal clock (LEG-…) started by its legal event; None when law names no figure, KeyError when unknown."""
    book = profiles or packaged_profiles()
    return next(_legal(name, started_at, calendar, Circumstances(), book), None)


def _legal(
    name: str, opened_at: datetime, calendar: Calendar, facts: Circumstances, book: Profiles
) -> Iterator[ClockFact]:
    entry = book.legal[name]
    if entry.limit is None:
        return
    start = facts.legal_start.get(name, opened_at)
    due = _due(entry.limit, start, calendar, facts)
    clock = _clock(name, start, due, "P3", calendar, book)
    legal = Moment(due.at)
    if entry.roll and (entry.limit.natural_days or entry.limit.months or entry.limit.end_of):
        legal = calendar.roll_forward(due.at)
    yield clock.model_copy(
        update={
            "kind": "legal",
            **({"warn_at": None, "levels": ()} if entry.silent else {}),
            "legal_due_at": legal.at if legal.at != due.at else None,
            "provisional": clock.provisional or legal.provisional,
        }
    )


def _due(limit: Limit, start: datetime, calendar: Calendar, facts: Circumstances) -> Moment:
    if limit.elapsed:
        return Moment(start + limit.elapsed)
    if limit.working_days:
        return calendar.add_working_days(start, limit.working_days)
    if limit.natural_days:
        return calendar.add_natural_days(start, limit.natural_days)
    if limit.months:
        return calendar.add_months(start, limit.months)
    if limit.end_of:
        day = local_day(start)
        month = 12 if limit.end_of == "year" else day.month
        return Moment(at_local(date(day.year + month // 12, month % 12 + 1, 1), time(0)))
    if limit.end_of_day:
        midnight = end_of_day(local_day(start))
        return Moment(min(midnight, start + limit.end_of_day.within_if_serious) if facts.serious else midnight)
    if limit.absence_school_day:
        return _absence_day(limit.absence_school_day, start, calendar, facts.consecutive_school_days)
    return _same_school_day(limit.by_time, start, calendar)


def _same_school_day(clock_time: time | None, start: datetime, calendar: Calendar) -> Moment:
    """A wall-clock time (or 24:00) of the school day of `start`, or of the next one when that moment has passed."""

    def moment(day: date) -> datetime:
        return at_local(day, clock_time) if clock_time else end_of_day(day)

    day, provisional = calendar.next_working_day(local_day(start))
    if moment(day) <= start:
        day, further = calendar.working_day(day, 1)
        provisional |= further
    return Moment(moment(day), provisional)


def _absence_day(n: int, start: datetime, calendar: Calendar, absent: int) -> Moment:
    """Close of business of school day n of an absence; its `absent`-th day is the last school day up to `start`."""
    counted, provisional = calendar.last_working_day(local_day(start))
    day, further = calendar.working_day(counted, max(n - absent, 0))
    due = Moment(at_local(day, calendar.business_close), provisional or further)
    if due.at > start:
        return due
    return _same_school_day(calendar.business_close, start, calendar)


def _clock(
    name: str, start: datetime, due: Moment, ladder: LadderClass, calendar: Calendar, book: Profiles
) -> ClockFact:
    rungs = [_level(step, due.at, calendar) for step in book.ladders[ladder].levels]
    return ClockFact(
        name=name,
        started_at=start,
        due_at=due.at,
        warn_at=_warn(name, start, due.at, ladder, book),
        levels=tuple(Level(level=n, at=rung.at) for n, rung in enumerate(rungs, 1)),
        provisional=due.provisional or any(rung.provisional for rung in rungs),
    )


def _level(step: Step, due: datetime, calendar: Calendar) -> Moment:
    if step.working_days:
        day, provisional = calendar.working_day(last_day(due), step.working_days)
        return Moment(at_local(day, calendar.business_close), provisional)
    return Moment(due + (step.elapsed or timedelta()))


def _warn(name: str, start: datetime, due: datetime, ladder: LadderClass, book: Profiles) -> datetime | None:
    rule = book.ladders[ladder].warn
    if rule.at_on_due_day:
        at = at_local(last_day(due), rule.at_on_due_day)
        return at if start < at < due else None  # a clock shorter than that has no warning
    percent = {str(clock): share for clock, share in rule.percent_of.items()}.get(name)
    return start + (due - start) * percent // 100 if percent else None
