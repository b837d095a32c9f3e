"""The door over Kafka: a source's own topic, read by the same door. What is refused becomes a dead letter."""

from collections.abc import Sequence

import orjson

from events import codec
from events.codec import Refusal
from events.envelope import Event
from events.faults import Unreadable
from services.access import sources
from services.access.registration import Registration
from services.chassis.context import Context
from services.chassis.record import Record, header, written_at
from services.chassis.work import Work
from services.directory.territory import territory
from services.intake.admission import Report, admit
from services.intake.door import Refused

PREFIX = "in."


async def topics(context: Context) -> tuple[str, ...]:
    """The topics of every registered source."""
    return tuple(registration.topic for registration in await sources.listed(context.pool))


async def handle(context: Context, work: Work, records: Sequence[Record]) -> None:
    """Take in records of one source's topic. T of each event is its record's timestamp (LogAppendTime)."""
    name = records[0].topic.removeprefix(PREFIX)
    registration = await sources.registered(work.db, name)
    if registration is None:
        for record in records:
            work.bury(record, reason=f"no source of the name {name} is registered", rule="source_unknown")
        return
    await _admit(context, work, records, registration)


async def _admit(context: Context, work: Work, records: Sequence[Record], registration: Registration) -> None:
    reports = [_report(record) for record in records]
    outcomes = await admit(work, reports, registration, "kafka", territory(), context.seal)
    for record, outcome in zip(records, outcomes, strict=True):
        if isinstance(outcome, Refused):
            work.bury(
                record,
                reason="refused: " + "; ".join(f"{e.field}: {e.rule}, expected {e.expected}" for e in outcome.errors),
                rule=outcome.errors[0].rule,
                event_source=outcome.source,
                event_id=outcome.id,
            )


def _report(record: Record) -> Report:
    raw = header(record, "traceparent")
    trace = None if raw is None else raw.decode("ascii", "replace")
    try:
        content: Event | Refusal = codec.from_kafka(record.headers, record.value)
    except Unreadable as unreadable:
        content = Refusal(*_named(record), unreadable.errors)
    return Report(content, written_at(record), trace)


def _named(record: Record) -> tuple[str | None, str | None]:
    """Which event an unreadable record says it is, in either mode, as far as it can be read."""
    source, event_id = header(record, "ce_source"), header(record, "ce_id")
    if source is not None and event_id is not None:
        return source.decode("utf-8", "replace"), event_id.decode("utf-8", "replace")
    try:
        whole = orjson.loads(record.value or b"")
    except ValueError:
        return None, None
    return _text(whole, "source"), _text(whole, "id")


def _text(whole: object, name: str) -> str | None:
    found = whole.get(name) if isinstance(whole, dict) else None
    return found if isinstance(found, str) else None
