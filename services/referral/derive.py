"""Events that follow from another, at once or by a timer; they go through the same door as a source's (design section 3). Pure."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from events.envelope import Event
from services.referral import ids
from services.referral.facts import SHANGHAI

Catalogue = Callable[[str], Any]
SOURCE = "/shouhu/220000/referral"  # what this service calls itself when it publishes
CARRIED = ("residence_code", "hukou_code", "occurrence_code", "household_ref", "age_years", "sex", "child_categories", "pupil_at",
           "address_hash", "child_known")  # fmt: skip
# What means the same in every type that has it.
SAME_MEANING = ("ongoing", "immediate_danger", "injury_level", "needs_medical", "suspect_relation", "reported_to_police", "school_related",
                "stage", "days_absent")  # fmt: skip
# Under another name in the event that it follows from.
RENAMED = {"consecutive_school_days": "days_absent", "estimated_age": "age_years"}


def derived(name: str, event: Event, child: str | None, at: datetime, catalogue: Catalogue, **told: Any) -> Event:
    """The event of type `name` that follows from another; it keeps T (design promise 6) and names its cause. `told` adds to its data."""
    known = catalogue(name).model_fields
    data: dict[str, Any] = {RENAMED.get(key, key): value for key, value in event.data.items()
                            if RENAMED.get(key, key) in (*CARRIED, *SAME_MEANING) and RENAMED.get(key, key) in known}  # fmt: skip
    if not catalogue(name).ABOUT_CHILD:
        data = about_organisation(event)
    elif child:
        data |= {"child_ref": child}
        data.pop("child_known", None)
    data |= {"confidence": "suspected", "occurred_at": at.astimezone(SHANGHAI).isoformat(), **told}
    return Event(
        id=ids.derived_event_id(name, event.source, event.id, child or ""), source=SOURCE,
        type=f"{name}.v1", time=at, subject=data.get("child_ref"), causationid=event.id, correlationid=event.correlationid,
        traceparent=event.traceparent, exercise=event.exercise, acceptedtime=at,
        data={key: value for key, value in data.items() if value is not None},
    )  # fmt: skip


def about_organisation(event: Event) -> dict[str, Any]:
    """E45: who had to report, and since when it knew; nothing about the child."""
    return {"duty_holder_org": event.source, "known_at": event.data.get("occurred_at")}
