"""Messages handed over per second, from the queue in PostgreSQL to a receiver here; plain apprise beside it.

python -m infra.bench.handover [--messages 4000]
"""

import argparse
import asyncio
import json
import multiprocessing
import socket
import tempfile
import time
from pathlib import Path
from typing import Any

import apprise

from services.chassis.clock import SystemClock
from services.chassis.context import Context
from services.chassis.database import connect_pool, migrate
from services.chassis.seal import load_seal
from services.chassis.settings import Settings
from services.embedded.postgres import running
from services.notifier.channels import read_channels
from services.notifier.deliver import deliver
from services.notifier.desk import set_desk

_FILL = """
drop schema if exists referral cascade;
create schema referral;
create table referral.current_view (id text primary key, state text, clocks jsonb);
insert into referral.current_view select 'r' || n, 'sent', '[]' from generate_series(1, {n}) n;
insert into notifier.person values ('p', 'x', true);
insert into notifier.contact values ('p', 'sms', '13800000000'), ('p', 'wecom', 'p');
insert into notifier.notice
  select 'n' || n, 'c', 'g' || n, null, 'r' || n, 'JL26-AAAAAAAA', 'case' || n, '220122', 'primary', 'CRITICAL', 'C3',
    'civil_affairs', 'county', '220122', 'duty_officer', 0, 'opened', 'opened', null, null, '{{sms,wecom}}', false,
    now(), now(), null, 'telling', '{{}}'
  from generate_series(1, {n}) n;
insert into notifier.message
  select 'm' || n, 'n' || n, array['r' || n], array['JL26-AAAAAAAA'], 'civil_affairs', 'county', '220122',
    'duty_officer', 0, 'opened', 'p', 'x', '【吉林儿童保护】红色转介', false, '{{}}', '{{sms,wecom}}', now(), 'open'
  from generate_series(1, {n}) n;
insert into notifier.delivery
  select 'm' || n, c, 'p', false, 0, 0, 'queued', '', 0, false, now(), null, null, ''
  from generate_series(1, {n}) n, unnest(array['sms', 'wecom']) c;
analyze;
"""
_WAITING = "select exists (select from notifier.delivery where state in ('queued', 'sending'))"


async def _serve(listener: socket.socket) -> None:
    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
                )
                await reader.readexactly(length)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(one, sock=listener)
    await server.serve_forever()


def receive(listener: socket.socket) -> None:
    """A receiver that takes everything, in a process of its own."""
    asyncio.run(_serve(listener))


async def from_queue(dsn: str, directory: Path, port: int, messages: int) -> float:
    """Messages per second (one channel of one message each) from queued rows to recorded outcomes."""
    pool = await connect_pool(dsn)
    context = Context(Settings(postgres=dsn, data=directory), pool, load_seal(directory), SystemClock())
    channels = read_channels(f"sms: json://127.0.0.1:{port}/sms\nwecom: json://127.0.0.1:{port}/wecom")
    set_desk(context, channels)
    await pool.execute(_FILL.format(n=messages // 2))
    started = time.perf_counter()
    task = asyncio.create_task(deliver(context))
    while await pool.fetchval(_WAITING):  # noqa: ASYNC110  the rows themselves are what is measured
        await asyncio.sleep(0.05)
    took = time.perf_counter() - started
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    bad = await pool.fetchval("select count(*) from notifier.delivery where state <> 'sent'")
    if bad:
        raise RuntimeError(f"{bad} deliveries were not sent")
    channels.close()
    await pool.close()
    return messages / took


async def plain_apprise(port: int, messages: int) -> float:
    """The same receiver by apprise used plainly: 16 at a time, nothing recorded."""
    one = apprise.Apprise()
    one.add(f"json://127.0.0.1:{port}/plain")
    for target in one:
        target.request_rate_per_sec = 0
    places = asyncio.Semaphore(16)

    async def send() -> None:
        async with places:
            await one.async_notify(body="x")

    started = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(messages)))
    return messages / (time.perf_counter() - started)


def documented_apprise(port: int, messages: int) -> float:
    """Apprise as the first lines of its documentation use it: one object, one `notify` after the other."""
    one = apprise.Apprise()
    one.add(f"json://127.0.0.1:{port}/plain")
    started = time.perf_counter()
    for _ in range(messages):
        one.notify(body="x", title="x")
    return messages / (time.perf_counter() - started)


def measure(messages: int) -> dict[str, Any]:
    """Both figures, on an embedded PostgreSQL of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = int(listener.getsockname()[1])
    receiver = multiprocessing.get_context("spawn").Process(target=receive, args=(listener,), daemon=True)
    receiver.start()
    try:
        with tempfile.TemporaryDirectory() as place, running(Path(place)) as server:
            dsn = server.dsn_of("postgres")
            asyncio.run(migrate(dsn))
            return {
                "handed_over_per_second": round(asyncio.run(from_queue(dsn, Path(place), port, messages))),
                "plain_apprise_per_second": round(asyncio.run(plain_apprise(port, min(messages, 1000)))),
                "documented_apprise_per_second": round(documented_apprise(port, min(messages, 500))),
                "messages": messages,
            }
    finally:
        receiver.terminate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=4000)
    print(json.dumps(measure(parser.parse_args().messages)))
