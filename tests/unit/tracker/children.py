"""Children under care for tests: what is on file, and events about them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from events.envelope import Event
from services.law import PACKAGED
from services.law.calendar import SHANGHAI, Calendar, HolidayYear
from services.law.rulebook_file import read_file
from services.tracker.child_file import ChildFile
from services.tracker.learning import children_of, learn, put_on_file
from services.tracker.obligation_rules import packaged
from services.tracker.obligations import Obligation, owed

NOTICES = [read_file(path, HolidayYear) for path in sorted((PACKAGED / "calendar").glob("*.yaml"))]
CALENDAR = Calendar.of(NOTICES)
HOME = "220122100201"


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str, hour: int = 10) -> datetime:
    """A moment of a day in Jilin."""
    return datetime.combine(day(text), datetime.min.time(), SHANGHAI) + timedelta(hours=hour)


def on_file(on: str, **facts: Any) -> ChildFile:
    """A child that was known before, living in Nong'an."""
    return put_on_file("c_1", {"residence_code": HOME, "hukou_code": HOME, **facts}, day(on))


def told(
    child: ChildFile, kind: str, on: str, hour: int = 10, also: Mapping[str, Any] | None = None, **data: Any
) -> ChildFile:
    """The child's file after an event of a day."""
    about = {
        "child_ref": child.ref,
        "residence_code": HOME,
        "occurred_at": at(on, hour).isoformat(),
        "confidence": "confirmed",
    }
    event = Event(
        id=f"{kind}-{on}-{hour}",
        source="/village_committee/220122100201/v1",
        type=f"{kind}.v1",
        data={**about, **data, **(also or {})},
    )
    [(_, facts)] = children_of(event)
    return learn(child, event, facts, at(on, hour))


def visited(child: ChildFile, on: str, hour: int = 10, *, seen: bool = True, rating: str | None = None) -> ChildFile:
    """The child's file after a visit."""
    more: Mapping[str, Any] = {"rating": rating} if rating else {}
    return told(child, "visit.completed", on, hour, visit_at=at(on, hour).isoformat(), child_seen=seen, **more)


def owes(child: ChildFile, on: str) -> list[Obligation]:
    """What is owed for the child on a day."""
    return owed(child, packaged(), CALENDAR, day(on))


def dues(child: ChildFile, on: str) -> list[tuple[str, str]]:
    """(code, due day) of everything that is owed."""
    return [(one.code, one.due_on.isoformat()) for one in owes(child, on)]
