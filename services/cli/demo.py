"""`shouhu demo`: everything, with people who do not exist, a stream of sample events and phones in the browser."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Literal

import httpx
import orjson
import typer

from events.codec import to_structured
from events.envelope import Event
from services.access.sample import token_file
from services.account.reckoning import Account
from services.account.trace import trace
from services.chassis.clock import SystemClock
from services.chassis.database import connect
from services.cli.account import reckon, table
from services.cli.system import System
from services.cli.up import say, system
from services.simulate.sample_stream import stream

# Slow enough to read along, quick enough that something always happens.
EVERY = 3.0
ONCE = 60  # events of the non-interactive form
WAIT = 420.0  # seconds until everything must have been handled; a storm may hold messages for five minutes
ON_THE_WAY = ("queued", "sending")


def demo(
    once: Annotated[
        bool,
        typer.Option(
            "--once", help="The sample stream once, then the account; exit 0 only if all is accounted for. 只演示一遍"
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --once: print JSON only. 只输出 JSON")] = False,
    providers: Annotated[
        Literal["aliyun", "tencent", "plain"],
        typer.Option(
            help="Reach the phones by WeCom's own interface and by this cloud's for SMS and calls (receipts, replies, the "
            "card's button), or plainly. 经服务商接口发送，可演示回执、短信回复与卡片签收"
        ),
    ] = "aliyun",
) -> None:
    """Run everything with sample rosters, sample events and the phone gateway, until Ctrl-C. 演示"""
    with system(sample=True, phone=True, cloud=None if providers == "plain" else providers) as running:
        if once:
            good = asyncio.run(play_once(running, as_json))
        else:
            say(welcome(running))
            running.run(again=Live(running))
            good = True
    if not good:
        raise typer.Exit(1)


class Live:
    """Called again and again while the system runs: sends the next sample event when its time has come."""

    def __init__(self, running: System) -> None:
        self._events = sample_events()
        self._client = client(running)
        self._next = time.monotonic()

    def __call__(self) -> bool:
        """Always goes on; an event that cannot be sent now is sent later."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + EVERY
            event = next(self._events)
            try:
                answer = send(self._client, [event])
                say(f"  {event.type.removesuffix('.v1'):40} {event.source:28} {answer[0]['status']}")
            except httpx.HTTPError as error:
                say(f"  {event.type}: 未送出 not sent: {type(error).__name__}")
                self._events = itertools.chain([event], self._events)
        return True


def sample_events() -> Iterator[Event]:
    """The sample stream from now on; a second start sends other events."""
    now = SystemClock().now()
    return stream(f"demo{int(now.timestamp())}", now, timedelta(seconds=EVERY))


def client(running: System) -> httpx.Client:
    """A client with the sample source's token."""
    token = token_file(running.data, "sample-source").read_text().strip()
    return httpx.Client(
        base_url=running.http, headers={"Authorization": f"Bearer {token}"}, timeout=10, trust_env=False
    )


def send(to: httpx.Client, events: list[Event]) -> list[dict[str, Any]]:
    """Post events as one batch; the result of each."""
    body = b"[" + b",".join(to_structured(event) for event in events) + b"]"
    answer = to.post("/api/v1/events", content=body, headers={"Content-Type": "application/cloudevents-batch+json"})
    if answer.status_code not in (202, 422):
        answer.raise_for_status()
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


async def play_once(running: System, as_json: bool) -> bool:
    """Send the stream, wait until all is handled, say what became of every event; True if all is well."""
    events = list(itertools.islice(sample_events(), ONCE))
    with client(running) as to:
        for event in events:
            send(to, [event])
    found = await settled(running.postgres)
    phones = await on_phones(running)
    taken = found.messages["sent"] + found.messages["delivered"]
    lost = taken - phones
    if as_json:
        typer.echo(orjson.dumps(found.as_json()).decode())
    else:
        await say_outcomes(running.postgres, events)
        say(table(found))
        say(f"手机收到 on the phones: {phones} / {taken}")
    return (
        found.balanced
        and not found.pending
        and lost <= 0
        and not any(found.messages[s] for s in (*ON_THE_WAY, "refused", "unknown"))
    )


async def settled(dsn: str) -> Account:
    """The account once nothing is on its way any more, or as it is when the patience ends."""
    end = time.monotonic() + WAIT
    quiet = 0
    while True:
        found = await reckon(dsn)
        busy = found.pending or any(found.messages[state] for state in ON_THE_WAY)
        quiet = 0 if busy else quiet + 1
        # Twice quiet: between the last decision and its messages there is a moment in which nothing shows.
        if quiet > 2 or time.monotonic() > end:
            return found
        await asyncio.sleep(0.5)


async def on_phones(running: System) -> int:
    """How many messages reached the phone gateway, by message and channel."""
    db = await connect(running.postgres)
    try:
        count: int = await db.fetchval("select count(distinct (message_id, channel)) from phone.message")
        return count
    finally:
        await db.close()


async def say_outcomes(dsn: str, events: list[Event]) -> None:
    """One line per event: what it was and what became of it."""
    db = await connect(dsn)
    try:
        for event in events:
            told = await trace(db, event.id, event.source, SystemClock())
            numbers = [r["number"] for r in told["referrals"]] if told else []
            outcome = told["outcome"] if told else "unaccounted"
            say(f"  {event.id:22} {event.type.removesuffix('.v1'):38} {outcome:12} {' '.join(numbers)}")
    finally:
        await db.close()


def welcome(running: System) -> str:
    """Where to look, and how to sign in."""
    return f"""
  Shouhu 守护 · 演示 demo
    控制台 console   {running.http}/
    手机 phones      {running.http}/phone
    登录令牌 sign in with the content of
      运维 operations {token_file(running.data, "sample-operations")}
      值守 officer    {token_file(running.data, "sample-officer")}
    Ctrl-C 停止 stops everything
"""
