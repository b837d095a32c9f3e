"""What the system holds when all is quiet, read from its database and from Kafka's own logs. No judgement here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson
from aiokafka.structs import TopicPartition

from events.codec import from_kafka
from events.faults import Unreadable
from infra.bench.faults.ledger import Key
from services.chassis.clock import SystemClock
from services.chassis.database import Db
from services.chassis.kafka_address import KafkaAddress
from services.chassis.log_reader import LogReader
from services.notifier.handlers import notices
from services.notifier.ladder import ladder

SOURCES = ("in.sample", "in.shouhu")
OURS = ("child-events", "referrals", "sla", "notifications", "dead-letters")
READERS = {"in.sample": ("intake",), "in.shouhu": ("intake",), "child-events": ("referral",), "referrals": ("tracker", "notifier"),
           "sla": ("referral", "notifier")}  # fmt: skip

EVENTS = "select source, id, registered, via, accepted_at from intake.event"
KEYS = "select source, id from intake.event_key"
DECISIONS = "select source, event_id, outcome, cases, rules, why, accepted_at from referral.decision_view"
LETTERS = 'select service, topic, part, "offset", rule, reason from chassis.dead_letter'
REFERRALS = """select id, number, case_id, event_source, event_id, kind, level, area, child, role, profile, version, state,
  detail->>'caused_by' as caused_by from referral.referral"""
OPEN_CASES = "select child_ref, count(*) as n from referral.case_child where open group by 1"
HISTORY = """select case_id, referral_id, what, ids, detail, count(*) as n from referral.log group by 1, 2, 3, 4, 5 having count(*) > 1"""
TIMERS = "select id, state from referral.timer"
TRACKED = "select id, version from tracker.referral"
TRACKED_TIMERS = "select id, state from tracker.timer"
NOTICES = "select id, referral_id, merged_into, state, not_before, failed from notifier.notice"
MESSAGES = "select id, notice_id, referral_ids, person_id, state from notifier.message"
DELIVERIES = "select message_id, channel, state, slow, attempts from notifier.delivery"
OUTBOX = "select id, service, topic, headers, value, published_at from chassis.outbox"
POSITIONS = "select service, topic, part, next_offset from chassis.position"
NOT_CONSUMED = "select service, topic, part, from_offset, to_offset, reason from chassis.not_consumed"
ATTEMPTS = 'select service, topic, part, "offset", count, reason from chassis.attempt'

Row = Mapping[str, Any]
Place = tuple[str, int, int]


@dataclass(frozen=True)
class Sent:
    """An outbox row: what a service said, once."""

    topic: str
    key: Key
    published: bool


@dataclass(frozen=True)
class Facts:
    """Rows by what they are about; `log` holds Kafka's side: per topic of ours how often each event lies in it."""

    rows: Mapping[str, Sequence[Row]]
    sent: Sequence[Sent]
    expected_notices: frozenset[str]
    log: Mapping[str, Counter[Key]]
    received: Mapping[
        Place, Sequence[str]
    ]  # records of in.sample by place, with what its key says: [what, source, id, rule]
    written: Mapping[Key, set[int]]  # when Kafka took an event of in.sample, in ms
    derived: frozenset[Key]  # events on in.shouhu
    behind: Sequence[str]  # services that have not read a topic to its end


@dataclass(frozen=True)
class Logs:
    """Kafka's logs from beginning to end."""

    log: Mapping[str, Counter[Key]]
    received: Mapping[Place, Sequence[str]]
    written: Mapping[Key, set[int]]
    derived: frozenset[Key]
    ends: Mapping[TopicPartition, int]


async def ends_of(kafka: KafkaAddress) -> dict[TopicPartition, int]:
    """Where each log ends now."""
    reader = LogReader(kafka, (*SOURCES, *OURS))
    try:
        return await reader.ends(await reader.partitions())
    finally:
        await reader.stop()


async def read_logs(kafka: KafkaAddress, ends: Mapping[TopicPartition, int]) -> Logs:
    """Read every topic from its beginning to these ends."""
    log: dict[str, Counter[Key]] = {topic: Counter() for topic in (*SOURCES, *OURS)}
    received: dict[Place, Sequence[str]] = {}
    written: dict[Key, set[int]] = {}
    reader = LogReader(kafka, log)
    try:
        for where, end in ends.items():
            at = 0
            while at < end:
                stretch = await reader.read(where, at, end)
                for record in stretch.records:
                    if where.topic == "in.sample":
                        said = orjson.loads(record.key or b"[]")
                        received[where.topic, where.partition, record.offset] = said
                        written.setdefault((said[1], said[2]), set()).add(record.timestamp)
                    else:
                        name = _named(record.headers, record.value)
                        if not _is_heartbeat(name):
                            log[where.topic][name] += 1
                at = stretch.stop
    finally:
        await reader.stop()
    return Logs(log, received, written, frozenset(log["in.shouhu"]), ends)


async def read_facts(db: Db, logs: Logs) -> Facts:
    """Read the database, whatever transaction it is in, and put Kafka's side beside it."""
    statements = {"events": EVENTS, "keys": KEYS, "decisions": DECISIONS, "letters": LETTERS, "referrals": REFERRALS,
                  "open_cases": OPEN_CASES, "history": HISTORY, "timers": TIMERS, "tracked": TRACKED, "tracked_timers": TRACKED_TIMERS,
                  "notices": NOTICES, "messages": MESSAGES, "deliveries": DELIVERIES, "not_consumed": NOT_CONSUMED,
                  "attempts": ATTEMPTS}  # fmt: skip
    rows: dict[str, Sequence[Row]] = {
        name: [dict(row) for row in await db.fetch(sql)] for name, sql in statements.items()
    }
    sent, expected = [], set()
    table, now = ladder(), SystemClock().now()
    for row in await db.fetch(OUTBOX):
        event = from_kafka(_bytes(row), row["value"])
        if _is_heartbeat((event.source, event.id)):
            continue
        sent.append(Sent(row["topic"], (event.source, event.id), row["published_at"] is not None))
        if row["topic"] in ("referrals", "sla"):
            # Which notices a message asks for is the notifier's own rule; that each exists, once, is what is tested.
            expected |= {notice.id for notice in notices(event, table, now)}
    positions = {(p["service"], p["topic"], p["part"]): p["next_offset"] for p in await db.fetch(POSITIONS)}
    return Facts(
        rows,
        sent,
        frozenset(expected),
        logs.log,
        logs.received,
        logs.written,
        logs.derived,
        behind(positions, logs.ends),
    )


def behind(positions: Mapping[tuple[str, str, int], int], ends: Mapping[TopicPartition, int]) -> list[str]:
    """Which service has not read which partition to its end."""
    return [f"{service} at {positions.get((service, w.topic, w.partition), 0)} of {end} in {w.topic}/{w.partition}"
            for w, end in ends.items() for service in READERS.get(w.topic, ())
            if positions.get((service, w.topic, w.partition), 0) < end]  # fmt: skip


def _bytes(row: asyncpg.Record) -> list[tuple[str, bytes]]:
    return [(name, value.encode()) for name, value in row["headers"]]


def _is_heartbeat(name: Key) -> bool:
    """A sign of life passes every service and ends nowhere: it is no event of anybody's."""
    return name[0].startswith("/shouhu/") and name[1].startswith("heartbeat-")


def _named(headers: Any, value: bytes | None) -> Key:
    try:
        event = from_kafka(headers, value)
    except Unreadable:
        return ("", "unreadable")
    return event.source, event.id
