"""A piece of work: one PostgreSQL transaction with all that belongs to it, what it publishes and what it buries."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import datetime
from typing import NamedTuple

import asyncpg
from opentelemetry.trace import Span

from events.codec import to_kafka
from events.envelope import Event
from services.chassis.context import Context
from services.chassis.record import Record
from services.chassis.telemetry import current_traceparent, handling
from services.chassis.transient import Disconnected, transient

LARGEST = 900_000  # bytes; Kafka takes 1 MiB with headers


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
    """What a handler works with. `db` is inside a transaction; `now` is the one moment of the whole work."""

    def __init__(self, db: asyncpg.Connection, now: datetime, service: str) -> None:
        self.db, self.now, self.service = db, now, service
        self.outgoing: list[Outgoing] = []
        self.burials: list[Burial] = []

    def publish(self, topic: str, key: str, event: Event) -> None:
        """Send the event to `topic` if, and only if, this work is committed; then at least once, per key in order."""
        headers, value = to_kafka(event)
        if len(value) > LARGEST:  # here it is one record's fault; in the relay it would stop everything behind it
            raise ValueError(f"an event of {len(value)} bytes cannot be published, at most {LARGEST}")
        trace = event.traceparent or current_traceparent()  # an event that knows its trace is not the batch's
        self.outgoing.append(Outgoing(topic, key.encode(), headers, value, trace))

    def on(self, record: Record) -> AbstractContextManager[Span]:
        """`with work.on(record):` what is published and logged inside belongs to the trace of that record."""
        return handling(record, self.service)

    def bury(self, record: Record, *, reason: str, rule: str = "", event_source: str | None = None,
             event_id: str | None = None) -> None:  # fmt: skip
        """Put the record aside, whole and sealed, for a person to replay. No personal data in `reason`."""
        self.burials.append(Burial(record, reason, rule, event_source, event_id))


Handle = Callable[[Work, Sequence[Record]], Awaitable[None]]
"""Handles some records of one topic, in order, inside one transaction."""


@asynccontextmanager
async def transaction(context: Context, service: str) -> AsyncIterator[Work]:
    """One transaction: all of it or nothing. What was published becomes outbox rows in it; the relay is woken after it.

    Raises Disconnected if the connection was gone, whatever error that showed up as; else what the body raised.
    """
    from services.chassis.flush import flush

    async with _connection(context.pool) as db, db.transaction():
        work = Work(db, context.clock.now(), service)
        yield work
        published = await flush(work, context)
    if published:
        context.wake.after_commit(service)


@asynccontextmanager
async def _connection(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    db: asyncpg.Connection = await pool.acquire(timeout=3)  # type: ignore[assignment]  # a proxy, made to look like it
    try:
        yield db
    except Exception as error:
        if not transient(error) and _gone(db):
            raise Disconnected(f"the connection to PostgreSQL is gone: {error!r}") from error
        raise
    finally:
        await pool.release(db)  # type: ignore[arg-type]


def _gone(db: asyncpg.Connection) -> bool:
    try:
        return db.is_closed()
    except asyncpg.InterfaceError:  # closed by the server, and so already taken back by the pool
        return True
