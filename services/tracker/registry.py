"""What the tracker learns from accepted events: who is under care, what is owed for them, which lists were delivered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from events.codec import from_kafka
from events.envelope import Event
from events.faults import Unreadable
from services.chassis.record import Record, written_at
from services.chassis.service import Context
from services.chassis.work import Work
from services.law.calendar import at_local, local_day
from services.tracker import deliveries, obligation_store
from services.tracker.agency_duties import after_event
from services.tracker.child_file import ChildFile
from services.tracker.delegation import improper_delegation, rating_lowered
from services.tracker.duties import Duties, duties_of
from services.tracker.learning import children_of, done, harm_closed, learn, put_on_file
from services.tracker.obligation_rows import Row, closed, reconciled, row_of
from services.tracker.obligations import owed, turning_point
from services.tracker.said import DERIVED_EVENTS

DELIVERED = "data.list.delivered"


async def on_child_events(context: Context, work: Work, records: Sequence[Record]) -> None:
    """Learn of children and deliveries; repeats change nothing, a drill changes nothing either."""
    told: list[tuple[Event, datetime]] = []
    for record in records:
        try:
            event = from_kafka(record.headers, record.value)
        except Unreadable as error:
            work.bury(record, reason=f"unreadable: {error.errors[0].field}", rule=error.errors[0].rule)
            continue
        if not event.exercise:
            told.append((event, event.acceptedtime or written_at(record)))
    about = [(ref, event, facts, at) for event, at in told for ref, facts in children_of(event)]
    files = await obligation_store.open_files(work.db, {ref for ref, *_ in about})
    before = dict(files)
    for ref, event, facts, at in about:
        files[ref] = learn(files[ref], event, facts, at)
        for follows in _follow(event, files[ref], at):
            work.publish(DERIVED_EVENTS, ref, follows)
    changed = [child for ref, child in files.items() if child != before[ref]]
    await settle(work, duties_of(context), changed)
    duties = duties_of(context)
    for event, at in told if duties.agencies else ():
        asked = after_event(duties.rules, event, at, duties.calendar)
        await obligation_store.add(work.db, [row_of(one, work.now) for one in asked])
        if event.type.rsplit(".v", 1)[0] == DELIVERED:
            await deliveries.delivered(work, event, at)


def _follow(event: Event, child: ChildFile, at: datetime) -> list[Event]:
    """What an event about a child brings about by itself (E81, E86)."""
    match event.type.rsplit(".v", 1)[0]:
        case "care.delegation.registered":
            found = improper_delegation(event, child.facts, at)
        case "visit.completed":
            found = rating_lowered(event, child, at)
        case _:
            found = None
    return [] if found is None else [found]


async def put_children_on_file(context: Context, work: Work, known: Mapping[str, Mapping[str, Any]]) -> None:
    """Children whose facts were known before any event (a register that was taken over): no entry obligation begins for them."""
    await obligation_store.open_files(work.db, known)
    on = local_day(work.now)
    await settle(work, duties_of(context), [put_on_file(ref, facts, on) for ref, facts in sorted(known.items())])


async def harm_cases_closed(context: Context, work: Work, cases: dict[str, datetime]) -> None:
    """The children of harm cases that closed are visited weekly from then on (T04)."""
    refs = await obligation_store.children_of_harm(work.db, cases) if cases else []
    files = await obligation_store.open_files(work.db, refs)
    on = local_day(max(cases.values(), default=work.now))
    await settle(work, duties_of(context), [harm_closed(child, on) for child in files.values()])


async def duties_answered(context: Context, work: Work, events: dict[str, datetime]) -> None:
    """Overdue duties whose referral was completed are done; a visit is not, only seeing the child is."""
    if not events:
        return
    # Files before rows, as everywhere: two that wait for each other would have to be told apart by the database.
    await obligation_store.open_files(work.db, await obligation_store.children_of_events(work.db, events))
    rows = await obligation_store.overdue_by_event(work.db, events)
    for row in rows:
        await finish(work, duties_of(context), row, events[row.event_id or ""], "hand")


async def finish(work: Work, duties: Duties, row: Row, at: datetime, by: str, note: str | None = None) -> None:
    """An obligation was done at a moment; what follows from that for the child is made at once."""
    await obligation_store.keep(work.db, [closed(row, "done", by, at, note)])
    if row.child_ref is not None:
        files = await obligation_store.open_files(work.db, [row.child_ref])
        await settle(work, duties, [done(child, row.key, row.due_on, local_day(at)) for child in files.values()])


async def settle(work: Work, duties: Duties, children: Iterable[ChildFile]) -> None:
    """Write back these files, and make the rows agree with what is owed for the children now."""
    files = list(children)
    if not files:
        return
    on = local_day(work.now)
    await obligation_store.keep_files(work.db, [(child, _look_again(child, work.now)) for child in files])
    what = {child.ref: owed(child, duties.rules, duties.calendar, on) for child in files}
    ids = {one.id for each in what.values() for one in each}
    rows = await obligation_store.rows_of(work.db, what, ids)
    changed = []
    for child in files:
        own = [row for row in rows if row.child_ref == child.ref]
        changed += reconciled(child, duties.rules, what[child.ref], own, work.now)
    await obligation_store.keep(work.db, changed)


def _look_again(child: ChildFile, now: datetime) -> datetime | None:
    day = turning_point(child, local_day(now))
    return None if day is None else at_local(day, datetime.min.time())
