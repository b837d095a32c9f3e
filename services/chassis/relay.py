"""The relay: publishes what was committed, in order of id, and marks it after Kafka's acknowledgement.

One relay per service is active, by a lock on a session of its own; the others wait to take over. It holds no
transaction while it waits for Kafka, since an idempotent send waits as long as the broker is away. A death between
acknowledgement and mark sends again: at least once, and every reader knows a repeated event by its id.
"""

import asyncio
import logging

import asyncpg
from aiokafka import AIOKafkaProducer
from opentelemetry.trace import SpanKind

from services.chassis import metrics
from services.chassis.context import Context
from services.chassis.database import connect
from services.chassis.telemetry import continued, current_traceparent, outgoing_headers, tracing
from services.chassis.transient import transient
from services.chassis.wake import CHANNEL

log = logging.getLogger(__name__)
BATCH = 500
SWEEP = 1.0  # seconds; nobody needs to have called
# A row becomes visible when its transaction commits, so a lower id can appear after a higher one. Rows of one key never
# do: whoever writes them holds that key's row lock.
WAITING = """select id, topic, key, headers, value, traceparent from chassis.outbox
  where service = $1 and published_at is null order by id limit $2"""
ACTIVE = "select pg_try_advisory_lock(hashtext('shouhu relay'), hashtext($1))"
MARK = "update chassis.outbox set published_at = clock_timestamp() where id = any($1::bigint[])"


class Relay:
    """The relay of one service; `run` goes on for ever, through outages of Kafka and PostgreSQL."""

    def __init__(self, context: Context, service: str) -> None:
        self.context, self.service = context, service
        self._producer: AIOKafkaProducer | None = None

    async def run(self) -> None:
        """For ever: become the active relay, publish; on an error begin anew."""
        try:
            await self._again_and_again()
        finally:
            await self._drop_producer()

    async def _again_and_again(self) -> None:
        while True:
            try:
                await self._relay()
            except Exception as error:
                if not (transient(error) or isinstance(error, asyncpg.InterfaceError | OSError)):
                    raise
                log.warning("relay of %s: %r, again in 1 s", self.service, error)
                # Rebuilt, so that what the old one still holds is not sent later as well.
                await self._drop_producer()
                await asyncio.sleep(1)

    async def _relay(self) -> None:
        wake = self.context.wake.event(self.service)
        # A mark that a crash of the server undoes means a message sent again, which is allowed: no need to wait for the disk.
        db = await connect(
            self.context.settings.dsn, application=f"shouhu {self.service} relay", synchronous_commit="off"
        )
        try:
            await db.add_listener(CHANNEL, lambda _c, _p, _ch, service: wake.set() if service == self.service else None)
            while not await db.fetchval(ACTIVE, self.service):  # noqa: ASYNC110 - nobody tells us when a lock is free
                await asyncio.sleep(SWEEP)
            self.context.wake.here.add(self.service)
            while True:
                wake.clear()
                while await self._publish(db):
                    pass
                try:
                    async with asyncio.timeout(SWEEP):
                        await wake.wait()
                except TimeoutError:
                    if db.is_closed():
                        raise ConnectionError("the relay's connection is gone") from None
        finally:
            self.context.wake.here.discard(self.service)
            await _close(db)

    async def _publish(self, db: asyncpg.Connection) -> bool:
        """Publish a batch; true if there may be more."""
        rows = await db.fetch(WAITING, self.service, BATCH)
        if not rows:
            return False
        producer = await self._ready()
        sent = [await producer.send(row["topic"], row["value"], key=row["key"], headers=_headers(row)) for row in rows]
        done, _ = await asyncio.wait(sent)
        failed = [error for future in done if (error := future.exception()) is not None]
        published = [row["id"] for row, future in zip(rows, sent, strict=True) if future.exception() is None]
        await db.execute(MARK, published)
        metrics.PUBLISHED.labels(self.service).inc(len(published))
        if failed:
            raise failed[0]
        return len(rows) == BATCH

    async def _ready(self) -> AIOKafkaProducer:
        if self._producer is None:
            # A partition takes one batch at a time, and a broker may flush each to disk: so batches are large.
            producer = AIOKafkaProducer(acks="all", enable_idempotence=True, linger_ms=0, max_batch_size=256 * 1024,
                                        metadata_max_age_ms=5000, **self.context.settings.broker.client())  # fmt: skip
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                async with asyncio.timeout(3):
                    await producer.stop()
            except Exception as error:
                log.warning("relay of %s: stopping its producer: %r", self.service, error)


def _headers(row: asyncpg.Record) -> list[tuple[str, bytes]]:
    headers = [(name, value.encode()) for name, value in row["headers"]]
    if not tracing():
        return outgoing_headers(headers, row["traceparent"])
    with continued(f"send {row['topic']}", row["traceparent"], SpanKind.PRODUCER):
        return outgoing_headers(headers, current_traceparent())


async def _close(db: asyncpg.Connection) -> None:
    try:
        await db.close(timeout=1)
    except Exception:
        db.terminate()
