"""Says what time has brought of obligations: reminders to owners, events when a day has passed undone, birthdays."""

from dataclasses import replace
from datetime import datetime

from services.chassis.work import Work
from services.law.calendar import at_local
from services.tracker import obligation_store, registry
from services.tracker.child_file import ChildFile
from services.tracker.duties import Duties
from services.tracker.learning import aged
from services.tracker.metrics import LATENESS
from services.tracker.obligation_events import order_expiring, overdue, warned
from services.tracker.obligation_rows import Row, closed
from services.tracker.obligation_rules import Obligations
from services.tracker.obligations import TOLD_AT, next_moment, part_of
from services.tracker.said import DERIVED_EVENTS, TOPIC


async def fire_obligations(work: Work, now: datetime, limit: int, duties: Duties) -> int:
    """Tell what is due at `now` of up to `limit` children's birthdays and as many obligations; returns how many were due."""
    # Children first: whoever learns of a child locks its file before its rows.
    turning = await obligation_store.birthdays(work.db, now, limit)
    files = await obligation_store.open_files(work.db, turning)
    await registry.settle(work, duties, [aged(child, now) for child in files.values()])
    rows = await obligation_store.claim(work.db, now, limit)
    known = await obligation_store.read_files(work.db, {row.child_ref for row in rows if row.child_ref})
    changed = [_fire(work, row, known.get(row.child_ref or ""), duties.rules, now) for row in rows]
    await obligation_store.keep(work.db, changed)
    return len(turning) + len(rows)


def _fire(work: Work, row: Row, child: ChildFile | None, rules: Obligations, now: datetime) -> Row:
    """Say what is due of one obligation; the row as it then is."""
    if row.due_at <= now:
        return _over(work, row, child, rules, now)
    told = sum(at_local(day, TOLD_AT) <= now for day in row.warn_on)
    at = max(at_local(row.warn_on[told - 1], TOLD_AT), row.known_at)
    row = replace(row, warned=told, warned_at=row.warned_at or at, state="warned")
    work.publish(TOPIC, row.id, warned(row, rules, at, now))
    part = part_of(rules, row.code, row.part)
    if part is not None and part.starts == "order" and child is not None:
        work.publish(DERIVED_EVENTS, child.ref, order_expiring(row, child, at))
    LATENESS.observe((now - at).total_seconds())
    return replace(row, next_at=next_moment(row.warn_on, row.warned, row.due_at, row.state))


def _over(work: Work, row: Row, child: ChildFile | None, rules: Obligations, now: datetime) -> Row:
    part = part_of(rules, row.code, row.part)
    if part is None or part.ends_by_itself:
        return closed(row, "done" if part else "cancelled", "system", now)
    # What became known only after its day is overdue from when it became known (promise 6: T is the moment it became so).
    at = max(row.due_at, row.known_at)
    event = overdue(row, child, rules, at)
    if event is not None:
        work.publish(DERIVED_EVENTS, row.child_ref or event.id, event)
        LATENESS.observe((now - at).total_seconds())
    return replace(row, state="overdue", overdue_at=at, event_id=event.id if event else None, next_at=None)
