"""An obligation as it is remembered: what was said of it, and what became of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from events.agency import Level
from services.law.calendar import at_local, local_day
from services.tracker.child_file import ChildFile
from services.tracker.obligation_rules import Obligations
from services.tracker.obligations import TOLD_AT, Obligation, State, end_state, next_moment, part_of

OVER = ("done", "cancelled")
BY_CALENDAR = "holidays known:"  # how the note of a day that moved begins; the days follow, before → after


@dataclass(frozen=True, slots=True)
class Row:
    """A row of tracker.obligation; its names are the columns."""

    id: str
    number: str
    code: str
    part: str
    child_ref: str | None
    kind: str
    level: Level
    area: str
    role: str
    period: str
    opens_on: date
    due_on: date
    due_at: datetime
    legal_due_on: date | None
    warn_on: Sequence[date]
    warned: int
    state: State
    provisional: bool
    sealed: bool
    known_at: datetime
    warned_at: datetime | None = None
    overdue_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    note: str | None = None
    event_id: str | None = None
    next_at: datetime | None = None

    @property
    def key(self) -> str:
        """Code and timer, as marks of a child's file name it."""
        return f"{self.code}/{self.part}"


def row_of(one: Obligation, now: datetime, *, skip_past_reminders: bool = False) -> Row:
    """A new row. With `skip_past_reminders` those whose moment has passed are not told any more."""
    told = sum(at_local(day, TOLD_AT) <= now for day in one.warn_on) if skip_past_reminders else 0
    row = Row(
        one.id, one.number, one.code, one.part, one.child, one.agency.kind, one.agency.level, one.agency.area, one.role,
        one.period, one.opens_on, one.due_on, one.due_at, one.legal_due_on, list(one.warn_on), told, "open",
        one.provisional, one.sealed, now,
    )  # fmt: skip
    return replace(row, next_at=next_moment(row.warn_on, row.warned, row.due_at, row.state))


def row_from(stored: Any) -> Row:
    """A row as the database gives it: a mapping of the columns."""
    return Row(**stored)


def reconciled(
    child: ChildFile, rules: Obligations, owed: Sequence[Obligation], rows: Sequence[Row], now: datetime
) -> list[Row]:
    """The rows that change when these things are owed for a child: new ones, and those that are not owed any more."""
    known = {row.id: row for row in rows}
    changed = []
    for one in owed:
        row = known.get(one.id)
        if row is None:
            changed.append(row_of(one, now))
        elif (updated := _still_owed(row, one)) != row:
            changed.append(updated)
    visits_go_on = any(_is_visit(rules, one.code, one.part) for one in owed)
    wanted = {one.id for one in owed}
    certain = {(one.key, one.opens_on): one for one in owed if not one.provisional}
    for row in rows:
        if row.id not in wanted and row.state not in OVER:
            ended = _ended(child, rules, row, visits_go_on, now)
            if ended is not None:
                changed.append(_with_reason(ended, certain.get((row.key, row.opens_on))))
    return changed


def recounted(row: Row, one: Obligation) -> Row:
    """An agency's open duty with the last day that follows now that the holidays are known; what was told stays told."""
    note = row.note if row.due_on == one.due_on else _moved(row.due_on, one.due_on)
    row = replace(
        row, due_on=one.due_on, due_at=one.due_at, warn_on=list(one.warn_on), warned=min(row.warned, len(one.warn_on)),
        provisional=one.provisional, note=note,
    )  # fmt: skip
    return replace(row, next_at=next_moment(row.warn_on, row.warned, row.due_at, row.state))


def closed(row: Row, state: State, by: str, now: datetime, note: str | None = None) -> Row:
    """The row when it is over."""
    return replace(row, state=state, ended_at=now, ended_by=by, note=note, next_at=None)


def _with_reason(row: Row, instead: Obligation | None) -> Row:
    """A guess that gave way to the day that follows from the holidays says so."""
    if row.state != "cancelled" or not row.provisional or instead is None:
        return row
    return replace(row, ended_by="calendar", note=_moved(row.due_on, instead.due_on))


def _moved(before: date, after: date) -> str:
    return f"{BY_CALENDAR} {before} → {after}"


def _still_owed(row: Row, one: Obligation) -> Row:
    """Who owes it may change with the child's residence; what was cancelled may be owed again."""
    row = replace(
        row, kind=one.agency.kind, level=one.agency.level, area=one.agency.area, role=one.role, sealed=one.sealed,
        provisional=one.provisional,
    )  # fmt: skip
    if row.state not in OVER:
        return row
    state: State = "overdue" if row.overdue_at else "warned" if row.warned_at else "open"
    again = next_moment(row.warn_on, row.warned, row.due_at, state)
    return replace(row, state=state, ended_at=None, ended_by=None, next_at=again)


def _ended(child: ChildFile, rules: Obligations, row: Row, visits_go_on: bool, now: datetime) -> Row | None:
    part = part_of(rules, row.code, row.part)
    if part is not None and part.ends_by_itself and row.due_on <= local_day(now):
        return closed(row, "done", "system", now)
    overdue = row.state == "overdue"
    state = end_state(child, rules, row, visits_go_on=visits_go_on, overdue=overdue)
    if state is None:
        return None
    by_visit = state == "done" and part is not None and "visit" in part.completed_by
    return closed(row, state, "visit" if by_visit else "system", now)


def _is_visit(rules: Obligations, code: str, name: str) -> bool:
    part = part_of(rules, code, name)
    return part is not None and part.starts == "visit"
