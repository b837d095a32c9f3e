"""Kafka's place in a simulation: what was published goes, in order, straight to whoever reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import asyncpg

from services.chassis.context import Context
from services.chassis.record import StoredRecord
from services.chassis.work import Handle, transaction

NEXT = """select id, topic, key, headers, value, traceparent from chassis.outbox where published_at is null
  order by id limit 200"""
DONE = "update chassis.outbox set published_at = $2 where id = any($1::bigint[])"


@dataclass(frozen=True, slots=True)
class Reader:
    """A service that reads a topic."""

    service: str
    handle: Handle


async def pump(context: Context, readers: Mapping[str, Sequence[Reader]], *, limit: int = 100_000) -> int:
    """Hand every unpublished outbox row to its topic's readers, neighbours of one topic together as a consumer gets them, until none is left.

    Records are stamped with the context's clock. Returns how many rows went; raises RuntimeError after `limit` of them,
    since services that answer each other for ever would never end. What a handler raises stops the pump.
    """
    pumped = 0
    while rows := await context.pool.fetch(NEXT):
        now = context.clock.now()
        for topic, run in groupby(rows, key=itemgetter("topic")):
            together = list(run)
            records = [_record(row, int(now.timestamp() * 1000)) for row in together]
            for reader in readers.get(topic, ()):
                async with transaction(context, reader.service) as work:
                    await reader.handle(work, records)
            await context.pool.execute(DONE, [row["id"] for row in together], now)
            pumped += len(together)
            if pumped > limit:
                raise RuntimeError(f"{pumped} messages and no end: do two services answer each other?")
    return pumped


def _record(row: asyncpg.Record, timestamp: int) -> StoredRecord:
    headers = tuple((name, value.encode()) for name, value in row["headers"])
    return StoredRecord(row["topic"], 0, row["id"], timestamp, row["key"], row["value"], headers)
