"""What an event adds to the file of each child that it is about. Pure; the order in which two visits arrive does not matter."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from events.child_facts import ABOUT_CHILD, learned, merge, together
from events.envelope import Event
from services.law.calendar import SHANGHAI, last_day, local_day
from services.tracker.child_file import VISITS_KEPT, ChildFile, entered
from services.tracker.spans import corresponding_day

SEALED = frozenset({"abuse.sexual.suspected", "child.mental.severe_disorder", "child.hiv.infected"})  # E36, E59, E61
RATES = frozenset({"visit.completed", "risk.rating.changed"})
ORDER_MONTHS = 6  # a protection order is valid for at most six months (K02 art 30)
RANK = ("good", "fair", "insufficient", "improper", "key_care", "absent", "harm")
Marks = dict[str, Any]


def children_of(event: Event) -> list[tuple[str, dict[str, Any]]]:
    """Each child that an event is about, with what the event tells of it; none for an unknown child or an organisation."""
    data = event.data
    if data.get("duty_holder_org") and not data.get("child_ref"):
        return []
    listed = {entry["child_ref"]: entry for entry in data.get("children") or ()}
    refs = list(dict.fromkeys([*(data.get("child_refs") or ()), *listed])) or [data.get("child_ref")]
    common = together(_about(data), learned(event.type, data, event.source))
    return [(ref, together(common, _about(listed.get(ref, {})))) for ref in refs if ref]


def learn(child: ChildFile, event: Event, told: Mapping[str, Any], at: datetime) -> ChildFile:
    """The child's file after an event that was accepted at `at` told something of it."""
    name = event.type.rsplit(".v", 1)[0]
    on = local_day(at)
    marks: Marks = dict(child.marks)
    told = dict(told)
    if name == "visit.completed":
        told.pop("last_visit_on", None)
        _visited(marks, event, at)
    if name not in RATES:
        told.pop("rating", None)  # our own reminders repeat a rating; they do not give one
    if "rating" in told:
        _rated(child, marks, told, event, at)
    if name in SEALED or event.dataclassification == "C4":
        marks["sealed"] = True
    if name in MARKED:
        MARKED[name](marks, event, at)
    return entered(ChildFile(child.ref, merge(child.facts, told), marks), on)


def put_on_file(ref: str, facts: Mapping[str, Any], on: date) -> ChildFile:
    """A child whose facts were known before the first event; `last_visit_on` is the last visit at which it was seen."""
    facts = {key: value for key, value in facts.items() if value is not None}
    visited = facts.pop("last_visit_on", None)
    marks: Marks = {"visits": [str(visited)]} if visited else {}
    if facts.get("rating"):
        marks["rating_at"] = datetime.combine(on, datetime.min.time(), SHANGHAI).isoformat()
    return entered(ChildFile(ref, facts, marks), on, on_file=True)


def harm_closed(child: ChildFile, on: date) -> ChildFile:
    """The child's harm case was closed on a day."""
    marks = {**child.marks, "harm_closed_on": on.isoformat()}
    return entered(ChildFile(child.ref, child.facts, marks), on)


def aged(child: ChildFile, at: datetime) -> ChildFile:
    """The file when a birthday may have changed what holds of the child."""
    return entered(child, local_day(at))


def done(child: ChildFile, part: str, due_on: date, on: date) -> ChildFile:
    """Somebody said that an obligation of the child was done; `part` is its code and the name of its timer."""
    known = child.marks.get("done") or {}
    marks = {**child.marks, "done": {**known, part: {**known.get(part, {}), due_on.isoformat(): on.isoformat()}}}
    return ChildFile(child.ref, child.facts, marks)


def _about(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in ABOUT_CHILD if data.get(key) is not None}


def _moment(event: Event, at: datetime, *names: str) -> datetime:
    for name in (*names, "occurred_at"):
        value = event.data.get(name)
        if isinstance(value, str) and value != "unknown":
            found = datetime.fromisoformat(value)
            return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
    return at


def _visited(marks: Marks, event: Event, at: datetime) -> None:
    if event.data.get("child_seen") is not True:
        return  # a visit counts only if the child was seen
    day = local_day(min(_moment(event, at, "visit_at"), at)).isoformat()
    marks["visits"] = sorted({*marks.get("visits", ()), day})[-VISITS_KEPT:]


def _rated(child: ChildFile, marks: Marks, told: Marks, event: Event, at: datetime) -> None:
    """The newest rating counts, whichever arrives last; of two at one moment the graver."""
    rating = told["rating"]
    if rating in (None, "unknown"):
        told.pop("rating")
        return
    when = min(_moment(event, at, "visit_at"), at)
    before = marks.get("rating_at")
    known = datetime.fromisoformat(before) if before else None
    old = child.facts.get("rating")
    if known is not None and (when < known or (when == known and _rank(rating) <= _rank(old))):
        told.pop("rating")
        return
    marks["rating_at"] = when.isoformat()
    if rating != old:
        marks |= {"rating_since": local_day(when).isoformat(), "rating_before": old or event.data.get("from")}


def _rank(rating: Any) -> int:
    return RANK.index(rating) if rating in RANK else -1


def _last_day(value: Any) -> date | None:
    """The last day of a stretch that ends on a day, or at a moment."""
    if not isinstance(value, str) or value == "unknown":
        return None
    moment = datetime.fromisoformat(value)
    return last_day(moment) if len(value) > len("2026-10-02") else moment.date()


def _ordered(marks: Marks, event: Event, at: datetime) -> None:
    issued = local_day(_moment(event, at, "issued_at"))
    latest = corresponding_day(issued, ORDER_MONTHS)
    ends = min(_last_day(event.data.get("valid_until")) or latest, latest)
    orders = {
        **(marks.get("orders") or {}),
        event.id: {"issued_on": issued.isoformat(), "valid_until": ends.isoformat()},
    }
    marks["orders"] = orders


def _lettered(marks: Marks, event: Event, at: datetime) -> None:
    issued = local_day(_moment(event, at, "issued_at")).isoformat()
    marks["letters"] = {**(marks.get("letters") or {}), event.id: issued}


def _placed(kind: str) -> Callable[[Marks, Event, datetime], None]:
    def started(marks: Marks, event: Event, at: datetime) -> None:
        marks["placement"] = {"kind": kind, "since": local_day(_moment(event, at)).isoformat()}
        if event.data.get("form") == "institution":
            marks["placement"]["kind"] = "institution"

    return started


def _released(marks: Marks, event: Event, at: datetime) -> None:
    marks["placement"] = None


def _delegated(marks: Marks, event: Event, at: datetime) -> None:
    marks["delegation_since"] = local_day(_moment(event, at)).isoformat()


MARKED: Mapping[str, Callable[[Marks, Event, datetime], None]] = {
    "court.protection_order.issued": _ordered,
    "police.warning_letter.issued": _lettered,
    "placement.temporary.started": _placed("temporary"),
    "placement.temporary.ended": _released,
    "placement.longterm.started": _placed("longterm"),
    "care.delegation.registered": _delegated,
}
