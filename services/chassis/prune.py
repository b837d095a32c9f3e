"""What may go: published outbox rows, dead letters that were dealt with, counts of failures. Positions never."""

import asyncio
import logging
from datetime import timedelta

from services.chassis.context import Context

log = logging.getLogger(__name__)
EVERY = 600.0  # seconds
BATCH = 5000  # rows in one short transaction, so that nothing waits for it
KEEP_PUBLISHED = timedelta(days=7)  # as long as Kafka keeps them: what was published can be compared with what arrived
KEEP_DEAD_LETTERS = timedelta(days=365)
KEEP_ATTEMPTS = timedelta(days=7)
RULES = (
    ("delete from chassis.outbox where id in (select id from chassis.outbox"
     " where published_at < clock_timestamp() - $1::interval limit $2)", KEEP_PUBLISHED),
    ("delete from chassis.dead_letter where id in (select id from chassis.dead_letter"
     " where state <> 'open' and resolved_at < clock_timestamp() - $1::interval limit $2)", KEEP_DEAD_LETTERS),
    ("delete from chassis.attempt where ctid in (select ctid from chassis.attempt"
     " where at < clock_timestamp() - $1::interval limit $2)", KEEP_ATTEMPTS),
)  # fmt: skip


async def prune(context: Context) -> int:
    """Delete what is older than its retention, in batches; returns how many rows went."""
    total = 0
    for sql, keep in RULES:
        gone = BATCH
        while gone == BATCH:
            gone = int((await context.pool.execute(sql, keep, BATCH)).split()[-1])
            total += gone
            await asyncio.sleep(0.05 if gone == BATCH else 0)
    return total


async def keep_pruning(context: Context) -> None:
    """For ever; safe in several processes at once."""
    while True:
        if gone := await prune(context):
            log.info("pruned %s rows", gone)
        await asyncio.sleep(EVERY)
