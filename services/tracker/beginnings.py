"""When the obligations about a child begin: from the day of an entry, an order, a letter, a placement, a birthday. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from services.law.calendar import Calendar
from services.tracker.child_file import ChildFile
from services.tracker.obligation_rules import ChildDue, Part
from services.tracker.spans import DAY, after, birthday, corresponding_day


class Instance(NamedTuple):
    """One occurrence of an obligation: from which day doing it counts, and its last day."""

    opens_on: date
    due_on: date
    provisional: bool = False


def instances(child: ChildFile, key: str, part: Part, calendar: Calendar) -> list[Instance]:
    """Every occurrence of a timer that is not done, in order; `key` is the code and the timer's name."""
    if part.due is None or part.starts is None or child.categories & set(part.unless):
        return []
    if part.only and not child.categories & set(part.only):
        return []
    done = {
        date.fromisoformat(k): date.fromisoformat(v)
        for k, v in ((child.marks.get("done") or {}).get(key) or {}).items()
    }
    found: list[Instance] = []
    for start, fixed in _starts(child, part):
        found += _series(part.due, start, fixed, done, calendar)
    return [each for each in found if each.due_on not in done and not _visited(child, part, each.opens_on)]


def begun(child: ChildFile, part: Part) -> bool:
    """Whether what begins a timer has happened."""
    return any(True for _ in _starts(child, part))


def completed_on(child: ChildFile, key: str, part: Part, opens_on: date, due_on: date) -> date | None:
    """The day on which an occurrence was done, by hand or by a visit; None while it is not."""
    by_hand = child.day("done", key, due_on.isoformat())
    if by_hand is not None or "visit" not in part.completed_by:
        return by_hand
    return min((day for day in child.visits if day >= opens_on), default=None)


def _visited(child: ChildFile, part: Part, opens_on: date) -> bool:
    return "visit" in part.completed_by and any(day >= opens_on for day in child.visits)


def _starts(child: ChildFile, part: Part) -> Iterator[tuple[date, date | None]]:
    """(day on which it began, its fixed last day if it has one) of every occurrence that the file knows."""
    match part.starts:
        case "file" | "key_care":
            since = child.day("since", part.starts)
            if since is not None and part.starts not in child.marks.get("on_file", ()):
                yield since, None
        case "paper_file":  # a child that had its file before it came on the key-care list
            since, before = child.day("since", "key_care"), child.day("since", "file")
            known = child.marks.get("on_file", ())
            if since is not None and "key_care" not in known and ("file" in known or (before and before < since)):
                yield since, None
        case "order":
            orders = sorted(
                (child.marks.get("orders") or {}).values(), key=lambda order: (order["issued_on"], order["valid_until"])
            )
            for order in orders[-1:]:  # a new order takes the place of the one before
                yield date.fromisoformat(order["issued_on"]), date.fromisoformat(order["valid_until"])
        case "letter":
            for day in sorted((child.marks.get("letters") or {}).values()):
                yield date.fromisoformat(day), None
        case "placement" | "institution":
            since = child.day("placement", "since")
            wanted = {"placement": "temporary", "institution": "institution"}[part.starts]
            if since is not None and child.marks["placement"]["kind"] == wanted:
                yield since, None
        case "delegation":
            since = child.day("delegation_since")
            if since is not None:
                yield since, None
        case "birthday" if part.due is not None and part.due.age is not None:
            if child.born_on is not None and child.marks.get("registered"):
                turns = birthday(child.born_on, part.due.age)
                yield child.born_on, turns - timedelta(days=part.due.days_before)


def _series(
    due: ChildDue, start: date, fixed: date | None, done: dict[date, date], calendar: Calendar
) -> Iterator[Instance]:
    if fixed is not None:
        yield Instance(start + DAY, fixed)
        return
    if due.after is None:
        return
    first = after(start, due.after, calendar)
    latest = corresponding_day(start, due.until_months) if due.until_months else None
    yield Instance(start + DAY, _not_after(first.on, latest), first.provisional)
    opens = first.on
    for span in due.then:
        later = after(first.on, span, calendar)
        yield Instance(opens + DAY, later.on, later.provisional)
        opens = later.on
    last = _not_after(first.on, latest)
    while due.again is not None and last in done:
        following = after(done[last], due.again, calendar)
        opens, due_on = done[last] + DAY, _not_after(following.on, latest)
        if due_on <= last:
            return  # nothing lies beyond the last day
        yield Instance(opens, due_on, following.provisional)
        last = due_on


def _not_after(day: date, latest: date | None) -> date:
    return day if latest is None else min(day, latest)
