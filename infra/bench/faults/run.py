"""One run: start the tree, feed it, strike it, wait until it is quiet, reckon."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import asyncpg
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from infra.bench.faults.chaos import Chaos
from infra.bench.faults.facts import Facts, Logs, behind, ends_of, read_facts, read_logs
from infra.bench.faults.feed import Feed
from infra.bench.faults.ledger import Ledger
from infra.bench.faults.messages import reckon_messages
from infra.bench.faults.producers import Producers
from infra.bench.faults.provider import Provider
from infra.bench.faults.reckoning import Difference, reckon_effects, reckon_events
from infra.bench.faults.tree import ROOT, Tree
from services.account.reckoning import Account, account
from services.chassis.clock import SystemClock
from services.chassis.database import Db, connect
from services.chassis.kafka_address import KafkaAddress

BUSY = """select (select count(*) from chassis.outbox where published_at is null) as unpublished,
  (select count(*) from intake.event e where not exists (
     select from referral.decision d where d.source = e.source and d.event_id = e.id)) as undecided,
  (select count(*) from notifier.notice where state = 'telling' or (state = 'waiting' and not_before <= $1)) as untold,
  (select count(*) from notifier.delivery where state = 'sending' or (state = 'queued' and not slow)) as underway"""
POSITIONS = "select service, topic, part, next_offset from chassis.position"


@dataclass(frozen=True)
class Plan:
    """How long and how much. `drop` is the share of records thrown away between Faust and the handler."""

    seed: int
    events: int
    seconds: float
    drop: float = 0.02
    strikes: bool = True
    moods: bool = True
    spare_after: float = float("inf")  # seconds after which the notifier is struck no more
    patience: float = 180.0  # seconds until it must be quiet
    code: Path = ROOT


@dataclass
class Outcome:
    """What a run came to."""

    ledger: Ledger
    facts: Facts
    account: Account
    differences: list[Difference]
    chaos: Chaos
    provider: Provider
    tree: Tree
    logs: Logs
    seconds: dict[str, float] = field(default_factory=dict)


@asynccontextmanager
async def faulty_run(plan: Plan, data: Path, tell: Callable[[str], None]) -> AsyncIterator[Outcome]:
    """Run the plan on a system of its own under `data`; the system still runs inside the block."""
    provider = Provider(plan.seed)
    await provider.start()
    tree = Tree(data / "shouhu", provider.channels_file(data), f"drop={plan.drop},seed={plan.seed}", plan.code)
    watching = asyncio.create_task(tree.watch())
    upset: asyncio.Task[None] | None = None
    try:
        began = time.monotonic()
        await tree.start()
        ready = time.monotonic()
        tell(f"ready after {ready - began:.0f} s; {plan.events} events in {plan.seconds:.0f} s, seed {plan.seed}")
        chaos = Chaos(tree, provider, plan.seed, plan.spare_after)
        upset = asyncio.create_task(chaos.upset()) if plan.moods else None
        ledger = await _load(plan, tree, chaos)
        fed = time.monotonic()
        tell(f"{len(ledger.accepted)} accepted; faults: {sum(chaos.done.values())}; waiting until it is quiet …")
        async with quiet(tree, plan.patience, upset) as (db, ends):
            logs = await read_logs(KafkaAddress.parse(tree.endpoints["kafka"]), ends)
            facts, found, differences = await reckon(db, logs, ledger, tree, provider)
        reckoned = time.monotonic()
        seconds = {"start": ready - began, "load": fed - ready, "quiet and reckoned": reckoned - fed}
        yield Outcome(ledger, facts, found, differences, chaos, provider, tree, logs, seconds)
    finally:
        watching.cancel()
        if upset is not None:
            upset.cancel()
        await asyncio.to_thread(tree.stop)
        await provider.stop()


@asynccontextmanager
async def database(tree: Tree) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the tree's database."""
    db = await connect(tree.endpoints["postgres"], application="fault test")
    try:
        yield db
    finally:
        await db.close()


async def reckon(
    db: Db, logs: Logs, ledger: Ledger, tree: Tree, provider: Provider
) -> tuple[Facts, Account, list[Difference]]:
    """Everything that does not add up, with the account that `shouhu account` gives."""
    now: datetime = await db.fetchval("select now()")  # of the transaction: the moment of its snapshot
    facts = await read_facts(db, logs)
    found = await account(db, now)
    differences = reckon_events(ledger, facts) + reckon_effects(facts)
    tree.look()
    differences += reckon_messages(facts, provider.taken, tree.deaths, now)
    if found.unaccounted or found.pending:
        named = tuple(str(entry) for entry in found.unaccounted[:3])
        differences.append(
            Difference("shouhu account: unaccounted or pending", len(found.unaccounted) + found.pending, named)
        )
    if (ended := found.referred + found.attached + found.no_referral) != len(ledger.accepted) + len(facts.derived):
        differences.append(Difference("shouhu account: another number of events", ended, ()))
    return facts, found, differences


async def _load(plan: Plan, tree: Tree, chaos: Chaos) -> Ledger:
    ledger = Ledger(SystemClock().now())
    feed = Feed(plan.seed, plan.events, ledger.began)
    known = tree.endpoints
    producers = Producers(
        feed, ledger, known["kafka"], lambda: str(known["http"]), tree.token("sample-source"), plan.seed
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(producers.run(plan.events / plan.seconds))
        if plan.strikes:
            group.create_task(chaos.strike(plan.seconds))
    return ledger


@asynccontextmanager
async def quiet(
    tree: Tree, patience: float, upset: asyncio.Task[None] | None
) -> AsyncIterator[tuple[asyncpg.Connection, dict[TopicPartition, int]]]:
    """One moment in which nothing was under way: the database as it was then, and where Kafka's logs ended.

    Clocks go on, so there is no lasting quiet; the database's snapshot keeps the moment. After `patience` seconds any
    moment will do. The provider stays `upset` until every event is decided, so that it meets messages also where load
    outran the system.
    """
    deadline = time.monotonic() + patience
    while True:
        async with AsyncExitStack() as stack:
            found = await _look(tree, stack, upset)
            if found is not None:
                db, ends, is_quiet = found
                if is_quiet or time.monotonic() > deadline:
                    yield db, ends
                    return
            elif time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL or Kafka did not come back")
        await asyncio.sleep(0.3)


async def _look(
    tree: Tree, stack: AsyncExitStack, upset: asyncio.Task[None] | None
) -> tuple[asyncpg.Connection, dict[TopicPartition, int], bool] | None:
    """A snapshot that lasts as long as the stack, and whether it is quiet; None while a store is being started again."""
    kafka = KafkaAddress.parse(tree.endpoints["kafka"])
    try:
        db = await stack.enter_async_context(database(tree))
        await stack.enter_async_context(db.transaction(isolation="repeatable_read", readonly=True))
        before = await ends_of(kafka)
        rows = await db.fetch(BUSY, SystemClock().now())
        after = await ends_of(kafka)
        positions = {(r["service"], r["topic"], r["part"]): r["next_offset"] for r in await db.fetch(POSITIONS)}
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, KafkaError):
        return None
    busy: dict[str, int] = dict(rows[0])
    if upset is not None and not (busy["undecided"] or busy["unpublished"]):
        upset.cancel()
    return db, after, not any(busy.values()) and before == after and not behind(positions, after)
