"""One run: start the tree, feed it, strike it, wait until it is quiet, reckon."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from infra.bench.faults.chaos import Chaos
from infra.bench.faults.facts import Facts, Logs, behind, read_facts, read_logs
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

QUIET = 1.5  # seconds in which nothing moved
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
        logs = await until_quiet(tree, plan.patience, upset)
        quiet = time.monotonic()
        tree.look()
        async with database(tree) as db:
            facts, found, differences = await reckon(db, logs, ledger, tree, provider)
        seconds = {"start": ready - began, "load": fed - ready, "quiet": quiet - fed}
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
    facts = await read_facts(db, logs)
    now = SystemClock().now()
    found = await account(db, now)
    differences = reckon_events(ledger, facts) + reckon_effects(facts)
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


async def until_quiet(tree: Tree, patience: float, upset: asyncio.Task[None] | None) -> Logs:
    """Wait until every log is read to its end and nothing is under way; the logs then, or when the patience ends.

    The provider stays `upset` until every event is decided, so that it meets messages also where load outran the system.
    """
    deadline = time.monotonic() + patience
    quiet_since: float | None = None
    kafka = KafkaAddress.parse(tree.endpoints["kafka"])
    while True:
        moving = await _moving(tree)
        if upset is not None and not (moving["undecided"] or moving["unpublished"]):
            upset.cancel()
        now = time.monotonic()
        quiet_since = None if any(moving.values()) else quiet_since or now
        if now > deadline or (quiet_since is not None and now - quiet_since > QUIET):
            logs = await read_logs(kafka)
            async with database(tree) as db:
                positions = {(r["service"], r["topic"], r["part"]): r["next_offset"] for r in await db.fetch(POSITIONS)}
            if now > deadline or not behind(positions, logs.ends):
                return logs
        await asyncio.sleep(0.5)


async def _moving(tree: Tree) -> dict[str, int]:
    try:
        async with database(tree) as db:
            return {name: n for row in await db.fetch(BUSY, SystemClock().now()) for name, n in row.items()}
    except (OSError, asyncpg.PostgresError):  # it is being started again
        return {"undecided": 1, "unpublished": 1}
