"""Which visit timer a child has, and when its next visit is due (T01–T04; the shortest period wins). Pure."""

from datetime import date, datetime
from typing import NamedTuple

from services.law.calendar import Calendar, local_day
from services.tracker.child_file import ChildFile, states
from services.tracker.obligation_rules import Entry, Obligations, Part, Span
from services.tracker.spans import DAY, after

BY_RATING = {"good": "T01", "fair": "T02"}
UNRATED = "T01"  # nobody under care goes unseen for longer; a new child's first visit has a referral of its own (E19–E21, E71, E72, E102)
KEY_CARE, AFTER_HARM = "T03", "T04"
WEEKLY_VISITS = 4  # T04: weekly, four times, then T03


class NextVisit(NamedTuple):
    """The visit that a child is owed: by which code, from when one counts, and its last day."""

    code: str
    opens_on: date
    due_on: date


def next_visit(child: ChildFile, rules: Obligations, calendar: Calendar, on: date) -> NextVisit | None:
    """The next visit of a child, counted from the last at which it was seen, else from its entry; None for one not under care.

    A stricter period that begins later than the last visit would be due counts from its own beginning, but never makes the
    next visit later than it was.
    """
    holds = states(child, on)
    since = child.day("since", "register")
    if "register" not in holds or since is None:
        return None
    seen = child.last_visit
    counted = seen or since
    found: dict[str, date] = {}
    for code, begins in _periods(child, holds):
        span = _span(rules, code)
        # weekly after a harm case counts from its end, or from a visit since
        due = after(max(counted, begins) if code == AFTER_HARM and begins else counted, span, calendar).on
        found[code] = due if begins is None or due >= begins else after(begins, span, calendar).on
    code = max(found)  # T04 is shorter than T03, T03 than T02, T02 than T01
    due_on = min([found[code], *_owed_before(child, rules, calendar, counted, code)])
    return NextVisit(code, counted + DAY if seen else counted, due_on)


def _periods(child: ChildFile, holds: frozenset[str]) -> list[tuple[str, date | None]]:
    """Every code that applies, with the day from which it does; None when it did before anything was known."""
    rating = child.facts.get("rating")
    found: list[tuple[str, date | None]] = [(BY_RATING.get(rating or "", UNRATED), child.day("rating_since"))]
    if "key_care" in holds:
        known = "key_care" in child.marks.get("on_file", ())
        found.append((KEY_CARE, None if known else child.day("since", "key_care")))
    harm = child.day("harm_closed_on")
    if harm is not None:
        weekly = [day for day in child.visits if day > harm]
        if len(weekly) < WEEKLY_VISITS:
            found.append((AFTER_HARM, harm))
        elif not _rated_after(child, weekly[WEEKLY_VISITS - 1]):
            found.append((KEY_CARE, None))
    return found


def _rated_after(child: ChildFile, day: date) -> bool:
    at = child.marks.get("rating_at")
    return at is not None and local_day(datetime.fromisoformat(at)) > day


def _owed_before(child: ChildFile, rules: Obligations, calendar: Calendar, counted: date, code: str) -> list[date]:
    """The day on which the visit was due under the longer period before, if the shorter one began before that day."""
    holds_since = max(
        (day for day in (child.day("rating_since"), child.day("since", "key_care")) if day is not None), default=None
    )
    if holds_since is None or holds_since <= counted or code == AFTER_HARM:
        return []
    rating = child.facts.get("rating")
    before = BY_RATING.get(child.marks.get("rating_before") or "") or BY_RATING.get(rating or "")
    if before is None or before >= code:
        return []
    due = after(counted, _span(rules, before), calendar).on
    return [due] if due >= holds_since else []


def visit_part(rules: Obligations, code: str) -> tuple[Entry, Part]:
    """The timer of a visit code."""
    entry = rules[code]
    return entry, next(part for part in entry.parts if part.starts == "visit")


def _span(rules: Obligations, code: str) -> Span:
    due = visit_part(rules, code)[1].due
    if due is None or due.after is None:
        raise ValueError(f"{code}: a visit has `due.after`")
    return due.after
