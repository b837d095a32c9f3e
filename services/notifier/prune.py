"""What the notifier may forget: its log after three years (domain analysis 7.4), codes once they are void."""

import asyncio
import logging
from datetime import timedelta

from services.chassis.context import Context
from services.chassis.work import transaction

log = logging.getLogger(__name__)
EVERY = 3600.0  # seconds
BATCH = 1000  # notices in one short transaction, so that nothing waits for it
KEEP = timedelta(days=3 * 365 + 1)
KEEP_CODES = timedelta(days=1)


async def prune(context: Context) -> int:
    """Delete what is older than it is kept, in batches; returns how many notices and replies went."""
    total = 0
    while gone := await _notices(context):
        total += gone
        await asyncio.sleep(0.05)
    async with transaction(context, "notifier") as work:
        done = await work.db.execute("delete from notifier.reply where at < $1", work.now - KEEP)
        total += int(done.rpartition(" ")[2])
        await work.db.execute("delete from notifier.contact_code where expires_at < $1", work.now - KEEP_CODES)
    return total


async def keep_pruning(context: Context) -> None:
    """For ever; safe in several processes at once."""
    while True:
        if gone := await prune(context):
            log.info("pruned %s notices and replies", gone)
        await asyncio.sleep(EVERY)


async def _notices(context: Context) -> int:
    """A notice goes with what was merged into it, its messages and their deliveries; one that is not at its end stays."""
    async with transaction(context, "notifier") as work:
        before = work.now - KEEP
        rows = await work.db.fetch(
            "select id from notifier.notice where created_at < $1 and merged_into is null"
            " and state not in ('waiting', 'telling') order by created_at, id limit $2 for update skip locked",
            before,
            BATCH,
        )
        ids = [row["id"] for row in rows]
        if not ids:
            return 0
        await work.db.execute(
            "delete from notifier.delivery where message_id in (select id from notifier.message where notice_id = any($1))",
            ids,
        )
        await work.db.execute("delete from notifier.message where notice_id = any($1)", ids)
        done = await work.db.execute("delete from notifier.notice where id = any($1) or merged_into = any($1)", ids)
    return int(done.rpartition(" ")[2])
