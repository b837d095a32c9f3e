"""The floor: what a bare Kafka client does on the same broker in the same run, from one topic to another."""

import asyncio
import os
import time

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

SIZE = 700  # bytes, about that of an event


async def floor(kafka: str, messages: int) -> float:
    """Messages per second, consumed and produced again with acks=all, waiting for every batch; nothing else is done."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(f"floor.{name}", 8, 1) for name in ("from", "to")])
    await admin.close()
    await asyncio.sleep(1)  # the broker says "made" a moment before the partitions have leaders
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True, linger_ms=0)
    await producer.start()
    consumer = AIOKafkaConsumer("floor.from", bootstrap_servers=kafka, auto_offset_reset="earliest", group_id=None)
    await consumer.start()
    try:
        value = os.urandom(SIZE)
        await asyncio.wait([await producer.send("floor.from", value, key=str(n).encode()) for n in range(messages)])
        begin, done = time.monotonic(), 0
        while done < messages:
            batch = await consumer.getmany(timeout_ms=1000, max_records=500)
            sent = [await producer.send("floor.to", r.value, key=r.key) for records in batch.values() for r in records]
            if sent:
                await asyncio.wait(sent)
            done += len(sent)
        return messages / (time.monotonic() - begin)
    finally:
        await consumer.stop()
        await producer.stop()
