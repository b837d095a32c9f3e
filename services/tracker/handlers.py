"""What the tracker keeps of topic `referrals`: the newest state of every referral and the timers of cases."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import ValidationError

from events.codec import from_kafka
from events.envelope import Event
from events.faults import Unreadable
from events.heartbeat import PlatformHeartbeat
from events.referral import (
    CaseClosed,
    ReferralChanged,
    ReferralFact,
    ReferralOpened,
    TimerCancelled,
    TimerSet,
)
from services.chassis.record import Record
from services.chassis.service import Context
from services.chassis.work import Work
from services.tracker import clocks, store
from services.tracker.registry import duties_answered, harm_cases_closed

REFERRAL = (ReferralOpened.TYPE, ReferralChanged.TYPE)
DUTY_OVERDUE = "timer.obligation.overdue.v1"  # E100: whoever completes its referral has done the duty


async def on_referrals(context: Context, work: Work, records: Sequence[Record]) -> None:
    """Start, change, pause and stop clocks; set and cancel timers. Repeats and older versions change nothing."""
    newest: dict[str, tuple[ReferralFact, Event]] = {}
    timers: dict[str, store.TimerRow] = {}
    cancelled: dict[str, str] = {}
    closed: dict[str, datetime] = {}
    answered: dict[str, datetime] = {}
    for record in records:
        try:
            event = from_kafka(record.headers, record.value)
            if event.type in REFERRAL:
                fact = ReferralFact.model_validate(event.data.get("referral"))
                if fact.id not in newest or newest[fact.id][0].version < fact.version:
                    newest[fact.id] = (fact, event)
                if fact.event_type == DUTY_OVERDUE and event.data.get("action") == "complete":
                    answered[fact.event_id] = ReferralChanged.model_validate(event.data).at
            elif event.type == TimerSet.TYPE:
                timer = TimerSet.model_validate(event.data)
                timers.setdefault(
                    timer.timer, store.TimerRow(timer.timer, timer.case, timer.what, timer.due_at, event.traceparent)
                )
            elif event.type == TimerCancelled.TYPE:
                stop = TimerCancelled.model_validate(event.data)
                cancelled[stop.timer] = stop.case
            elif event.type == CaseClosed.TYPE:
                end = CaseClosed.model_validate(event.data)
                closed[end.case] = end.at
            elif event.type != PlatformHeartbeat.TYPE:
                work.bury(record, reason=f"The tracker does not know messages of type {event.type}.", rule="type")
        except (Unreadable, ValidationError) as fault:
            fields = ", ".join(wrong_fields(fault)) or "the whole message"
            work.bury(record, reason=f"Not a message of topic referrals: {fields}.", rule="contract")
    await keep(work, newest)
    await harm_cases_closed(context, work, closed)
    await duties_answered(context, work, answered)
    await store.set_timers(work.db, [timers[name] for name in sorted(timers)])
    await store.cancel_timers(work.db, sorted(cancelled.items()))


async def keep(work: Work, newest: dict[str, tuple[ReferralFact, Event]]) -> None:
    """Keep each referral that is newer than what is known, with what was already told of its clocks."""
    if not newest:
        return
    ids = sorted(newest)
    before = await store.known(work.db, ids)
    rows = []
    for name in ids:
        fact, event = newest[name]
        version, progress = before.get(name, (-1, {}))
        if version < fact.version:
            rows.append(
                store.ReferralRow(
                    name,
                    fact.version,
                    fact.case,
                    event.data["referral"],
                    progress,
                    event.traceparent,
                    clocks.next_moment(fact, progress),
                )
            )
    await store.save(work.db, rows)


def wrong_fields(fault: Exception) -> list[str]:
    """The names of the fields that were wrong, never their values."""
    if isinstance(fault, ValidationError):
        return [".".join(map(str, error["loc"])) for error in fault.errors(include_input=False, include_url=False)]
    return []
