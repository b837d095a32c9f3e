"""How late a deadline is told while 100,000 clocks run: from its moment until the fact lies in topic `sla`."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer

from infra.bench.figures import percentile
from infra.bench.running_system import Running
from services.chassis.clock import SystemClock

CLOCKS = """select coalesce(sum(jsonb_array_length(fact->'clocks')), 0)::int from tracker.referral where next_at is not null"""
ONE = """select fact from tracker.referral where next_at > $1 and jsonb_array_length(fact->'clocks') >= 2 limit 1"""
ADD = """insert into tracker.referral (id, version, case_id, fact, next_at)
  select 'clock-' || n, 1, 'case-clock-' || n, jsonb_set($1::jsonb, '{id}', to_jsonb('clock-' || n)), $4
  from generate_series($2::int, $3::int) n"""
DUE = """insert into tracker.referral (id, version, case_id, fact, next_at)
  select d.id, 1, 'case-' || d.id, d.fact::jsonb, d.at from unnest($1::text[], $2::text[], $3::timestamptz[]) d(id, fact, at)"""
LEAD = 3.0  # seconds between the last preparation and the first deadline


async def lateness(running: Running, clocks: int, due: int, seconds: float) -> dict[str, float]:
    """Percentiles in seconds over `due` deadlines that fall evenly into `seconds`."""
    db = await asyncpg.connect(running.postgres)
    consumer = AIOKafkaConsumer("sla", bootstrap_servers=running.kafka, auto_offset_reset="latest", group_id=None)
    await consumer.start()
    try:
        running_clocks = await _fill(db, clocks)
        await db.execute("analyze tracker.referral")
        start = SystemClock().now() + timedelta(seconds=LEAD)
        await _set_due(db, due, start, seconds)
        late = await _listen(consumer, due, LEAD + seconds + 30)
        return {"p50": percentile(late, 0.5), "p99": percentile(late, 0.99), "max": max(late), "told": len(late),
                "due": due, "clocks": running_clocks}  # fmt: skip
    finally:
        await consumer.stop()
        await db.close()


async def _fact(db: asyncpg.Connection) -> dict[str, Any]:
    text = await db.fetchval(ONE, SystemClock().now() + timedelta(minutes=5))
    if text is None:
        raise RuntimeError("no referral whose clocks run is there to be multiplied")
    fact: dict[str, Any] = json.loads(text)
    return fact


async def _fill(db: asyncpg.Connection, clocks: int) -> int:
    """Referrals like a real one, with deadlines far away, until so many clocks run."""
    fact = await _fact(db)
    far = SystemClock().now() + timedelta(days=30)
    fact["clocks"] = [_moved(clock, far + timedelta(days=n)) for n, clock in enumerate(fact["clocks"])]
    more = max(0, clocks - await db.fetchval(CLOCKS)) // len(fact["clocks"]) + 1
    await db.execute(ADD, json.dumps(fact), 1, more, far, timeout=120)
    return int(await db.fetchval(CLOCKS))


def _moved(clock: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The same clock with one step, its breach at `at`."""
    return {**clock, "started_at": (at - timedelta(hours=1)).isoformat(), "due_at": at.isoformat(), "warn_at": None,
            "levels": [{"level": 1, "at": at.isoformat()}], "state": "running"}  # fmt: skip


async def _set_due(db: asyncpg.Connection, due: int, start: datetime, seconds: float) -> None:
    fact = await _fact(db)
    ids, facts, moments = [], [], []
    for n in range(due):
        at = start + timedelta(seconds=seconds * n / due)
        later = at + timedelta(days=20)
        clocks = [_moved(clock, at if k == 0 else later) for k, clock in enumerate(fact["clocks"])]
        ids.append(f"due-{n}")
        facts.append(orjson.dumps({**fact, "id": f"due-{n}", "case": f"case-due-{n}", "clocks": clocks}).decode())
        moments.append(at)
    await db.execute(DUE, ids, facts, moments)


async def _listen(consumer: AIOKafkaConsumer, due: int, patience: float) -> list[float]:
    late: dict[str, float] = {}
    try:
        async with asyncio.timeout(patience):
            while len(late) < due:
                record = await consumer.getone()
                data = orjson.loads(record.value)
                if str((data.get("referral") or {}).get("id", "")).startswith("due-"):
                    now = SystemClock().now()
                    late.setdefault(data["referral"]["id"], (now - datetime.fromisoformat(data["at"])).total_seconds())
    except TimeoutError:
        raise RuntimeError(f"{len(late)} of {due} deadlines were told") from None
    return list(late.values())
