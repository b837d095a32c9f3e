"""Moments at which a case is looked at again: set by rules, cancelled by what makes them moot. Pure."""

from datetime import datetime, timedelta
from typing import Any

from events.envelope import Event
from services.law.calendar import Calendar
from services.referral import ids
from services.referral.case import Case, Timer
from services.referral.facts import SHANGHAI, as_moment
from services.referral.places import source_agency
from services.referral.rules import Condition, TimerSpec

FILED = "reporting.mandatory.filed"
VISIT = "visit.completed"


def set_timer(
    calendar: Calendar, case: Case, spec: TimerSpec, event: Event, child: str | None, at: datetime, cause: str = ""
) -> None:
    """Set a timer of the case unless one for the same purpose and child already runs."""
    if any(t.what == spec.what and t.child == child and t.state == "set" for t in case.timers.values()):
        return
    tid = ids.timer_id(case.id, spec.what, f"{event.source}|{event.id}|{child}{cause}")
    if tid in case.timers:
        return
    case.timers[tid] = Timer(
        tid, spec.what, moment_of(calendar, spec, event, at), spec.again, child, event.model_dump(mode="json", exclude_none=True),
        spec.outlives, spec.cancelled_by, spec.cancelled_by_acts,
        {name: c.model_dump(exclude_none=True) for name, c in spec.cancelled_if.items()}, is_new=True,
    )  # fmt: skip


def moment_of(calendar: Calendar, spec: TimerSpec, event: Event, at: datetime) -> datetime:
    """When a timer is due; never before the moment that set it."""
    start = at
    if spec.since and event.data.get(spec.since):
        start = as_moment(event.data[spec.since]) or at
    if spec.at is not None:
        due = datetime.combine(at.astimezone(SHANGHAI).date(), spec.at, SHANGHAI)
    elif spec.working_days is not None or spec.school_days is not None:
        due = calendar.add_working_days(start, spec.working_days or spec.school_days or 1).at
    else:
        due = start + (spec.after or timedelta(0))
    return max(due, at)


def cancel_timers(case: Case, event: Event, child: str | None, at: datetime) -> None:
    """Cancel what this event makes moot."""
    name = event.type.rsplit(".v", 1)[0]
    # A mandatory report that was filed is the report to police (E44), unless it says that police were not told.
    answer = event.data.get("reported_to_police")
    reported = (
        answer is True or bool(event.data.get("reported_to_police_at")) or (name == FILED and answer is not False)
    )
    for timer in case.timers.values():
        if timer.state != "set" or timer.is_new or timer.child not in (child, None):
            continue
        told = timer.what == "report.unmade" and (reported or source_agency(event.source)[0].startswith("police"))
        said = bool(timer.cancelled_if) and name == event_type_of(timer) and says(event.data, timer)
        if name in timer.cancelled_by or told or said or seen_since(event, name, timer, at):
            timer.state = "cancelled"
            case.note(at, "timer.cancelled", timer=timer.id, event=event.id, detail={"what": timer.what})


def seen_since(event: Event, name: str, timer: Timer, at: datetime) -> bool:
    """Whether this event is a visit that saw the child after what set a timer that asks for that."""
    if "child_seen" not in timer.cancelled_by_acts or name != VISIT or event.data.get("child_seen") is not True:
        return False
    visited, missed = as_moment(event.data.get("visit_at")) or event.time or at, as_moment(timer.event.get("time"))
    return missed is None or visited >= missed


def event_type_of(timer: Timer) -> str:
    """The type, without version, of the event that set a timer."""
    return str(timer.event.get("type", "")).rsplit(".v", 1)[0]


def says(data: dict[str, Any], timer: Timer) -> bool:
    """Whether a later event says what makes the timer moot."""
    return all(Condition.model_validate(c).holds(data.get(name)) for name, c in timer.cancelled_if.items())
