"""The end of the heartbeat: noted with the position that it was read at, then handed over to a file and a gauge."""

import asyncio
from datetime import datetime

import asyncpg

from events.envelope import Event
from events.heartbeat import PlatformHeartbeat
from services.chassis.heartbeat import Beat, note
from services.chassis.service import Context
from services.chassis.work import Work
from services.notifier.metrics import HEARTBEAT

LOOK = 1.0  # seconds
_ARRIVED = """
insert into notifier.heartbeat (one, at, arrived) values (true, $1, $2)
on conflict (one) do update set at = $1, arrived = $2 where heartbeat.at < $1
"""


async def arrived(work: Work, event: Event) -> None:
    """A beat came through: kept in the same transaction as everything else that was read."""
    await work.db.execute(_ARRIVED, PlatformHeartbeat.model_validate(event.data).at, work.now)


async def keep_noting(context: Context) -> None:
    """For ever: the last beat that was committed, in the file that the supervisor reads, and as a metric."""
    noted: datetime | None = None
    while True:
        row: asyncpg.Record | None = await context.pool.fetchrow("select at, arrived from notifier.heartbeat")
        if row is not None and row["at"] != noted:
            noted = row["at"]
            await asyncio.to_thread(note, context.settings.directory, Beat(row["at"], row["arrived"]))
            HEARTBEAT.set(noted.timestamp())
        await asyncio.sleep(LOOK)
