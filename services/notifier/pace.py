"""What a person has had lately, and what therefore waits; what a hand-over of the shift will ask for. For `telling`."""

from collections.abc import Collection, Sequence
from datetime import timedelta

import asyncpg

from services.chassis.work import Work
from services.notifier import store
from services.notifier.bounds import bounds
from services.notifier.roster import Seat
from services.notifier.rows import NoticeRow
from services.notifier.shift_change import at_next_change
from services.notifier.storm import Had, held, may_wait

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
_HAD = """
select person_id, count(*) filter (where created_at > $2) as minute, count(*) as hour
from notifier.message where person_id = any($1) and created_at > $3 group by 1
"""
_HOLD = """
update notifier.notice n set not_before = h.not_before, gathering = h.gathering, text = h.text
from unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[]) as h(id, not_before, gathering, text) where n.id = h.id
"""


async def hold_back(
    work: Work, groups: Sequence[Sequence[NoticeRow]], seats: Sequence[Seat | None]
) -> list[list[NoticeRow] | None]:
    """For each group its rows as they wait for what is told together, kept so; None for a group that is told now."""
    people = [seat.person.id if seat is not None else "" for seat in seats]
    asked = {person for person, group in zip(people, groups, strict=True) if person and may_wait(group)}
    if not asked:
        return [None] * len(groups)
    found = held(groups, people, await had(work.db, asked, work), bounds().storm, work.now)
    found = [rows if seat is not None else None for rows, seat in zip(found, seats, strict=True)]
    waiting = [row for rows in found for row in rows or ()]
    if waiting:
        await store.keep(work.db, waiting)
        columns = zip(*((row.id, row.not_before, row.gathering, row.text) for row in waiting), strict=True)
        await work.db.execute(_HOLD, *map(list, columns))  # those that were kept before have their old moment
    return found


async def had(db: asyncpg.Connection, people: Collection[str], work: Work) -> dict[str, Had]:
    """How many messages each of these people got in the last minute and hour; who got none is absent."""
    rows = await db.fetch(_HAD, sorted(people), work.now - MINUTE, work.now - HOUR)
    return {row["person_id"]: Had(row["minute"], row["hour"]) for row in rows}


async def await_hand_over(work: Work, rows: Sequence[NoticeRow], seats: Sequence[Seat | None]) -> None:
    """Keep, for each first notice to a post with shifts, the notice for whoever takes over next."""
    ahead = bounds().shift_change.ahead
    found = (
        at_next_change(row, seat.roster, work.now, ahead)
        for row, seat in zip(rows, seats, strict=True)
        if seat is not None and seat.roster is not None
    )
    await store.keep(work.db, [row for row in found if row is not None])
