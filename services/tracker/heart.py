"""Begins the heartbeat: once a minute a sign of life enters by the same door as everything that follows from an event."""

import asyncio
from datetime import UTC, datetime

from events.envelope import Event
from events.heartbeat import PlatformHeartbeat
from services.chassis.service import Context
from services.chassis.work import transaction
from services.tracker.said import DERIVED_EVENTS, NAME, SOURCE


async def keep_beating(context: Context) -> None:
    """For ever: one beat for each full minute (`SHOUHU_HEARTBEAT` seconds); a beat that two processes begin is one and the same."""
    every = context.settings.heartbeat
    while True:
        now = context.clock.now().timestamp()
        await asyncio.sleep((now // every + 1) * every - now)
        async with transaction(context, NAME) as work:
            work.publish(DERIVED_EVENTS, "heartbeat", beat(work.now, every))


def beat(now: datetime, every: int) -> Event:
    """The sign of life of the period that `now` lies in."""
    at = datetime.fromtimestamp(now.timestamp() // every * every, UTC)
    fact = PlatformHeartbeat(at=at)
    return Event(
        id=f"heartbeat-{int(at.timestamp())}", source=SOURCE, type=PlatformHeartbeat.TYPE, time=at, exercise=True,
        data=fact.model_dump(mode="json"),
    )  # fmt: skip
