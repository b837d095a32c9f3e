"""What Kafka itself lost is recorded, loudly; and a relay publishes what another process committed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.structs import TopicPartition

from events.envelope import Event
from services.chassis.consume import Consumption
from services.chassis.context import Context
from services.chassis.kafka_address import KafkaAddress
from services.chassis.log_reader import LogReader
from services.chassis.record import Record
from services.chassis.relay import Relay
from services.chassis.sweep import Sweep
from services.chassis.work import Work, transaction
from tests.real_parts import create_topics, fresh_context
from tests.system.chassis.crowd import read_all


class Service:
    """A service that remembers the offsets it handled, and its sweep."""

    def __init__(self, context: Context, kafka: KafkaAddress, topic: str) -> None:
        self.context, self.kafka, self.topic = context, kafka, topic
        self.offsets: list[int] = []
        self.reader = LogReader(kafka, [topic])
        self.sweep = Sweep(Consumption(context, "referral", lambda topic: self.handle, self.reader), silent=0.0)

    async def handle(self, work: Work, records: Sequence[Record]) -> None:
        self.offsets += [record.offset for record in records]

    async def write(self, count: int) -> None:
        producer = AIOKafkaProducer(**self.kafka.client())
        await producer.start()
        for _ in range(count):
            await producer.send_and_wait(self.topic, b"x", partition=0)
        await producer.stop()

    async def delete_before(self, offset: int) -> None:
        admin = AIOKafkaAdminClient(**self.kafka.client())
        await admin.start()
        await admin.delete_records({TopicPartition(self.topic, 0): RecordsToDelete(before_offset=offset)})
        await admin.close()


@pytest_asyncio.fixture
async def service(kafka: KafkaAddress, database: str, tmp_path: Path, topic_prefix: str) -> AsyncIterator[Service]:
    topic = f"{topic_prefix}log"
    await create_topics(kafka, 1, topic)
    async with fresh_context(database, tmp_path, kafka=kafka) as context:
        made = Service(context, kafka, topic)
        yield made
        await made.reader.stop()


async def test_the_sweep_alone_handles_everything(service: Service) -> None:
    await service.write(20)
    for _ in range(3):
        await service.sweep.look()
    assert service.offsets == list(range(20))
    assert service.sweep.late == pytest.approx(0, abs=5)


async def test_what_kafka_deleted_before_it_was_handled_is_recorded_with_its_range(service: Service) -> None:
    await service.write(10)
    for _ in range(2):
        await service.sweep.look()
    await service.write(20)
    await service.delete_before(15)
    for _ in range(2):
        await service.sweep.look()
    assert service.offsets == [*range(10), *range(15, 30)]
    rows = await service.context.pool.fetch("select from_offset, to_offset, reason from chassis.not_consumed")
    assert [tuple(row) for row in rows] == [(10, 15, "deleted by retention")]


async def test_a_log_that_ends_before_the_position_is_read_from_its_start_again(service: Service) -> None:
    await service.write(5)
    await service.sweep.look()
    await service.context.pool.execute("update chassis.position set next_offset = 40")
    for _ in range(3):
        await service.sweep.look()
    assert service.offsets[-5:] == list(range(5))
    rows = await service.context.pool.fetch("select from_offset, to_offset, reason from chassis.not_consumed")
    assert [tuple(row) for row in rows] == [(5, 40, "log ends before the position")]


async def test_a_relay_publishes_at_once_what_another_process_committed_and_in_order(
    service: Service, database: str, tmp_path: Path
) -> None:
    relays = [asyncio.create_task(Relay(service.context, "referral").run()) for _ in range(2)]
    try:
        async with fresh_context(database, tmp_path / "another process", kafka=service.kafka) as other:
            for round_ in range(3):
                async with transaction(other, "referral") as work:
                    for n in range(100):
                        event = Event(id=f"{round_}-{n}", source="/t", type="t.v1", data={})
                        work.publish(service.topic, "one key", event)
            for _ in range(100):
                if len(found := await read_all(service.kafka, service.topic)) >= 300:
                    break
        ids = [dict(record.headers)["ce_id"].decode() for record in found]
        assert ids == [f"{round_}-{n}" for round_ in range(3) for n in range(100)]
    finally:
        for relay in relays:
            relay.cancel()
        await asyncio.gather(*relays, return_exceptions=True)
