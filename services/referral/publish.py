"""What other services are told about a decision: referrals opened and changed, timers, derived events."""

from datetime import UTC, datetime

from events.envelope import Event
from events.referral import CaseClosed, Message, ReferralChanged, ReferralFact, ReferralOpened, TimerCancelled, TimerSet
from services.chassis.work import Work
from services.referral import ids
from services.referral.case import Case
from services.referral.deadlines import audible_from
from services.referral.derive import SOURCE
from services.referral.join import Desk
from services.referral.row_clocks import VISIT_ROWS


def wrap(message: Message, at: datetime, case: Case, cause: str | None, *about: str, trace: str | None = None) -> Event:
    """A message between services as a CloudEvent; its id follows from what it says."""
    return Event(
        id=ids.message_id(message.TYPE, *about), source=SOURCE, type=message.TYPE, time=at.astimezone(UTC), subject=case.id,
        correlationid=case.id, causationid=cause, traceparent=trace, exercise=case.exercise, data=message.model_dump(mode="json", exclude_none=True),
    )  # fmt: skip


def told_from(fact: ReferralFact) -> datetime | None:
    """When its recipient is told, if not at once: nobody is rung at night because of a visit (domain analysis 4.1, quiet hours)."""
    visit = fact.event_type.rsplit(".v", 1)[0] in VISIT_ROWS
    later = audible_from(fact.opened_at) if visit else fact.opened_at
    return None if later == fact.opened_at else later


def publish(work: Work, desk: Desk, trace: str | None = None) -> None:
    """Put everything that the desk's cases have to say into the outbox of this work.

    Each message goes on with `trace` (that of an answer), else with its referral's own.
    """
    for case in desk.cases.values():
        for referral in case.referrals.values():
            fact = referral.fact
            cause, follow = fact.event_id, trace or referral.trace
            if referral.is_new:
                opened = ReferralOpened(referral=fact, notify_at=told_from(fact))
                work.publish("referrals", case.id, wrap(opened, fact.opened_at, case, cause, fact.id, trace=follow))
            for action, at, by in referral.changes:
                told = ReferralChanged(referral=fact, action=action, at=at, by=by)
                work.publish(
                    "referrals", case.id, wrap(told, at, case, cause, fact.id, str(fact.version), action, trace=follow)
                )
        for timer in case.timers.values():
            if timer.is_new and timer.state == "set":
                set_ = TimerSet(timer=timer.id, case=case.id, what=timer.what, due_at=timer.due_at)
                work.publish(
                    "referrals",
                    case.id,
                    wrap(set_, work.now, case, None, timer.id, trace=timer.event.get("traceparent")),
                )
            elif timer.state == "cancelled" and not timer.is_new:
                gone = TimerCancelled(timer=timer.id, case=case.id)
                work.publish(
                    "referrals",
                    case.id,
                    wrap(gone, work.now, case, None, timer.id, trace=timer.event.get("traceparent")),
                )
        for event, _ in case.derived:
            key = event.subject or event.data.get("child_ref") or event.id
            work.publish("in.shouhu", str(key), event)
        if (
            case.state == "closed"
            and case.log
            and case.closed_at is not None
            and any(e.what == "case.closed" for e in case.log)
        ):
            closed = CaseClosed(case=case.id, at=case.closed_at)
            work.publish(
                "referrals", case.id, wrap(closed, case.closed_at, case, None, case.id, case.closed_at.isoformat())
            )
