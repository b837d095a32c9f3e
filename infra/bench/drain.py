"""A backlog of events in a source's own topic, and how long it takes until nothing of it is left to decide or to queue."""

import asyncio
import itertools
import time
from datetime import timedelta

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.structs import TopicPartition

from events.codec import to_kafka
from infra.bench.receiver import Receiver
from infra.bench.running_system import Running
from services.chassis.clock import SystemClock
from services.simulate.sample_stream import stream

PATIENCE = 300.0  # seconds
LOOK = 0.2  # seconds; each look costs the system a dozen questions
# Each service's way through the topics that lie between a source and a queued message.
READERS = (("intake", "in.sample"), ("intake", "in.shouhu"), ("referral", "child-events"), ("tracker", "referrals"),
           ("notifier", "referrals"))  # fmt: skip
POSITIONS = "select topic, part, next_offset from chassis.position where service = $1 and topic = $2"
WAITING = "select exists (select from chassis.outbox where published_at is null and topic <> 'notifications')"
DECIDED = "select count(*) from referral.decision_view where event_id like $1"
COUNTS = """select (select count(*) from referral.current_view) as referrals, (select count(*) from tracker.referral) as clocks,
  (select count(*) from notifier.message_view) as messages,
  (select count(*) from notifier.notice_view where state = 'waiting') as untold"""
UNSENT = "select exists (select from notifier.delivery_view where state in ('queued', 'sending'))"


async def drain(running: Running, receiver: Receiver, events: int) -> dict[str, float]:
    """Events per second from the moment at which the workers go on; also until every message was handed over."""
    run = f"drain{int(SystemClock().now().timestamp())}"
    db = await asyncpg.connect(running.postgres)
    before = dict(await db.fetchrow(COUNTS) or {})
    records = [(*to_kafka(e), e.subject or e.id) for e in itertools.islice(
        stream(run, SystemClock().now() - timedelta(hours=1), timedelta(milliseconds=10)), events)]  # fmt: skip
    producer = AIOKafkaProducer(bootstrap_servers=running.kafka, acks="all", enable_idempotence=True)
    await producer.start()
    kafka = AIOKafkaConsumer(bootstrap_servers=running.kafka)
    await kafka.start()
    try:
        used = running.processor_seconds()
        with running.workers_paused():
            sent = [
                await producer.send("in.sample", value, key=key.encode(), headers=headers)
                for headers, value, key in records
            ]
            await asyncio.wait(sent)
        begin = time.monotonic()
        stages: dict[str, float] = {}
        while not await _drained(db, kafka, stages, begin):
            if time.monotonic() - begin > PATIENCE:
                raise RuntimeError(f"{events} events were not drained in {PATIENCE:.0f} s: {stages}")
            await asyncio.sleep(LOOK)
        took = time.monotonic() - begin
        if (decided := await db.fetchval(DECIDED, f"{run}-%")) != events:
            raise RuntimeError(f"{decided} of {events} events were decided")
        after = dict(await db.fetchrow(COUNTS) or {})
        if after["referrals"] != after["clocks"]:
            raise RuntimeError(f"{after['referrals']} referrals, but the tracker has {after['clocks']}")
        while await db.fetchval(UNSENT):  # noqa: ASYNC110  the rows themselves are what is measured
            await asyncio.sleep(LOOK)
        sent_after = time.monotonic() - begin
        now_used = running.processor_seconds()
        return {
            "events_per_second": events / took, "seconds": took, "all_sent_events_per_second": events / sent_after,
            "referrals": after["referrals"] - before["referrals"], "messages": after["messages"] - before["messages"],
            **{f"{stage}_done_s": at for stage, at in stages.items()},
            **{f"cpu_ms_per_event_{name}": (now_used[name] - used[name]) / events * 1000 for name in used},
        }  # fmt: skip
    finally:
        await kafka.stop()
        await producer.stop()
        await db.close()


async def _drained(db: asyncpg.Connection, kafka: AIOKafkaConsumer, stages: dict[str, float], begin: float) -> bool:
    """Whether every service stands at the end of what it reads, and no relay has anything left to publish."""
    behind = False
    for service, topic in READERS:
        at = {
            TopicPartition(topic, row["part"]): row["next_offset"] for row in await db.fetch(POSITIONS, service, topic)
        }
        ends = await kafka.end_offsets(list(at)) if at else {}
        if all(at[where] >= end for where, end in ends.items()):
            stages.setdefault(f"{service}_{topic}", time.monotonic() - begin)
        else:
            stages.pop(f"{service}_{topic}", None)
            behind = True
    return not behind and not await db.fetchval(WAITING)
