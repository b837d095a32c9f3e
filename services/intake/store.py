"""All SQL of the door: keys claimed, events kept, refusals counted. Bulk statements, whatever the number of events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import asyncpg

from services.intake.door import Accepted, Duplicate, Good, Key, Outcome, Refused

Via = Literal["http", "kafka"]

# Sorted, so that two requests with the same keys wait for each other instead of dead-locking. Whoever comes second
# waits here until the first has committed, and then gets nothing back: exactly one of two simultaneous posts is new.
_CLAIM = """
insert into intake.event_key(source, id, digest)
select * from unnest($1::text[], $2::text[], $3::bytea[]) k(source, id, digest) order by source, id
on conflict do nothing returning source, id
"""
_KNOWN = """
select k.source, k.id, k.digest from intake.event_key k
join unnest($1::text[], $2::text[]) w(source, id) using (source, id)
"""
_KEEP = """
insert into intake.event(source, id, type, subject, time, accepted_at, via, registered, traceparent, exercise, data, flags)
select source, id, type, subject, time, accepted_at, via, registered, traceparent, exercise, data, string_to_array(flags, ' ')
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[],
    $8::text[], $9::text[], $10::boolean[], $11::jsonb[], $12::text[]) with ordinality
  e(source, id, type, subject, time, accepted_at, via, registered, traceparent, exercise, data, flags, n)
order by n
"""
_TALLY = """
insert into intake.tally as t(registered, via, refused, duplicates) values ($1, $2, $3, $4)
on conflict (registered, via) do update set refused = t.refused + $3, duplicates = t.duplicates + $4
"""


class Kept(NamedTuple):
    """An accepted event as it is kept: with T, and with the trace that goes on from here."""

    accepted: Accepted
    accepted_at: datetime
    traceparent: str | None


async def claim(db: asyncpg.Connection, goods: Sequence[Good]) -> dict[Key, bytes]:
    """Take the keys of these events; returns the digests of those that were taken before, by whomever."""
    if not goods:
        return {}
    first: dict[Key, bytes] = {}
    for good in goods:
        first.setdefault(good.key, good.digest)
    sources, ids = [key[0] for key in first], [key[1] for key in first]
    rows = await db.fetch(_CLAIM, sources, ids, list(first.values()))
    taken = first.keys() - {(row["source"], row["id"]) for row in rows}
    if not taken:
        return {}
    rows = await db.fetch(_KNOWN, [source for source, _ in taken], [event_id for _, event_id in taken])
    return {(row["source"], row["id"]): row["digest"] for row in rows}


async def keep(db: asyncpg.Connection, kept: Sequence[Kept], via: Via, registered: str) -> None:
    """Store accepted events."""
    if not kept:
        return
    rows = [
        (e.source, e.id, e.type, e.subject, e.time, at, via, registered, trace, e.exercise, e.data, flags)
        for e, flags, at, trace in ((k.accepted.event, " ".join(k.accepted.flags), *k[1:]) for k in kept)
    ]
    await db.execute(_KEEP, *map(list, zip(*rows, strict=True)))


async def tally(db: asyncpg.Connection, outcomes: Sequence[Outcome], via: Via, registered: str) -> None:
    """Count refusals and repeats of a source; nothing of what was refused is kept."""
    refused = sum(isinstance(outcome, Refused) for outcome in outcomes)
    duplicates = sum(isinstance(outcome, Duplicate) for outcome in outcomes)
    if refused or duplicates:
        await db.execute(_TALLY, registered, via, refused, duplicates)
