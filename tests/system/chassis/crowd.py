"""Worker processes under test, what they are fed, and the reckoning of what became of it."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.structs import TopicPartition

from events.codec import from_kafka, to_kafka
from events.envelope import Event
from services.chassis.kafka_address import KafkaAddress
from tests.real_parts import create_topics

ROOT = Path(__file__).parents[3]


@dataclass
class Reckoning:
    """What became of the records of a topic."""

    fed: int
    lost: list[tuple[int, int]]
    doubled: dict[tuple[int, int], int]


@dataclass
class Crowd:
    """Some workers of one service on one topic."""

    kafka: KafkaAddress
    dsn: str
    data: Path
    topic: str
    env: dict[str, str] = field(default_factory=dict)
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    exits: list[int] = field(default_factory=list)
    fed: int = 0

    @property
    def service(self) -> str:
        """A consumer group of its own: one that lost a member a moment ago would wait for it."""
        return f"counting-{self.topic}"

    @property
    def out(self) -> str:
        return f"{self.topic}-out"

    def start(self, **env: str) -> "subprocess.Popen[bytes]":
        """One more worker."""
        given = {"SHOUHU_KAFKA": self.kafka.bootstrap, "SHOUHU_POSTGRES": self.dsn, "SHOUHU_DATA": str(self.data),
                 "TOPICS": self.topic, "SERVICE": self.service,
                 "OUT": self.out, "FROZEN": str(self.data / "frozen")}  # fmt: skip
        log = (self.data / f"worker-{len(self.workers)}-{len(self.exits)}.log").open("wb")
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.system.chassis.worker_app"],
            cwd=ROOT, env={**os.environ, **given, **self.env, **env}, stdout=log, stderr=log,
        )  # fmt: skip
        self.workers.append(worker)
        return worker

    def end(self, worker: "subprocess.Popen[bytes]", how: signal.Signals = signal.SIGKILL) -> int:
        """End a worker, and wait for it."""
        worker.send_signal(how)
        if how is signal.SIGKILL:
            worker.send_signal(signal.SIGCONT)
        code = worker.wait(20)
        self.workers.remove(worker)
        self.exits.append(code)
        return code

    def restart_the_dead(self) -> None:
        """What the supervisor does."""
        for worker in list(self.workers):
            if (code := worker.poll()) is not None:
                self.workers.remove(worker)
                self.exits.append(code)
                self.start()

    async def feed(self, count: int, *, rate: float = 0, do: dict[int, str] | None = None) -> None:
        """Write `count` events to the topic, `rate` a second or as fast as it goes; `do` says what the n-th causes."""
        producer = AIOKafkaProducer(acks="all", enable_idempotence=True, **self.kafka.client())
        await producer.start()
        try:
            sent = []
            for n in range(self.fed, self.fed + count):
                data = {"n": n} | ({"do": do[n]} if do and n in do else {})
                headers, value = to_kafka(Event(id=f"e{n}", source="/test", type="fed.v1", data=data))
                sent.append(await producer.send(self.topic, value, key=b"%d" % (n % 97), headers=headers))
                if rate:
                    await asyncio.sleep(1 / rate)
            await asyncio.gather(*sent)
            self.fed += count
        finally:
            await producer.stop()

    async def reckon(self) -> Reckoning:
        """Compare Kafka's own record with what was handled; buried records count as handled."""
        written = {(r.partition, r.offset) for r in await read_all(self.kafka, self.topic)}
        handled = Counter(
            map(tuple, await self.query("select part, off from seen.handled where topic = $1", self.topic))
        )
        handled.update(map(tuple, await self.query(
            'select part, "offset" from chassis.dead_letter where topic = $1', self.topic)))  # fmt: skip
        return Reckoning(len(written), sorted(written - handled.keys()), {k: n for k, n in handled.items() if n > 1})

    async def query(self, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.dsn)
        try:
            return list(await connection.fetch(sql, *arguments))
        finally:
            await connection.close()

    async def until_all_are_handled(self, within: float = 25, *, restart: bool = False) -> Reckoning:
        """Wait until nothing is missing; the reckoning then, or at the end of the time."""
        deadline = time.monotonic() + within
        while (found := await self.reckon()).lost and time.monotonic() < deadline:
            if restart:
                self.restart_the_dead()
            elif all(worker.poll() is not None for worker in self.workers):
                break
            await asyncio.sleep(0.3)
        return found

    async def until_handled(self, count: int, within: float = 20) -> None:
        """Wait until so many records were handled."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if len(await self.query("select 1 from seen.handled")) >= count:
                return
            await asyncio.sleep(0.02)

    async def until_published(self, within: float = 10) -> None:
        """Wait until nothing is left in the outbox."""
        deadline = time.monotonic() + within
        while await self.query("select 1 from chassis.outbox where published_at is null limit 1"):
            assert time.monotonic() < deadline, "the outbox did not empty"
            await asyncio.sleep(0.1)

    async def published(self) -> list[Event]:
        """Every event of the output topic, repeats included."""
        return [from_kafka(record.headers, record.value) for record in await read_all(self.kafka, self.out)]

    async def until(self, true: Callable[[], Any], within: float = 20) -> None:
        """Wait for something; fails with its name after `within` seconds."""
        deadline = time.monotonic() + within
        while not true():
            assert time.monotonic() < deadline, f"waited {within} s for {true.__name__}"
            await asyncio.sleep(0.05)

    def logs(self) -> str:
        return "\n".join(file.read_text(errors="replace") for file in sorted(self.data.glob("worker-*.log")))


@contextlib.asynccontextmanager
async def crowd(
    kafka: KafkaAddress, dsn: str, data: Path, topic: str, *, workers: int, **env: str
) -> AsyncIterator[Crowd]:
    """A topic of 6 partitions with its workers; they are killed at the end."""
    await create_topics(kafka, 6, topic, f"{topic}-out")
    made = Crowd(kafka, dsn, data, topic, env)
    await made.query("create schema seen")
    await made.query("create table seen.handled(topic text, part int, off bigint, pid int, at bigint)")
    try:
        for _ in range(workers):
            made.start()
        yield made
    finally:
        for worker in list(made.workers):
            made.end(worker)


async def read_all(kafka: KafkaAddress, topic: str) -> list[Any]:
    """Every record of a topic, straight from Kafka."""
    consumer = AIOKafkaConsumer(topic, group_id=None, auto_offset_reset="earliest", enable_auto_commit=False,
                                fetch_max_wait_ms=50, **kafka.client())  # fmt: skip
    await consumer.start()
    try:
        parts: Iterable[TopicPartition] = consumer.assignment()
        ends = await consumer.end_offsets(parts)
        found: list[Any] = []
        while any([await consumer.position(part) < end for part, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += records
        return found
    finally:
        await consumer.stop()
