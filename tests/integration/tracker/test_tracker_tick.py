"""The tick as it runs for ever beside the consumer, on the machine's own clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from events.referral import TimerSet
from services.chassis.context import Context
from services.tracker.tick import tick
from tests.integration.tracker.messages import hear, published


@asynccontextmanager
async def ticking(context: Context) -> AsyncIterator[asyncio.Task[None]]:
    """The tick beside the test; cancelled at the end."""
    task = asyncio.create_task(tick(context))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def timer(name: str, due_at: datetime) -> TimerSet:
    return TimerSet(timer=name, case="case1", what="look_again", due_at=due_at)


async def heard(context: Context, count: int) -> list[timedelta]:
    """How late each of the first `count` facts was said, as soon as there are that many."""
    for _ in range(400):
        found = [event.data for event in await published(context)]
        if len(found) >= count:
            return [datetime.fromisoformat(d["fired_at"]) - datetime.fromisoformat(d["at"]) for d in found]
        await asyncio.sleep(0.05)
    pytest.fail(f"the tick never said {count} facts")


async def test_what_comes_due_while_the_tick_sleeps_is_said_and_never_early(context: Context) -> None:
    begin = context.clock.now()
    async with ticking(context):
        await hear(context, *(timer(f"t{n}", begin + timedelta(milliseconds=100 * n)) for n in range(10)))
        assert min(await heard(context, 10)) >= timedelta(0)


async def test_more_than_one_piece_that_is_due_at_once_is_said_without_sleeping_between(context: Context) -> None:
    begin = context.clock.now()
    await hear(context, *(timer(f"t{n}", begin - timedelta(hours=1)) for n in range(450)))
    async with ticking(context):
        assert len(await heard(context, 450)) == 450


async def test_the_tick_goes_on_after_the_database_threw_its_connections_out(context: Context) -> None:
    async with ticking(context) as task:
        await asyncio.sleep(0.1)
        async with context.pool.acquire() as db:
            await db.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        await hear(context, timer("t1", context.clock.now()))
        await heard(context, 1)
        assert not task.done()
