"""A status that will hold by time alone (domain section 6, K28): six months of a term or of lost contact. Pure.

On the day on which it holds the child's file is looked at again, so that nobody waits for the next half-year's comparison.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from events.envelope import Event
from services.referral import ids
from services.referral.benefit_change import ELIGIBLE
from services.referral.benefit_status import counts_from, held, parents_of
from services.referral.case import Case, Timer
from services.referral.comparison import benefit_events
from services.referral.facts import SHANGHAI

WHAT = "status.in_time"
AT = time(8, 30)  # offices check it: nobody is woken for it


def coming(child: Mapping[str, Any], on: date) -> date | None:
    """The next day on which a status will hold that does not hold yet; None when time alone brings none."""
    now = held(child, on)
    days = {
        counts_from(state, about)
        for states in parents_of(child.get("guardians") or {})
        for state, about in states.items()
    }
    for day in sorted(day for day in days if day is not None and day > on):
        then = held(child, day)
        if then is not None and (now is None or then.status != now.status):
            return day
    return None


def look_again(case: Case, child: str, on_file: Mapping[str, Any], event: Event, at: datetime) -> None:
    """Set the timer for that day, and cancel those of other days: the newest facts count."""
    day = coming(on_file, at.astimezone(SHANGHAI).date())
    due = None if day is None else datetime.combine(day, AT, SHANGHAI)
    running = [t for t in case.timers.values() if t.what == WHAT and t.child == child and t.state == "set"]
    for timer in running:
        if timer.due_at != due:
            timer.state = "cancelled"
    if due is not None and all(timer.due_at != due for timer in running):
        # Named after the event that sets it: whoever cancelled a timer has done with its name.
        tid = ids.timer_id(case.id, WHAT, f"{child}|{day}|{event.source}|{event.id}")
        told = event.model_dump(mode="json", exclude_none=True)
        case.timers[tid] = Timer(tid, WHAT, due, False, child, told, True, is_new=True)


def came_true(timer: Timer, on_file: Mapping[str, Any], at: datetime) -> list[Event]:
    """What is to be published when the day has come and the file still says so: E73, which opens a case or joins the child's open one."""
    if timer.child is None:
        return []
    exercise = bool(timer.event.get("exercise"))
    # Another case of the child may have a timer for the same day: both give the same event, and the door knows it.
    day = timer.due_at.astimezone(SHANGHAI).date()
    found = benefit_events(timer.child, on_file, at, f"{WHAT}:{day}")
    return [one.model_copy(update={"exercise": exercise}) for one in found if one.type == f"{ELIGIBLE}.v1"]
