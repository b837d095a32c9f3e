"""Notices that waited for a moment which has come: quiet hours, hand-overs of shifts, what a storm held together."""

from collections.abc import Collection, Sequence

import asyncpg

from services.chassis.work import Work
from services.notifier import store
from services.notifier.desk import Desk
from services.notifier.need import Now, still_needed
from services.notifier.pace import await_hand_over
from services.notifier.rows import NoticeRow
from services.notifier.shift_change import at_hand_over
from services.notifier.telling import find_seats, tell

PIECE = 200  # notices, and whatever is told together with them
# Whole gatherings, so that what is told together is one message.
_DUE = """
select * from notifier.notice where state = 'waiting' and not_before <= $1 and gathering in (
    select gathering from notifier.notice where state = 'waiting' and not_before <= $1 order by not_before, id limit $2)
order by not_before, id for update skip locked
"""
_STATES = "select id, state, clocks from referral.current_view where id = any($1)"
_TOLD = """
select r.id, array_agg(distinct m.person_id) as people from unnest($1::text[]) r(id)
join notifier.message m on m.referral_ids && array[r.id] and m.state in ('open', 'reached') group by r.id
"""


async def tell_waiting(work: Work, desk: Desk, piece: int = PIECE) -> int:
    """Tell what has come, but for what was answered meanwhile; returns how many notices were looked at."""
    rows = [NoticeRow(**row) for row in await work.db.fetch(_DUE, work.now, piece)]
    if not rows:
        return 0
    states = {
        row["id"]: Now(row["state"], row["clocks"])
        for row in await work.db.fetch(_STATES, sorted({row.referral_id for row in rows}))
    }
    needed = [row for row in rows if still_needed(row.reason, row.clock, [states.get(row.referral_id)])]
    kept = {row.id for row in needed}
    await store.end_notices(work.db, [row.id for row in rows if row.id not in kept], "not_needed")
    await tell(work, desk, await _but_those_told(work, desk, needed))
    return len(rows)


async def _but_those_told(work: Work, desk: Desk, rows: Sequence[NoticeRow]) -> list[NoticeRow]:
    """Without hand-overs to somebody who was told before: those wait for the next one."""
    changes = [row for row in rows if at_hand_over(row)]
    if not changes:
        return list(rows)
    people = await _told_of(work.db, {row.referral_id for row in changes})
    seats = await find_seats(work, desk, changes)
    pairs = zip(changes, seats, strict=True)
    known = [
        (row, seat) for row, seat in pairs if seat is not None and seat.person.id in people.get(row.referral_id, ())
    ]
    ids = {row.id for row, _ in known}
    await store.end_notices(work.db, ids, "not_needed")
    await await_hand_over(work, [row for row, _ in known], [seat for _, seat in known])
    return [row for row in rows if row.id not in ids]


async def _told_of(db: asyncpg.Connection, referrals: Collection[str]) -> dict[str, list[str]]:
    return {row["id"]: row["people"] for row in await db.fetch(_TOLD, sorted(referrals))}
