"""All SQL of the tracker. Times are parameters; many rows go in one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import asyncpg

from services.chassis.database import Db

FACTS_OF = "select id, version, progress from tracker.referral where id = any($1::text[]) order by id for update"
# a version that is not newer changes nothing: repeats and late arrivals
SAVE = """
insert into tracker.referral as known (id, version, case_id, fact, progress, traceparent, next_at)
select * from unnest($1::text[], $2::int[], $3::text[], $4::jsonb[], $5::jsonb[], $6::text[], $7::timestamptz[])
on conflict (id) do update set version = excluded.version, fact = excluded.fact, progress = excluded.progress,
    next_at = excluded.next_at, traceparent = coalesce(known.traceparent, excluded.traceparent)
where known.version < excluded.version"""
# locked rows are at work elsewhere: an answer that is just being recorded, or another tracker
CLAIM = """
select id, case_id, fact, progress, traceparent from tracker.referral
where next_at <= $1 order by next_at, id limit $2 for update skip locked"""
MOVE = """
update tracker.referral r set progress = m.progress, next_at = m.next_at
from unnest($1::text[], $2::jsonb[], $3::timestamptz[]) m(id, progress, next_at) where r.id = m.id"""

SET_TIMERS = """
insert into tracker.timer (id, case_id, what, due_at, traceparent, state)
select *, 'set' from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
on conflict (id) do nothing"""
# a timer cancelled before it is known stays cancelled when it arrives
CANCEL_TIMERS = """
insert into tracker.timer as known (id, case_id, what, state)
select *, '', 'cancelled' from unnest($1::text[], $2::text[])
on conflict (id) do update set state = 'cancelled' where known.state = 'set'"""
CLAIM_TIMERS = """
update tracker.timer t set state = 'due' from (
    select id from tracker.timer where state = 'set' and due_at <= $1
    order by due_at, id limit $2 for update skip locked) s
where t.id = s.id returning t.id, t.case_id, t.what, t.due_at, t.traceparent"""

NEXT = """
select least((select min(next_at) from tracker.referral where next_at is not null),
             (select min(due_at) from tracker.timer where state = 'set'),
             (select min(next_at) from tracker.obligation where next_at is not null),
             (select min(next_at) from tracker.child where next_at is not null))"""


class ReferralRow(NamedTuple):
    """A referral as it is to be kept."""

    id: str
    version: int
    case_id: str
    fact: dict[str, Any]
    progress: dict[str, int]
    traceparent: str | None
    next_at: datetime | None


class TimerRow(NamedTuple):
    """A timer as it is to be kept."""

    id: str
    case_id: str
    what: str
    due_at: datetime
    traceparent: str | None


async def known(db: asyncpg.Connection, ids: Sequence[str]) -> dict[str, tuple[int, dict[str, int]]]:
    """Version and progress of the referrals that are already kept, locked."""
    return {row["id"]: (row["version"], row["progress"]) for row in await db.fetch(FACTS_OF, ids)}


async def save(db: asyncpg.Connection, rows: Sequence[ReferralRow]) -> None:
    """Keep referrals; one that is known in this or a newer version stays as it is."""
    if rows:
        await db.execute(SAVE, *(list(column) for column in zip(*rows, strict=True)))


async def claim(db: asyncpg.Connection, now: datetime, limit: int) -> list[asyncpg.Record]:
    """Up to `limit` referrals of which something is due, earliest first, locked for this transaction."""
    return list(await db.fetch(CLAIM, now, limit))


async def move(db: asyncpg.Connection, rows: Sequence[tuple[str, dict[str, int], datetime | None]]) -> None:
    """Record what was told of claimed referrals and when to look again."""
    if rows:
        await db.execute(MOVE, *(list(column) for column in zip(*rows, strict=True)))


async def set_timers(db: asyncpg.Connection, rows: Sequence[TimerRow]) -> None:
    """Keep timers; a known id changes nothing."""
    if rows:
        await db.execute(SET_TIMERS, *(list(column) for column in zip(*rows, strict=True)))


async def cancel_timers(db: asyncpg.Connection, timers: Sequence[tuple[str, str]]) -> None:
    """Cancel timers by (id, case); one that has fired stays as it is."""
    if timers:
        await db.execute(CANCEL_TIMERS, *(list(column) for column in zip(*timers, strict=True)))


async def claim_timers(db: asyncpg.Connection, now: datetime, limit: int) -> list[asyncpg.Record]:
    """Up to `limit` timers whose moment has come, marked as told."""
    return sorted(await db.fetch(CLAIM_TIMERS, now, limit), key=lambda row: (row["due_at"], row["id"]))


async def next_moment(db: Db) -> datetime | None:
    """The earliest moment at which anything is due; it may lie in the past."""
    at: datetime | None = await db.fetchval(NEXT)
    return at
