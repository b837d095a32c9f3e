"""A message that waits for a place at a provider that is slow or dead does not wait alone: the next way follows."""

from datetime import timedelta

from services.chassis.service import Context
from services.chassis.work import transaction
from services.notifier.desk import desk_of
from services.notifier.follow import follow

# Not handed over for so long is silence like any other. CRITICAL and HIGH, then the others.
PATIENCE = (timedelta(seconds=10), timedelta(seconds=10), timedelta(minutes=2), timedelta(minutes=2))
BATCH = 500

_SLOW = """
update notifier.delivery d set slow = true from (
    select message_id, channel from notifier.delivery
    where state = 'queued' and not slow and next_at <= $1::timestamptz - ($2::interval[])[priority + 1]
    order by priority, next_at, message_id limit $3 for update skip locked) late
where d.message_id = late.message_id and d.channel = late.channel
returning d.message_id
"""


async def give_way(context: Context) -> int:
    """Let the next way follow for messages whose channel has had no place for them; they keep theirs. Returns how many."""
    async with transaction(context, "notifier") as work:
        rows = await work.db.fetch(_SLOW, work.now, list(PATIENCE), BATCH)
        if rows:
            await follow(work, desk_of(context), {row["message_id"] for row in rows})
    return len(rows)
