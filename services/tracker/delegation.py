"""What follows when care was handed to somebody else: badly handed over, or without the parents' contact. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from events.envelope import Event
from services.tracker.child_file import ChildFile
from services.tracker.obligation_events import CARRIED, derived, local

ABLE_TO_SPEAK = 3  # years: a child known to be younger could not be heard (operating default)
NO_REASON = ("none", "no_reason", "no_valid_reason")
LOWER = {"good": "fair", "fair": "insufficient"}  # T28: rating -1; below that the child is visited as key care anyway


def improper_delegation(event: Event, told: Mapping[str, Any], at: datetime) -> Event | None:
    """E81 from an E80 that gives no reason, names a delegate without capacity, or says that the child was not heard."""
    data = event.data
    age = data.get("age_years", told.get("age_years"))
    reason = data.get("reason")
    ground = None
    if data.get("full_capacity") is False:
        ground = "delegate_without_capacity"
    elif reason is None or reason in NO_REASON:
        ground = "no_valid_reason"
    elif data.get("child_heard") is False and (age is None or age >= ABLE_TO_SPEAK):
        ground = "other"
    if ground is None or not data.get("child_ref"):
        return None
    return _follows("care.delegation.improper", event, at, confidence="suspected", ground=ground)


def rating_lowered(event: Event, child: ChildFile, at: datetime) -> Event | None:
    """E86 one step down from a visit that found no weekly contact of the parents while care is delegated (T28, K01 art 23)."""
    rating = event.data.get("rating") or child.facts.get("rating")
    seen = event.data.get("child_seen") is True and event.data.get("weekly_contact") is False
    lower = LOWER.get(str(rating))
    if not seen or lower is None or child.day("delegation_since") is None:
        return None
    told = {"confidence": "confirmed", "from": rating, "to": lower, "ground": "no_weekly_contact"}
    return _follows("risk.rating.changed", event, at, **told)


def _follows(name: str, event: Event, at: datetime, **told: Any) -> Event:
    """An event about the same child that follows from this one; it keeps its T and names its cause."""
    data = event.data
    carried = {key: data[key] for key in (*CARRIED, "occurrence_code", "household_ref") if data.get(key) is not None}
    about = {"occurred_at": local(at), "child_ref": data["child_ref"], **told}
    made = derived(name, carried | about, at, event.source, event.id)
    cause = {"causationid": event.id, "correlationid": event.correlationid, "traceparent": event.traceparent}
    return made.model_copy(update=cause)
