"""A piece of work: one PostgreSQL transaction with everything that belongs to it, what it publishes and what it buries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import asyncpg

from services.chassis.record import Record
from services.chassis.telemetry import current_traceparent

if TYPE_CHECKING:
    from events.envelope import Event
    from services.chassis.context import Context


class Outgoing(NamedTuple):
    """A message that becomes an outbox row."""

    topic: str
    key: bytes | None
    headers: list[tuple[str, bytes]]
    value: bytes | None
    traceparent: str | None


class Burial(NamedTuple):
    """A record that cannot be handled, and why."""

    record: Record
    reason: str
    rule: str
    event_source: str | None
    event_id: str | None


class Work:
    """What a handler works with. `db` is inside a transaction; `now` is the moment of the work, the same for all of it."""

    def __init__(self, db: asyncpg.Connection, now: datetime, service: str) -> None:
        self.db, self.now, self.service = db, now, service
        self.outgoing: list[Outgoing] = []
        self.burials: list[Burial] = []

    def publish(self, topic: str, key: str, event: Event) -> None:
        """Send the event to `topic` if, and only if, this work is committed; then at least once, per key in order."""
        from events.codec import to_kafka

        headers, value = to_kafka(event)
        trace = current_traceparent() or event.traceparent
        self.outgoing.append(Outgoing(topic, key.encode(), headers, value, trace))

    def bury(self, record: Record, *, reason: str, rule: str = "", event_source: str | None = None,
             event_id: str | None = None) -> None:  # fmt: skip
        """Put the record aside, whole and sealed, for a person to read and replay. `reason`: a sentence without personal data."""
        self.burials.append(Burial(record, reason, rule, event_source, event_id))


Handle = Callable[[Work, Sequence[Record]], Awaitable[None]]
"""Handles some records of one topic, in order, inside one transaction."""


@asynccontextmanager
async def transaction(context: Context, service: str) -> AsyncIterator[Work]:
    """One transaction: all of it or nothing. What was published becomes outbox rows in it; the relay is woken after it."""
    from services.chassis.flush import flush

    async with context.pool.acquire(timeout=3) as db, db.transaction():
        work = Work(db, context.clock.now(), service)
        yield work
        published = await flush(work, context)
    if published:
        context.wake.after_commit(service)
