"""Hands messages over, each channel on its own lane, woken by the commit that made them and by a sweep."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from services.chassis.database import connect
from services.chassis.service import Context
from services.chassis.transient import transient
from services.chassis.work import transaction
from services.notifier import store
from services.notifier.alive import BACK, Life, life_of
from services.notifier.claim import Claimed, claim, lanes_due, release_stuck
from services.notifier.desk import Desk, desk_of
from services.notifier.due import PIECE, tell_waiting
from services.notifier.hand_over import hand_over
from services.notifier.metrics import TAKEN_OVER
from services.notifier.overdue import give_way
from services.notifier.parcel import Lane
from services.notifier.receipts import ask_due
from services.notifier.settle import Result, settle

log = logging.getLogger(__name__)
SWEEP = 1.0  # seconds
BATCH = 200  # outcomes recorded in one transaction
GATHER = 0.02  # seconds in which more outcomes may join the first: each transaction costs as much as ten outcomes
PATIENCE = 3.0  # seconds that a stop waits for what is under way


async def deliver(context: Context) -> None:
    """Hand over for ever. A failing database passes; anything else ends the process, and with it this task."""
    desk = desk_of(context)
    results: asyncio.Queue[Result] = asyncio.Queue()
    wakes = {lane.name: asyncio.Event() for lane in desk.channels.lanes()} | {store.ASK: asyncio.Event()}
    life = life_of(context.clock.now())

    def wake(name: str = "") -> None:
        for each in [wakes[name]] if name in wakes else wakes.values():
            each.set()

    under_way: set[asyncio.Task[None]] = set()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_settling(context, results))
            group.create_task(_sweep(context, wake, life))
            group.create_task(_listen(context, wake, life))
            group.create_task(_asking(context, wakes[store.ASK]))
            for lane in desk.channels.lanes():
                group.create_task(_lane(context, desk, lane, wakes[lane.name], results, under_way, life))
    finally:
        await _wind_up(context, under_way, results)


async def deliver_due(context: Context) -> int:
    """Tell and hand over everything that is due now, in a fixed order, until nothing is left; returns how many."""
    desk = desk_of(context)
    done = 0
    while True:
        told = await tell_due(context)
        results = []
        dropped = 0
        due = await lanes_due(context)
        for lane in desk.channels.lanes():
            if (lane.channel, lane.exercise) not in due:
                continue
            claimed, unneeded = await claim(context, lane, BATCH)
            results += [Result(each, await hand_over(desk, each, context.clock)) for each in claimed]
            dropped += unneeded
        if results:
            await settle(context, results)
        asked = await ask_due(context)
        done += len(results)
        following = await next_due(context)
        if not (told or results or dropped or asked) or following is None or following > context.clock.now():
            return done


async def next_due(context: Context) -> datetime | None:
    """The next moment for `deliver_due`; None when nothing waits."""
    async with context.pool.acquire() as db:
        return await store.next_due(db)


async def tell_due(context: Context) -> int:
    """Make the messages of notices that waited for a moment which has come; returns how many notices."""
    looked = 0
    while True:
        async with transaction(context, "notifier") as work:
            found = await tell_waiting(work, desk_of(context))
        looked += found
        if found < PIECE:
            return looked


async def _lane(
    context: Context,
    desk: Desk,
    lane: Lane,
    woken: asyncio.Event,
    results: asyncio.Queue[Result],
    under_way: set[asyncio.Task[None]],
    life: Life,
) -> None:
    ours: set[asyncio.Task[None]] = set()
    more = False  # whether something may wait for which there was no place

    async def one(claimed: Claimed) -> None:
        results.put_nowait(Result(claimed, await hand_over(desk, claimed, context.clock)))

    def ended(task: asyncio.Task[None]) -> None:
        ours.discard(task)
        under_way.discard(task)
        if more and (lane.connections - len(ours)) * 2 >= lane.connections:
            woken.set()  # not before half of the places are free: fewer and larger claims

    while True:
        await woken.wait()
        woken.clear()
        free = lane.connections - len(ours)
        full = free * 2 < lane.connections
        more = full
        if free == 0:
            continue
        try:
            places = 0 if full else max(lane.ordinary - len(ours), 0)
            claimed, dropped = await claim(context, lane, free, ordinary=places, holder=life.holder)
        except Exception as error:
            await _pass(error)
            continue
        for each in claimed:
            task = asyncio.create_task(one(each))
            ours.add(task)
            under_way.add(task)
            task.add_done_callback(ended)
        more = full or len(claimed) + dropped >= places
        if more and not full:
            woken.set()


async def _settling(context: Context, results: asyncio.Queue[Result]) -> None:
    while True:
        batch = [await results.get()]
        try:
            await asyncio.sleep(GATHER)
            while len(batch) < BATCH and not results.empty():
                batch.append(results.get_nowait())
            await _settle(context, batch)
        except asyncio.CancelledError:
            for each in batch:
                results.put_nowait(each)
            raise


async def _settle(context: Context, batch: list[Result]) -> None:
    while True:
        try:
            return await settle(context, batch)
        except Exception as error:  # what was handed over must not be forgotten: the same batch again
            await _pass(error)


async def _wind_up(context: Context, under_way: set[asyncio.Task[None]], results: asyncio.Queue[Result]) -> None:
    """On the way out: wait a little for what is under way and record it, so that nothing is sent twice."""
    if under_way:
        await asyncio.wait(under_way, timeout=PATIENCE)
    batch = []
    while not results.empty():
        batch.append(results.get_nowait())
    if batch:
        await asyncio.wait_for(_settle(context, batch), PATIENCE)


async def _sweep(context: Context, wake: Callable[[], None], life: Life) -> None:
    while True:
        try:
            stuck = await release_stuck(context, await life.dead(context))
            if stuck:
                TAKEN_OVER.inc(stuck)
                log.warning("%d deliveries of a process that died are queued again", stuck)
            await give_way(context)
            await tell_due(context)
        except Exception as error:
            await _pass(error)
        wake()
        await asyncio.sleep(SWEEP)


async def _asking(context: Context, woken: asyncio.Event) -> None:
    while True:
        await woken.wait()
        woken.clear()
        try:
            if await ask_due(context):
                woken.set()
        except Exception as error:
            await _pass(error)


async def _listen(context: Context, wake: Callable[[str], None], life: Life) -> None:
    while True:
        try:
            await _until_lost(context, wake, life)
        except Exception as error:
            if not transient(error) and not isinstance(error, OSError):
                raise
        life.held = False
        await asyncio.sleep(BACK)  # the sweep goes on meanwhile


async def _until_lost(context: Context, wake: Callable[[str], None], life: Life) -> None:
    lost = asyncio.Event()
    connection = await connect(context.settings.dsn, application="shouhu notifier wake")
    try:
        connection.add_termination_listener(lambda *_: lost.set())
        await connection.add_listener(store.WAKE, lambda _c, _p, _ch, lane: wake(lane))
        await life.take(connection)
        await lost.wait()
    finally:
        life.held = False
        connection.terminate()


async def _pass(error: Exception) -> None:
    """Wait out a failure of the database; raise any other."""
    if not transient(error) and not isinstance(error, OSError):
        raise error
    log.warning("the database does not answer (%s); trying again", type(error).__name__)
    await asyncio.sleep(SWEEP)
