"""The topics of the referral service: accepted events become cases and referrals; facts about time change what they must."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from events.codec import from_kafka
from events.envelope import Event
from events.faults import Unreadable
from events.heartbeat import PlatformHeartbeat
from events.sla import ObligationWarned, SlaBreached, SlaWarned, TimerDue
from services.chassis.record import Record, written_at
from services.chassis.service import Context
from services.chassis.telemetry import current_traceparent
from services.chassis.work import Work
from services.referral import store
from services.referral.case_life import close_incident, roll_up
from services.referral.comparison import CODES
from services.referral.decide import decide
from services.referral.derive import SOURCE
from services.referral.exercise import apart
from services.referral.hotline import keep_items
from services.referral.join import Desk
from services.referral.laws import laws_of
from services.referral.moment import timer_fired
from services.referral.overdue import after_breach, mark
from services.referral.publish import publish
from services.referral.read_service_list import packaged_services
from services.referral.run_comparison import ask_prisons, compare_county
from services.referral.save import save
from services.referral.save_digest import save_digests
from services.referral.subjects import subjects_of

log = structlog.get_logger()


async def on_child_events(context: Context, work: Work, records: Sequence[Record]) -> None:
    """Decide every accepted event once, in order, by the edition in force at its T, and say what became of it (promises 1 and 2)."""
    events: list[tuple[Record, Event, datetime]] = []
    seen: set[tuple[str, str]] = set()
    for record in records:
        event = read(work, record)
        if event is not None and event.type == PlatformHeartbeat.TYPE:
            work.publish("referrals", event.id, event)  # no rule refers it; it only shows that we are here
        elif event is not None and (event.source, event.id) not in seen:
            seen.add((event.source, event.id))
            events.append((record, apart(event), event.acceptedtime or written_at(record)))
    if not events:
        return
    known = await store.known_events(work.db, [(e.source, e.id) for _, e, _ in events])
    new = [(record, e, at) for record, e, at in events if (e.source, e.id) not in known]
    if not new:
        return
    subjects = [s for _, e, _ in new for s in subjects_of(e)]
    children = {s.child for s in subjects if s.child}
    households = {s.household for s in subjects if s.household}
    addresses = {str(e.data["address_hash"]) for _, e, _ in new if e.data.get("address_hash")}
    origins = {e.correlationid for _, e, _ in new if e.source == SOURCE and e.correlationid}
    desk = await store.open_desk(work.db, children, households, addresses, origins, min(at for *_, at in new))
    laws = laws_of(context)
    await laws.ready(work.db, work.now)
    rows = []
    for record, event, at in new:
        law = laws.at(at)
        with work.on(record):
            outcome = decide(law, desk, event, at)
            follow_trace(desk, outcome.cases, current_traceparent() or event.traceparent)
            log.info("decided", event_id=event.id, source=event.source, outcome=outcome.outcome, cases=outcome.cases)
        rows.append((event.source, event.id, event.type, outcome.outcome, outcome.cases, outcome.rules, outcome.why, outcome.tried,
                     law.rulebook.edition, at, work.now, event.exercise))  # fmt: skip
    await save(work.db, desk, children, work.now, rows)
    await save_digests(work.db, desk.digests)
    await keep_items(work.db, [event for _, event, _ in new])
    publish(work, desk)


def follow_trace(desk: Desk, cases: Sequence[str], traceparent: str | None) -> None:
    """New referrals go on with their event's trace, also days later, when a clock or an officer speaks."""
    for name in cases:
        for referral in desk.cases[name].referrals.values():
            if referral.is_new and referral.trace is None:
                referral.trace = traceparent


async def on_sla(context: Context, work: Work, records: Sequence[Record]) -> None:
    """Note warnings and breaches on the referral's clocks, widen the circle where the ladder says so, and act on timers.

    All by the edition that the case was opened under.
    """
    facts: list[SlaWarned | SlaBreached | TimerDue] = []
    for record in records:
        event = read(work, record)
        if event is not None:
            if event.type == ObligationWarned.TYPE:  # no referral yet: the notifier reminds its owner
                await compare(context, work, ObligationWarned.model_validate(event.data))
                continue
            model = {m.TYPE: m for m in (SlaWarned, SlaBreached, TimerDue)}.get(event.type)
            if model is None:
                work.bury(record, reason=f"type {event.type} is not one of topic sla", rule="type", event_id=event.id)
            else:
                facts.append(model.model_validate(event.data))
    cases = {fact.case if isinstance(fact, TimerDue) else fact.referral.case for fact in facts}
    if not cases:
        return
    desk = await store.desk_of(work.db, cases)
    laws = laws_of(context)
    await laws.ready(work.db, work.now, {case.edition for case in desk.cases.values()})
    for fact in facts:
        case = desk.cases.get(fact.case if isinstance(fact, TimerDue) else fact.referral.case)
        if case is None:
            continue
        law = laws.of(case.edition, work.now)
        if isinstance(fact, TimerDue):
            timer = case.timers.get(fact.timer)
            if timer is not None and timer.outlives and case.state == "closed":
                await store.add_open_cases(work.db, desk, case.children)
            if timer is not None:
                case = timer_fired(law, desk, case, timer, fact.at)
        elif mark(case, fact) and isinstance(fact, SlaBreached):
            after_breach(law, case, fact)
        roll_up(case, fact.at)
        close_incident(desk.cases.values(), fact.at)
    await save(work.db, desk, (), work.now)
    publish(work, desk)


async def compare(context: Context, work: Work, warned: ObligationWarned) -> None:
    """Before a county's comparison (T06, T08) falls due it is made: civil affairs finds what to check.

    As of the moment of the reminder, so that one that is told again brings no other events.
    """
    if warned.code in CODES and warned.agency.level == "county":
        laws = laws_of(context)
        await laws.ready(work.db, work.now)
        services = laws.at(warned.at).rulebook.services or packaged_services()
        made = await compare_county(work, services, warned.agency.area, warned.at, warned.obligation)
        prisons = await ask_prisons(work, laws, warned.agency.area, warned.at)
        log.info("compared", county=warned.agency.area, duty=warned.code, events=made, prisons=prisons)


def read(work: Work, record: Record) -> Event | None:
    """The event in a record; one that cannot be read becomes a dead letter."""
    try:
        return from_kafka(record.headers, record.value)
    except Unreadable as error:
        first = error.errors[0]
        work.bury(record, reason=f"unreadable: {first.field}: {first.expected}", rule=first.rule)
        return None
