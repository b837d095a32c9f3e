"""Who of a post's people is on duty at a moment, and why: pure, from a shift plan, the leave and the calendar."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Literal, NamedTuple

from services.directory.shifts import DAY, WEEKDAYS, Cover, DayKind, Leave, Plan, Rotation, Shift, Swap
from services.law.calendar import SHANGHAI, Calendar, local_day

Because = Literal["fixed", "rotation", "table", "swap", "cover"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A person on duty: in which shift, from when to when (UTC), why, and in whose place."""

    person: str
    shift: str
    begins: datetime
    ends: datetime
    because: Because
    instead_of: str | None = None


class Duty(NamedTuple):
    """Everybody on duty, in the order in which they are told, and who would be but is on leave. No turn is a hole."""

    turns: tuple[Turn, ...]
    away: tuple[str, ...] = ()


class Span(NamedTuple):
    """A stretch of time in which the same people are on duty by the same shifts."""

    begins: datetime
    ends: datetime
    duty: Duty


@dataclass(frozen=True, slots=True)
class Roster:
    """When those who hold a post have it; without a plan always, but for their leave."""

    plan: Plan | None
    leave: tuple[Leave, ...]
    calendar: Calendar


def on_shift(plan: Plan, leave: Iterable[Leave], calendar: Calendar, at: datetime) -> Duty:
    """Who is on duty by a plan at a moment. A hand-over belongs to whoever takes over.

    Order: shifts as written, then tables; a swap and a cover stand in the place of whom they replace; leave comes last,
    for whoever is away cannot be reached.
    """
    day = local_day(at)
    turns: list[Turn] = []
    for each in (day - DAY, day):
        turns += [turn for turn in _starting(plan, calendar, each) if turn.begins <= at < turn.ends]
    for cover in plan.covers:
        begins, ends = moment(cover.begins), moment(cover.ends)
        if not begins <= at < ends:
            continue
        instead = [Turn(person, "", begins, ends, "cover", cover.out) for person in cover.people]
        if cover.out is None:
            turns = instead
            continue
        turns = [new for turn in turns for new in (instead if turn.person == cover.out else (turn,))]
    gone = _gone(leave, at)
    once = {turn.person: turn for turn in reversed(turns)}
    ordered = list(dict.fromkeys(turn.person for turn in turns))
    return Duty(
        tuple(once[person] for person in ordered if person not in gone),
        tuple(person for person in ordered if person in gone),
    )


def next_change(roster: Roster, at: datetime, until: datetime) -> datetime | None:
    """The next moment after `at` and before `until` at which others are on duty; None when nothing changes.

    Whoever was told before a hand-over and has not answered is followed by whoever takes over then.
    """
    if roster.plan is None:
        edges = sorted(moment(edge) for each in roster.leave for edge in (each.begins, each.ends))
        return next((edge for edge in edges if at < edge < until), None)
    now = {turn.person for turn in on_shift(roster.plan, roster.leave, roster.calendar, at).turns}
    later = spans(roster.plan, roster.leave, roster.calendar, at, until)
    return next((span.begins for span in later if {turn.person for turn in span.duty.turns} != now), None)


def on_leave(roster: Roster, person: str, at: datetime) -> bool:
    """Whether a person is away at a moment."""
    return person in _gone(roster.leave, at)


def spans(plan: Plan, leave: Sequence[Leave], calendar: Calendar, begins: datetime, ends: datetime) -> Iterator[Span]:
    """The time between two moments in stretches with the same people, without gaps and in order."""
    edges = sorted({begins, *(edge for edge in _edges(plan, leave, calendar, begins, ends) if begins < edge < ends)})
    open_: Span | None = None
    for start, end in zip(edges, [*edges[1:], ends], strict=True):
        duty = on_shift(plan, leave, calendar, start)
        if open_ is not None and _same(open_.duty, duty):
            open_ = open_._replace(ends=end)
            continue
        if open_ is not None:
            yield open_
        open_ = Span(start, end, duty)
    if open_ is not None:
        yield open_


def moment(written: datetime) -> datetime:
    """A moment as keepers write it, in UTC: without an offset it is the time in Jilin."""
    return (written if written.tzinfo else written.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def is_day(days: Collection[DayKind], day: date, calendar: Calendar) -> bool:
    """Whether a day is of one of these sorts: working days and days off follow the holiday notice with its make-up days."""
    off = not calendar.is_working_day(day)
    sorts = {"every", WEEKDAYS[day.weekday()], "off" if off else "working"}
    if off:
        sorts.add("holiday" if day in calendar.holidays else "weekend")
    return not sorts.isdisjoint(days)


def _gone(leave: Iterable[Leave], at: datetime) -> set[str]:
    return {each.person for each in leave if moment(each.begins) <= at < moment(each.ends)}


def _starting(plan: Plan, calendar: Calendar, day: date) -> list[Turn]:
    """The turns that begin on a day, swaps carried out."""
    tabled = [line for line in plan.table if line.on == day]
    named = {line.name for line in tabled}
    found: list[Turn] = []
    for shift in plan.shifts:
        if shift.name in named or not _applies(shift, day, calendar):
            continue
        because: Because = "fixed" if shift.rotation is None else "rotation"
        people = shift.people if shift.rotation is None else _turn(shift, shift.rotation, day, calendar)
        found += [_made(person, shift.name, day, shift.begins, shift.ends, because) for person in people]
    for line in tabled:
        found += [_made(person, line.name, day, line.begins, line.ends, "table") for person in line.people]
    for swap in plan.swaps:
        found = [_swapped(turn, swap, day) for turn in found]
    return found


def _swapped(turn: Turn, swap: Swap, day: date) -> Turn:
    into = {(swap.one, swap.one_on): swap.other, (swap.other, swap.other_on): swap.one}.get((turn.person, day))
    if into is None or turn.shift != swap.shift:
        return turn
    return replace(turn, person=into, because="swap", instead_of=turn.person)


def _applies(shift: Shift, day: date, calendar: Calendar) -> bool:
    if (shift.since and day < shift.since) or (shift.until and day > shift.until):
        return False
    if shift.rotation is not None and day < shift.rotation.start:
        return False
    return is_day(shift.days, day, calendar)


def _turn(shift: Shift, rotation: Rotation, day: date, calendar: Calendar) -> tuple[str, ...]:
    """The group whose turn it is; `day` is not before the rotation's start."""
    passed = (day - rotation.start).days
    if rotation.every == "week":
        passed //= 7
    elif rotation.every == "shift" and "every" not in shift.days:
        passed = sum(is_day(shift.days, rotation.start + n * DAY, calendar) for n in range(passed))
    return rotation.groups[passed % len(rotation.groups)]


def _made(person: str, name: str, day: date, begins: time, ends: time, because: Because) -> Turn:
    last = day if ends > begins else day + DAY
    return Turn(person, name, moment(datetime.combine(day, begins)), moment(datetime.combine(last, ends)), because)


def _edges(
    plan: Plan, leave: Sequence[Leave], calendar: Calendar, begins: datetime, ends: datetime
) -> Iterator[datetime]:
    day = local_day(begins) - DAY
    while day <= local_day(ends):
        for turn in _starting(plan, calendar, day):
            yield turn.begins
            yield turn.ends
        day += DAY
    between: tuple[Cover | Leave, ...] = (*plan.covers, *leave)
    for each in between:
        yield moment(each.begins)
        yield moment(each.ends)


def _same(one: Duty, other: Duty) -> bool:
    """Whether the same people are on duty by the same shifts, begun at the same moment."""
    return one.away == other.away and [(t.person, t.shift, t.begins) for t in one.turns] == [
        (t.person, t.shift, t.begins) for t in other.turns
    ]
