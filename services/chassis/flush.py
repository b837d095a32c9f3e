"""Writes what a piece of work published and buried, in its transaction, with one statement for all rows of a kind."""

import hashlib
from datetime import UTC

import orjson

from events.codec import to_kafka
from events.envelope import Event
from events.identity import printable
from services.chassis.context import Context
from services.chassis.record import header, pack, written_at
from services.chassis.work import Burial, Outgoing, Work

DEAD_LETTERS = "dead-letters"
OUTBOX = """insert into chassis.outbox(service, topic, key, headers, value, traceparent)
  select $1, o.topic, o.key, o.headers::jsonb, o.value, o.traceparent
  from unnest($2::text[], $3::bytea[], $4::text[], $5::bytea[], $6::text[]) with ordinality
    o(topic, key, headers, value, traceparent, n) order by o.n"""
BURY = """insert into chassis.dead_letter(service, topic, part, "offset", record_timestamp, event_source, event_id,
    sealed_record, reason, rule, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"""


def sealed_as(service: str, topic: str, part: int, offset: int) -> str:
    """The `aad` that a dead letter's record is sealed with."""
    return f"dead_letter|{service}|{topic}|{part}|{offset}"


def _named(burial: Burial) -> Burial:
    """With the event's source and id, as far as the record's headers tell; not where a personal number stands there."""
    told = {
        name: (header(burial.record, f"ce_{name}") or b"").decode("utf-8", "replace")[:255] for name in ("source", "id")
    }
    told = {name: text for name, text in told.items() if printable(text) == text}
    return burial._replace(event_source=burial.event_source or told.get("source") or None,
                           event_id=burial.event_id or told.get("id") or None)  # fmt: skip


async def flush(work: Work, context: Context) -> bool:
    """Write the rows; true if anything now waits for the relay."""
    if work.burials:
        work.burials[:] = map(_named, work.burials)
        await work.db.executemany(BURY, [_row(work, context, burial) for burial in work.burials])
        work.outgoing += [_notice(work, burial) for burial in work.burials]
    if not work.outgoing:
        return False
    topics, keys, headers, values, traces = zip(*work.outgoing, strict=True)
    heads = [orjson.dumps([(name, value.decode()) for name, value in pairs]).decode() for pairs in headers]
    await work.db.execute(OUTBOX, work.service, topics, keys, heads, values, traces)
    await context.wake.before_commit(work.service, work.db)
    return True


def _row(work: Work, context: Context, burial: Burial) -> tuple[object, ...]:
    record = burial.record
    aad = sealed_as(work.service, record.topic, record.partition, record.offset)
    return (
        work.service, record.topic, record.partition, record.offset, written_at(record), burial.event_source,
        burial.event_id, context.seal.seal(pack(record), aad), burial.reason, burial.rule, work.now,
    )  # fmt: skip


def _notice(work: Work, burial: Burial) -> Outgoing:
    """What others may know of a dead letter: where the record stands and why it was put aside, not what it says."""
    record = burial.record
    where = f"{work.service}/{record.topic}/{record.partition}/{record.offset}"
    event = Event(
        id=hashlib.sha256(f"dead letter {where} {work.now.isoformat()}".encode()).hexdigest()[:32],
        source=f"/shouhu/220000/{work.service}",
        type="record.buried.v1",
        time=work.now.astimezone(UTC),
        data={
            "service": work.service, "topic": record.topic, "partition": record.partition, "offset": record.offset,
            "reason": burial.reason, "rule": burial.rule, "event_source": burial.event_source,
            "event_id": burial.event_id, "record_at": written_at(record).isoformat(),
        },
    )  # fmt: skip
    headers, value = to_kafka(event)
    return Outgoing(DEAD_LETTERS, f"{record.topic}/{record.partition}".encode(), headers, value, None)
