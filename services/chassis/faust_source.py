"""All of Faust: it hands us batches of raw records, and nothing else of it is used.

No exception may leave the agent (Faust would commit the records as done), no state is kept in it, and where it skips
or repeats a record the delivery rule puts that right: infra/decisions/0001-the-database-holds-the-position.md.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import faust
from faust.exceptions import ConsumerNotStarted
from faust.transport.drivers import aiokafka as driver
from typing_extensions import override

from services.chassis.faults import drops
from services.chassis.hard_exit import UNEXPECTED, end_process
from services.chassis.kafka_address import KafkaAddress
from services.chassis.record import Record, StoredRecord

log = logging.getLogger(__name__)
BATCH, WITHIN = (
    200,
    0.005,
)  # the window is paid per hop, nearly in full; at 5 ms one process still drains thousands a second
Take = Callable[[Sequence[Record]], Awaitable[None]]


class _WatchedThread(driver.AIOKafkaConsumerThread):
    """Faust never asks its coordinator for errors, and the coordinator waits for ever to be asked; so we ask."""

    @override
    async def on_start(self) -> None:
        await super().on_start()
        self._watch = asyncio.get_running_loop().create_task(self._ask())  # kept, or it could be collected

    async def _ask(self) -> None:
        while not self.should_stop:
            await asyncio.sleep(1)
            try:
                if self._consumer is not None:
                    self._consumer._coordinator.check_errors()
            except Exception as error:
                log.error("Kafka's coordinator refused us: %r", error)


class _WatchedConsumer(driver.Consumer):
    """Faust's consumer, in a watched thread."""

    @override
    def _new_consumer_thread(self) -> _WatchedThread:
        return _WatchedThread(self, loop=self.loop, beacon=self.beacon)


class FaustSource:
    """Reads topics as consumer group `service` and calls `take` with each batch, in this event loop."""

    def __init__(
        self, service: str, topics: Sequence[str], broker: KafkaAddress, datadir: Path, faults: str | None
    ) -> None:
        self._drop = drops(faults)
        datadir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._app = faust.App(
            service,
            broker=[f"kafka://{server}" for server in broker.bootstrap.split(",")],
            **_settings(broker, datadir),
        )
        setattr(self._app.transport, "Consumer", _WatchedConsumer)  # noqa: B010 - Faust has no other way to choose it
        self._topic = self._app.topic(*topics, value_type=bytes, value_serializer="raw")

    async def start(self, take: Take) -> None:
        """Start reading. `take` must not raise; if it does, the process ends."""

        async def consume(stream: Any) -> None:
            try:
                async for events in stream.take_events(BATCH, within=WITHIN):
                    records = [_record(event.message) for event in events]
                    if kept := [record for record in records if not self._drop()] if self._drop else records:
                        await take(kept)
            except asyncio.CancelledError:
                if not self._app.should_stop:
                    end_process(UNEXPECTED, "Faust cancelled its agent")
                raise
            except BaseException as error:
                end_process(UNEXPECTED, f"a batch failed: {error!r}", error)

        # One at a time: with more, Faust commits what is still in flight. More partitions and processes instead.
        self._app.agent(self._topic, concurrency=1, name="consume")(consume)
        self._app.finalize()
        await self._app.start()

    @property
    def assigned(self) -> bool:
        """True if Kafka has given us partitions and none are moving just now."""
        try:
            return bool(not self._app.rebalancing and self._app.consumer.assignment())
        except ConsumerNotStarted:  # asked within the first moments
            return False

    @property
    def crashed(self) -> BaseException | None:
        """What Faust died of; None while it lives."""
        reason = self._app.crash_reason
        if reason is None and (self._app.crashed or self._app.should_stop):
            return RuntimeError("Faust stopped")
        return reason if isinstance(reason, BaseException) or reason is None else RuntimeError(repr(reason))

    async def stop(self) -> None:
        """Leave the group, so that others take over at once."""
        await self._app.stop()


def _record(message: Any) -> StoredRecord:
    """The record as Kafka has it: Faust gives its timestamp in seconds, and from that of a source's record T follows."""
    milliseconds = round((message.timestamp or 0.0) * 1000)
    return StoredRecord(message.topic, message.partition, message.offset, milliseconds, message.key, message.value,
                        tuple(message.headers or ()))  # fmt: skip


def _settings(broker: KafkaAddress, datadir: Path) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id_format": "{id}",  # the group is named for the service, whatever version Faust thinks of
        "key_serializer": "raw",  # unreadable records must reach us, or they are committed as done
        "value_serializer": "raw",
        "topic_disable_leader": True,
        "topic_allow_declare": False,
        "table_standby_replicas": 0,
        "stream_wait_empty": True,
        "stream_buffer_maxsize": 512,
        "broker_max_poll_records": 200,
        "broker_commit_interval": 0.5,
        "broker_max_poll_interval": 86400.0,
        # The least Kafka allows: so long a group waits for a killed member. Taking a slow one for dead is harmless.
        "broker_session_timeout": 6.0,
        "broker_heartbeat_interval": 1.2,
        "broker_rebalance_timeout": 60.0,
        # aiokafka never repeats a failed metadata refresh by itself: the group would idle for 5 minutes.
        "consumer_metadata_max_age_ms": 5000,
        "consumer_auto_offset_reset": "earliest",
        "web_enabled": False,
        "worker_redirect_stdouts": False,
        "datadir": str(datadir),
        "loghandlers": [],
    }
    if broker.user is not None:
        given["broker_credentials"] = faust.SASLCredentials(
            username=broker.user, password=broker.password, mechanism="SCRAM-SHA-256",
            ssl_context=broker.client().get("ssl_context"),
        )  # fmt: skip
    return given
