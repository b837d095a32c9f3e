"""A reader of our own beside Faust: what Kafka holds, where it starts and ends, and the records of a gap."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from services.chassis.kafka_address import KafkaAddress
from services.chassis.record import Record
from services.chassis.stretch import Stretch
from services.chassis.transient import LogUnavailable

READ = 500  # records read from Kafka at a time
PATIENCE = 5.0  # seconds for any one question


class LogReader:
    """One per process; one question at a time. Every method raises a transient error when Kafka does not answer."""

    def __init__(self, broker: KafkaAddress, topics: Iterable[str]) -> None:
        self._broker = broker
        self._topics = sorted(topics)
        self._consumer: AIOKafkaConsumer | None = None
        self._one_at_a_time = asyncio.Lock()

    def follow(self, topics: Iterable[str]) -> None:
        """Know these topics from now on."""
        self._topics = sorted(topics)
        if self._consumer is not None:
            self._rest(self._consumer)

    async def partitions(self) -> set[TopicPartition]:
        """Every partition of the topics, as far as they exist."""
        async with self._asking() as consumer:
            return {TopicPartition(t, p) for t in self._topics for p in consumer.partitions_for_topic(t) or ()}

    async def beginnings(self, where: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        """The first offset that Kafka still has, for each partition."""
        async with self._asking() as consumer:
            return dict(await consumer.beginning_offsets(list(where)))

    async def ends(self, where: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        """The offset that the next record will get, for each partition."""
        async with self._asking() as consumer:
            return dict(await consumer.end_offsets(list(where)))

    async def read(self, where: TopicPartition, start: int, stop: int) -> Stretch:
        """The records from `start` on, up to `stop` or READ of them.

        An offset counts as empty (a transaction marker, compacted away) only when Kafka's answer went past it: a dead
        broker answers with nothing, too.
        """
        records: list[Record] = []
        async with self._asking() as consumer:
            low = (await consumer.beginning_offsets([where]))[where]
            position = min(max(start, low), stop)
            self._rest(consumer, where)
            consumer.seek(where, position)
            while position < stop and len(records) < READ:
                got = await consumer.getmany(where, timeout_ms=200, max_records=READ - len(records))
                records += [record for record in got.get(where, ()) if record.offset < stop]
                position = await consumer.position(where)
            self._rest(consumer)
        return Stretch(where, start, min(position, stop), records, low if low > start else 0)

    async def stop(self) -> None:
        """Close the connection to Kafka."""
        if self._consumer is not None:
            consumer, self._consumer = self._consumer, None
            await consumer.stop()

    def _rest(self, consumer: AIOKafkaConsumer, reading: TopicPartition | None = None) -> None:
        """Know every topic's metadata, but fetch only `reading`: a long poll would delay our next question."""
        known = {TopicPartition(topic, 0) for topic in self._topics}
        consumer.assign(sorted(known | {reading} if reading else known))
        consumer.pause(*(known - {reading}))

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[AIOKafkaConsumer]:
        try:
            async with self._one_at_a_time, asyncio.timeout(PATIENCE):
                if self._consumer is None:
                    self._consumer = await self._start()
                yield self._consumer
        except OSError as error:  # includes the timeout
            raise LogUnavailable(f"Kafka did not answer: {error!r}") from error

    async def _start(self) -> AIOKafkaConsumer:
        # read_uncommitted like Faust's consumer: both must see the same records. "none": it never jumps by itself.
        consumer = AIOKafkaConsumer(
            group_id=None, enable_auto_commit=False, auto_offset_reset="none", fetch_max_wait_ms=20,
            metadata_max_age_ms=5000, **self._broker.client(),
        )  # fmt: skip
        if self._topics:
            self._rest(consumer)
        try:
            await consumer.start()
        except BaseException:
            await consumer.stop()
            raise
        return consumer
