"""From an event accepted over HTTP to its first message at a channel, at a steady rate of the sample mix."""

import asyncio
import time
from datetime import timedelta
from urllib.parse import urlsplit

import asyncpg

from events.codec import to_structured
from events.envelope import Event
from infra.bench.figures import percentile
from infra.bench.receiver import Receiver
from infra.bench.running_system import Running
from services.chassis.clock import SystemClock
from services.simulate.sample_stream import stream

# The first messages of the referrals that an event opened; those held back on purpose (quiet hours) are none of them.
MESSAGES = """select m.id, r.event_id from notifier.message_view m
  join referral.current_view r on r.id = any(m.referral_ids)
  where m.reason = 'opened' and r.event_id = any($1::text[])
    and not exists (select 1 from notifier.notice_view n where n.referral_id = r.id and n.not_before > n.created_at)"""
IDLE = 3.0  # seconds after which a kept connection is made anew; the door ends idle ones after 5
WARM_UP = 3.0  # seconds at the same rate that are not counted: first connections, first statements


class Poster:
    """One kept connection that posts one event at a time."""

    def __init__(self, running: Running) -> None:
        self._host, self._port = str(urlsplit(running.http).hostname), int(urlsplit(running.http).port or 80)
        self._head = (
            f"POST /api/v1/events HTTP/1.1\r\nHost: {self._host}\r\nAuthorization: Bearer {running.token}\r\n"
            "Content-Type: application/cloudevents+json\r\nContent-Length: "
        ).encode()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0

    async def post(self, event: Event) -> float:
        """The monotonic time at which the 202 was read. Raises RuntimeError for any other answer."""
        if self._streams is not None and time.monotonic() - self._used > IDLE:
            self.close()
            self._streams = None
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        body = to_structured(event)
        writer.write(self._head + str(len(body)).encode() + b"\r\n\r\n" + body)
        head = await reader.readuntil(b"\r\n\r\n")
        at = self._used = time.monotonic()
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        answer = await reader.readexactly(length)
        if b" 202 " not in head.split(b"\r\n", 1)[0] or b'"accepted"' not in answer:
            raise RuntimeError(f"the door said {head.split(chr(13).encode(), 1)[0]!r} {answer[:300]!r}")
        return at

    def close(self) -> None:
        """Give the connection back."""
        if self._streams is not None:
            self._streams[1].close()


async def end_to_end(running: Running, receiver: Receiver, rate: float, seconds: float) -> dict[str, float]:
    """Percentiles in ms; `door_…` is the answer time of the door itself."""
    started = SystemClock().now()
    events = stream(f"e2e{int(started.timestamp())}", started, timedelta(seconds=1 / rate))
    posters: asyncio.LifoQueue[Poster] = asyncio.LifoQueue()
    accepted: dict[str, float] = {}
    door: list[float] = []
    tasks: list[asyncio.Task[None]] = []

    async def send(event: Event, counted: bool) -> None:
        poster = Poster(running) if posters.empty() else posters.get_nowait()
        before = time.monotonic()
        at = await poster.post(event)
        posters.put_nowait(poster)
        if counted:
            accepted[event.id] = at
            door.append(at - before)

    begin = time.monotonic()
    for number in range(int(rate * (WARM_UP + seconds))):
        await asyncio.sleep(max(0.0, begin + number / rate - time.monotonic()))
        tasks.append(asyncio.create_task(send(next(events), number >= rate * WARM_UP)))
    await asyncio.gather(*tasks)
    while not posters.empty():
        posters.get_nowait().close()
    first, messages = await _first_messages(running.postgres, receiver, list(accepted))
    took = [(first[event] - accepted[event]) * 1000 for event in first]
    return {
        "p50": percentile(took, 0.5), "p95": percentile(took, 0.95), "p99": percentile(took, 0.99), "max": max(took),
        "door_p50": percentile([s * 1000 for s in door], 0.5), "door_p99": percentile([s * 1000 for s in door], 0.99),
        "events": len(accepted), "events_with_message": len(took), "messages": messages,
    }  # fmt: skip


async def _first_messages(dsn: str, receiver: Receiver, events: list[str]) -> tuple[dict[str, float], int]:
    """When the first message of each event arrived, and how many messages there were; waits until all are there."""
    db = await asyncpg.connect(dsn)
    try:
        for _ in range(100):
            await asyncio.sleep(0.3)
            rows = await db.fetch(MESSAGES, events)
            arrived = receiver.arrived()
            if rows and all(row["id"] in arrived for row in rows):
                break
        first: dict[str, float] = {}
        for row in rows:
            at = arrived.get(row["id"], float("inf"))  # one that never came is not left out
            first[row["event_id"]] = min(at, first.get(row["event_id"], float("inf")))
        return first, len(rows)
    finally:
        await db.close()
