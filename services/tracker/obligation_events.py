"""What the tracker says of obligations: reminders to their owners, and events when a day has passed undone. Pure."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from events.agency import Agency, Level
from events.envelope import Event
from events.sla import ObligationWarned
from services.directory.agencies import responsible, same_line
from services.directory.territory import territory
from services.law.calendar import SHANGHAI
from services.tracker.child_file import ChildFile
from services.tracker.obligation_rows import Row
from services.tracker.obligation_rules import Obligations, Part
from services.tracker.obligations import part_of
from services.tracker.said import SOURCE

HIGHER: Mapping[Level, Level] = {
    "village": "county",
    "township": "county",
    "unit": "county",
    "county": "city",
    "city": "province",
}
CARRIED = ("age_years", "sex", "residence_code", "hukou_code", "child_categories", "pupil_at")


def warned(row: Row, rules: Obligations, at: datetime, now: datetime) -> Event:
    """A reminder to the owner; `at` is its scheduled moment."""
    part = part_of(rules, row.code, row.part)
    told = ObligationWarned(
        obligation=row.id, number=row.number, code=row.code, visit=part is not None and part.starts == "visit",
        agency=Agency(row.kind, row.level, row.area), to_role=row.role, child=row.child_ref, due_on=row.due_on,
        due_at=row.due_at, county=territory().county(row.area) or row.area, sealed=row.sealed, at=at, fired_at=now,
    )  # fmt: skip
    return Event(
        id=event_id("warned", row.id, str(row.warned)), source=SOURCE, type=told.TYPE, time=at, subject=row.child_ref,
        dataclassification="C4" if row.sealed else None, data=told.model_dump(mode="json"),
    )  # fmt: skip


def overdue(row: Row, child: ChildFile | None, rules: Obligations, at: datetime) -> Event | None:
    """The event that an obligation is overdue: E84 for a visit, E100 for others; None where the table tells nobody."""
    part = part_of(rules, row.code, row.part)
    if part is None or part.overdue.event is None:
        return None
    data: dict[str, Any] = {
        "confidence": "confirmed", "occurred_at": local(at), "due_at": local(row.due_at), "obligation_code": row.code,
        "period": row.period, "severity_hint": part.overdue.severity, "correlation_key": row.id,
    }  # fmt: skip
    if part.overdue.event == "visit.overdue" and child is not None:
        data |= {key: child.facts[key] for key in CARRIED if child.facts.get(key) not in (None, [], ())}
        data |= {
            "child_ref": child.ref,
            "rating": child.facts.get("rating") or ("key_care" if row.code in ("T03", "T04") else None),
            "sealed": row.sealed or None,
        }
    else:
        asked = _asked(row, part)
        data |= {"owner": _named(asked), "residence_code": asked.area}
        if (superior := _superior(asked, part, row.due_on)) is not None:
            data["superior"] = _named(superior)
    return derived(part.overdue.event, data, at, row.id, sealed=row.sealed)


def _asked(row: Row, part: Part) -> Agency:
    """Whose task an overdue obligation is: its owner's, or the agency's that the table names for then."""
    owner = Agency(row.kind, row.level, row.area)
    if part.overdue.of is None:
        return owner
    return responsible(part.overdue.of.kind, part.overdue.of.level, row.area, row.due_on) or owner


def _superior(owner: Agency, part: Part, on: date) -> Agency | None:
    """Who stands above the owner: whom the table names, else who leads its line one level higher; nobody above the province."""
    if part.overdue.above is not None:
        above = part.overdue.above
        found = responsible(above.kind, above.level, owner.area, on)
    else:
        higher = HIGHER.get(owner.level)
        found = same_line(owner, higher, on) if higher else None
    return None if found == owner else found


def _named(agency: Agency) -> dict[str, str]:
    return {"kind": agency.kind, "level": agency.level, "area": agency.area}


def order_expiring(row: Row, child: ChildFile, at: datetime) -> Event:
    """E91 `court.protection_order.expiring`: a protection order ends soon."""
    data = {key: child.facts[key] for key in CARRIED if child.facts.get(key) not in (None, [], ())}
    data |= {"confidence": "confirmed", "occurred_at": local(at), "child_ref": child.ref, "valid_until": row.due_on.isoformat(),
             "correlation_key": row.id}  # fmt: skip
    return derived("court.protection_order.expiring", data, at, row.id, str(row.warned), sealed=row.sealed)


def derived(name: str, data: Mapping[str, Any], at: datetime, *cause: str, sealed: bool = False) -> Event:
    """An event of our own; T is the moment at which it became so (design promise 6)."""
    moment = at.astimezone(UTC)
    return Event(
        id=event_id(name, *cause), source=SOURCE, type=f"{name}.v1", time=moment, acceptedtime=moment,
        subject=data.get("child_ref"), dataclassification="C4" if sealed else None,
        data={key: value for key, value in data.items() if value is not None},
    )  # fmt: skip


def event_id(*about: str) -> str:
    """The id of what the tracker says of an obligation: the same whenever it is computed, so that it is said once."""
    return "obl-" + hashlib.sha256("\x1f".join(about).encode()).hexdigest()[:32]


def local(at: datetime) -> str:
    """A moment in Jilin's time."""
    return at.astimezone(SHANGHAI).isoformat()
