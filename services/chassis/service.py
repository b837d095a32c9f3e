"""A service: its name, what it reads, what it does beside, its door; and the process that runs it."""

import asyncio
import gc
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import asyncpg
from fastapi import APIRouter, FastAPI

from services.chassis.context import Context
from services.chassis.database import connect_pool
from services.chassis.door import Door
from services.chassis.gauges import Gauges
from services.chassis.hard_exit import FOLLOW, UNEXPECTED, end_process
from services.chassis.health import Check, health_routes
from services.chassis.heartbeat import last
from services.chassis.logs import start_logging
from services.chassis.prune import keep_pruning
from services.chassis.record import Record
from services.chassis.relay import Relay
from services.chassis.seal import check_keys, load_seal
from services.chassis.settings import Settings
from services.chassis.telemetry import start_tracing
from services.chassis.transient import transient
from services.chassis.work import Handle, Work

if TYPE_CHECKING:
    from services.chassis.worker import Worker

__all__ = ["Context", "Handler", "Service", "open_context", "run", "run_process"]
log = logging.getLogger(__name__)
Handler = Callable[[Context, Work, Sequence[Record]], Awaitable[None]]
Topics = tuple[str, ...] | Callable[[Context], Awaitable[tuple[str, ...]]]
Handlers = Mapping[str, Handler] | Handler
Task = Callable[[Context], Awaitable[None]]
LOOK_FOR_TOPICS = 10.0  # seconds
RELAY_LATE = 30.0  # seconds
ORDERLY = 12.0  # seconds for an orderly end; after it the process ends as it stands, and nothing is lost by that


@dataclass(frozen=True)
class Service:
    """What a service is made of; one instance in `services/<name>/service.py`.

    `handle`: a handler per topic, or one for all. `start` runs once before anything else (it fills `context.extras`).
    `tasks` run for ever beside the consumer, and are begun anew after an outage. `router` makes the door.
    """

    name: str
    topics: Topics = ()
    handle: Handlers = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    router: Callable[[Context], APIRouter] | None = None
    start: Callable[[Context], Awaitable[None]] | None = None

    def handler(self, context: Context, topic: str) -> Handle:
        """The handler of a topic, bound to the process. Raises KeyError if the service has none."""
        return partial(self.handle[topic] if isinstance(self.handle, Mapping) else self.handle, context)

    async def topics_now(self, context: Context) -> tuple[str, ...]:
        """The topics it reads at present."""
        return self.topics if isinstance(self.topics, tuple) else await self.topics(context)


Compose = Callable[[FastAPI, Context], None]
"""Adds to the doors what is no service's own: problem answers, pages, the OpenAPI document."""


async def open_context(settings: Settings, application: str, *, size: int = 8) -> Context:
    """Pool, keys and clock for a process or a command. Waits for PostgreSQL; raises KeyMissing, SettingsFault."""
    while True:
        try:
            pool = await connect_pool(settings.dsn, application=f"shouhu {application}", size=size)
            break
        except Exception as error:
            if not (transient(error) or isinstance(error, OSError)):
                raise
            log.warning("waiting for PostgreSQL: %r", error)
            await asyncio.sleep(1)
    seal = load_seal(settings.directory)
    await check_keys(seal, pool)
    return Context(settings, pool, seal)


async def run(service: Service, settings: Settings, *, doors: bool, compose: Compose | None = None) -> None:
    """Run one service: its worker, tasks and relay, with `doors` also its door at `SHOUHU_HTTP`.

    Returns when the process is told to stop; ends the process itself when anything unexpected happens. Without a door,
    health and metrics are served on a free loopback port, written to `$SHOUHU_DATA/run/<service>.json`.
    """
    await run_process(service.name, [service], settings, doors=doors, reading=True, compose=compose)


async def run_process(name: str, services: Sequence[Service], settings: Settings, *, doors: bool, reading: bool,
                      compose: Compose | None = None) -> None:  # fmt: skip
    """Run several services in one process; `reading` False runs only their doors and (standing by) their relays."""
    start_logging(name)
    start_tracing(name)
    context = await open_context(settings, name, size=16 if doors else 8)
    for service in services:
        if service.start is not None:
            await service.start(context)
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    checks: dict[str, Check] = {"database": partial(_database, context)}
    gauges = Gauges(context, [service.name for service in services])
    checks["relay"] = partial(_relay, gauges)
    running: list[Awaitable[None]] = [lasting("gauges", gauges.run), lasting("prune", partial(keep_pruning, context))]
    running += [Relay(context, service.name).run() for service in services]
    workers: list[Worker] = []
    if reading:
        for service in services:
            topics = await service.topics_now(context)
            worker = _worker(context, service, topics)
            workers.append(worker)
            checks[f"{service.name} reads"] = worker.wrong
            running.append(worker.run())
            running += [lasting(f"a task of {service.name}", partial(task, context)) for task in service.tasks]
            if not isinstance(service.topics, tuple):
                running.append(lasting("topics", partial(_follow, context, service, worker, told)))
    door = Door(name, settings, doors=doors)
    door.app.include_router(health_routes(name, checks, partial(_silence, context)))
    if doors:
        for service in services:
            if service.router is not None:
                door.app.include_router(service.router(context))
        if compose is not None:
            compose(door.app, context)
    running.append(door.run())
    _collect_seldom()
    await _until_told(told, [asyncio.ensure_future(one) for one in running])
    await _end(context, workers, door)


def _collect_seldom() -> None:
    """What was loaded until now stays for ever; looking through it for garbage took a third of a busy service's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


async def lasting(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run something that goes on for ever; begin it anew after a failure that passes by itself."""
    while True:
        try:
            await run()
        except Exception as error:
            closed = isinstance(error, asyncpg.InterfaceError) and "is closed" in str(error)
            if not (transient(error) or closed):
                raise
            log.warning("%s: %r, again in 1 s", name, error)
            await asyncio.sleep(1)
        else:
            raise RuntimeError(f"{name} ended; it should go on for ever")


async def _until_told(told: asyncio.Event, tasks: list[asyncio.Future[None]]) -> None:
    """All of these run for ever; when one ends, or fails, something is wrong and the process with it."""
    stop = asyncio.ensure_future(told.wait())
    anything: set[asyncio.Future[Any]] = {stop, *tasks}
    await asyncio.wait(anything, return_when=asyncio.FIRST_COMPLETED)
    if not stop.done():
        for task in (task for task in tasks if task.done()):
            error = None if task.cancelled() else task.exception()
            end_process(UNEXPECTED, f"a task that should run for ever ended: {error!r}", error)


def _worker(context: Context, service: Service, topics: Sequence[str]) -> "Worker":
    from services.chassis.worker import Worker  # Faust is loaded by what reads Kafka, by no command

    return Worker(context, service.name, topics, partial(service.handler, context))


async def _end(context: Context, workers: Sequence["Worker"], door: Door) -> None:
    """An orderly end, for the sake of those who take over at once; none of it is needed for the promises."""
    code = int(context.extras.get("exit code", 0))
    try:
        async with asyncio.timeout(ORDERLY):
            await asyncio.gather(door.stop(), *(worker.stop() for worker in workers), return_exceptions=True)
    except TimeoutError:
        log.warning("the orderly end took too long")
    log.info("stopped")
    os._exit(code)


async def _follow(context: Context, service: Service, worker: "Worker", told: asyncio.Event) -> None:
    """When there are other topics, the process starts again to read them."""
    while True:
        await asyncio.sleep(LOOK_FOR_TOPICS)
        topics = await service.topics_now(context)
        if set(topics) != set(worker.topics):
            log.warning("%s reads other topics now: starting again", service.name)
            context.extras["exit code"] = FOLLOW
            told.set()
            await asyncio.Event().wait()


def _silence(context: Context) -> float | None:
    beat = last(context.settings.directory)
    return None if beat is None else round((context.clock.now() - beat.at).total_seconds(), 1)


async def _database(context: Context) -> str | None:
    try:
        await context.pool.fetchval("select 1", timeout=2)
    except Exception as error:
        return f"PostgreSQL does not answer: {type(error).__name__}"
    return None


async def _relay(gauges: Gauges) -> str | None:
    return f"the outbox is {gauges.outbox_age:.0f} s behind" if gauges.outbox_age > RELAY_LATE else None
