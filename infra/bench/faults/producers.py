"""The two sources: one posts over HTTP, one writes to its Kafka topic. Both try again until they have an answer."""

import asyncio
import random
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from events.codec import BATCH, STRUCTURED, to_http, to_kafka, to_structured
from infra.bench.faults.feed import Feed, batch, named
from infra.bench.faults.ledger import Binding, Item, Ledger

TOPIC = "in.sample"
PARTITIONS = 4
SENDERS = 6  # of each binding at once
LARGEST_BATCH = 20
PATIENCE = 10.0  # seconds for one attempt over HTTP

Queue = asyncio.Queue[Item]


class Producers:
    """Send a feed at a steady rate, with its repeats; `ledger` has what was answered."""

    def __init__(self, feed: Feed, ledger: Ledger, kafka: str, http: Callable[[], str], token: str, seed: int) -> None:
        self._feed, self.ledger, self._kafka, self._http, self._token = feed, ledger, kafka, http, token
        self._dice = random.Random(seed)
        self._queues: dict[Binding, Queue] = {"http": asyncio.Queue(), "kafka": asyncio.Queue()}
        self._producer: Any = None  # an AIOKafkaProducer, while it works
        self._making = asyncio.Lock()

    async def run(self, rate: float) -> None:
        """Send everything, `rate` events a second; returns when the last one is answered."""
        async with httpx.AsyncClient(
            timeout=PATIENCE, trust_env=False, headers={"Authorization": f"Bearer {self._token}"}
        ) as client:
            try:
                async with asyncio.TaskGroup() as group:
                    senders = [group.create_task(self._post(client)) for _ in range(SENDERS)]
                    senders += [group.create_task(self._write()) for _ in range(SENDERS)]
                    await self._fill(rate)
                    for sender in senders:
                        sender.cancel()
            finally:
                if self._producer is not None:
                    await self._drop(self._producer)

    async def _fill(self, rate: float) -> None:
        for binding, item in self._feed.first():
            self._queues[binding].put_nowait(item)
            await asyncio.sleep(1 / rate)
        for queue in (*self._queues.values(), *self._queues.values()):  # twice: what follows may go the other way
            await queue.join()

    async def _post(self, client: httpx.AsyncClient) -> None:
        queue = self._queues["http"]
        while True:
            items = [await queue.get()]
            # Now and then what waits goes as one batch, else each alone, in either mode.
            most = self._dice.choice((1, 1, 2, LARGEST_BATCH))
            while len(items) < most and not queue.empty():
                items.append(queue.get_nowait())
            for item, result in zip(items, await self._until_answered(client, items), strict=True):
                self.ledger.answered(item, result["status"], [error["rule"] for error in result["errors"]])
                if result["status"] == "accepted":
                    self._follow(item, "http")
            for _ in items:
                queue.task_done()

    async def _until_answered(self, client: httpx.AsyncClient, items: list[Item]) -> list[dict[str, Any]]:
        headers, body = self._request(items)
        while True:
            try:
                answer = await client.post(f"{self._http()}/api/v1/events", content=body, headers=headers)
                if "results" in (said := _json(answer)):
                    self.ledger.counts[f"HTTP {answer.status_code}"] += 1
                    results: list[dict[str, Any]] = said["results"]
                    return results
                self.ledger.counts[f"HTTP {answer.status_code} (sent again)"] += 1
                if answer.status_code not in (429, 503):
                    self.ledger.wrong.append(f"HTTP {answer.status_code} for events: {said.get('title', '')}")
            except (httpx.HTTPError, OSError) as error:
                self.ledger.counts[f"HTTP {type(error).__name__} (sent again)"] += 1
            await asyncio.sleep(self._dice.uniform(0.2, 0.6))

    def _request(self, items: list[Item]) -> tuple[dict[str, str], bytes]:
        if len(items) > 1:
            return {"Content-Type": BATCH}, batch(items)
        if self._dice.random() < 0.5:
            return {"Content-Type": STRUCTURED}, to_structured(items[0].event)
        headers, body = to_http(items[0].event)
        return dict(headers), body

    async def _write(self) -> None:
        queue = self._queues["kafka"]
        while True:
            item = await queue.get()
            await self._until_acknowledged(item)
            self.ledger.acknowledged(item)
            self._follow(item, "kafka")
            queue.task_done()

    async def _until_acknowledged(self, item: Item) -> None:
        headers, value = item.raw or self._record(item)
        place = zlib.crc32("|".join(item.key).encode()) % PARTITIONS
        while True:
            producer = None
            try:
                producer = await self._ready()
                await producer.send_and_wait(TOPIC, value, key=named(item), headers=headers, partition=place)
                return
            except (KafkaError, OSError) as error:
                self.ledger.counts[f"Kafka {type(error).__name__} (sent again)"] += 1
                if producer is not None:
                    await self._drop(producer)
                await asyncio.sleep(0.5)

    def _record(self, item: Item) -> tuple[list[tuple[str, bytes]], bytes | None]:
        if self._dice.random() < 0.3:
            return [("content-type", STRUCTURED.encode())], to_structured(item.event)
        return to_kafka(item.event)

    def _follow(self, item: Item, binding: Binding) -> None:
        followers: Iterable[tuple[Binding, Item]] = self._feed.after(item, binding)
        for where, follower in followers:
            self._queues[where].put_nowait(follower)

    async def _ready(self) -> AIOKafkaProducer:
        async with self._making:
            if self._producer is None:
                producer = AIOKafkaProducer(bootstrap_servers=self._kafka, acks="all", enable_idempotence=True, linger_ms=2,
                                            metadata_max_age_ms=5000)  # fmt: skip
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer

    async def _drop(self, producer: AIOKafkaProducer) -> None:
        """Let a producer that failed go, once, whoever notices first."""
        if self._producer is producer:
            self._producer = None
            try:
                async with asyncio.timeout(3):
                    await producer.stop()
            except (KafkaError, OSError):
                self.ledger.counts["Kafka producer abandoned"] += 1


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        said: dict[str, Any] = answer.json()
        return said
    except ValueError:
        return {}
