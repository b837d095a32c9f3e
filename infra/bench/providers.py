"""Hand-over with a bad provider: three providers, one of them dead or answering in ten seconds; and a great backlog.

python -m infra.bench.providers [--rate 50] [--seconds 20] [--backlog 10000]
Latency runs from the commit that makes a message to its arrival at a good provider. Plain apprise in the same run.
"""

import argparse
import asyncio
import json
import logging
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apprise
import psutil

from infra.bench.figures import percentile
from infra.bench.three_providers import NAMES, Provider, three
from services.chassis.clock import SystemClock
from services.chassis.context import Context
from services.chassis.database import connect_pool, migrate
from services.chassis.seal import load_seal
from services.chassis.settings import Settings
from services.embedded.postgres import running
from services.notifier.channels import read_channels
from services.notifier.deliver import deliver
from services.notifier.desk import set_desk

NEVER = 1000.0  # seconds; stands for what did not arrive at all
CRITICAL_EVERY = 20  # one in twenty messages
_TABLES = """
drop schema if exists referral cascade;
create schema referral;
create table referral.current_view (id text primary key, state text, clocks jsonb);
create table referral.calendar_year_view (year int primary key, known_since timestamptz, notice jsonb);
truncate notifier.delivery, notifier.message, notifier.notice, notifier.contact, notifier.person cascade;
insert into notifier.person values ('p', 'x', true);
insert into notifier.contact values ('p', 'sms', '13800000000'), ('p', 'wecom', 'p'), ('p', 'voice', '13800000000');
"""
# Messages $1 to $2, each on one channel and to be handed over at $3.
_FILL = """
with made as (
  select n, 'm' || n as id, case when n % 20 = 0 then 0 else 2 end as priority, (array['sms', 'wecom', 'voice'])[1 + n % 3] as channel
  from generate_series($1::int, $2::int) n
), referral as (insert into referral.current_view select 'r' || id, 'sent', '[]' from made
), notice as (insert into notifier.notice
  select 'n' || id, 'c', 'g' || id, null, 'r' || id, 'JL26-AAAAAAAA', 'case' || id, '220122', 'primary',
    case priority when 0 then 'CRITICAL' else 'MEDIUM' end, 'C3', 'civil_affairs', 'county', '220122', 'duty_officer', 0,
    'opened', 'opened', null, null, array[channel], false, $3, $3, null, 'telling', '{}' from made
), message as (insert into notifier.message
  select id, 'n' || id, array['r' || id], array['JL26-AAAAAAAA'], 'civil_affairs', 'county', '220122', 'duty_officer', 0,
    'opened', 'p', 'x', '【吉林儿童保护】红色转介', false, '{}', array[channel], $3, 'open' from made
), delivery as (insert into notifier.delivery
  select id, channel, 'p', false, priority, 0, 'queued', '', 0, false, $3, null, null, '' from made)
select pg_notify('shouhu_messages', channel) from (select distinct channel from made) c
"""
_WAITING = "select exists (select from notifier.delivery where state in ('queued', 'sending'))"


class Bench:
    """A notifier that runs against three providers."""

    def __init__(self, dsn: str, place: Path, providers: Sequence[Provider]) -> None:
        self.dsn, self.place, self.providers = dsn, place, providers
        self.most_sockets = 0

    async def __aenter__(self) -> "Bench":
        self.pool = await connect_pool(self.dsn)
        await self.pool.execute(_TABLES)
        context = Context(Settings(postgres=self.dsn, data=self.place), self.pool, load_seal(self.place), SystemClock())
        self.channels = read_channels("\n".join(f"{each.name}: {each.url}" for each in self.providers))
        set_desk(context, self.channels)
        self.task = asyncio.create_task(deliver(context))
        self.counting = asyncio.create_task(self._count())
        await asyncio.sleep(1)
        return self

    async def _count(self) -> None:
        """Sockets to one provider, as this process has them: a provider sees one that was closed a little longer."""
        ours, ports = psutil.Process(), [each.port for each in self.providers]
        while True:
            await asyncio.sleep(0.2)
            remote = [
                each.raddr.port for each in ours.net_connections("tcp") if each.raddr and each.status == "ESTABLISHED"
            ]
            self.most_sockets = max(self.most_sockets, *(remote.count(port) for port in ports))

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()
        self.counting.cancel()
        await asyncio.gather(self.task, self.counting, return_exceptions=True)
        self.channels.close()
        await self.pool.close()

    async def queue(self, first: int, last: int) -> None:
        """Commit messages that are due now."""
        await self.pool.execute(_FILL, first, last, SystemClock().now())


async def at_rate(bench: Bench, rate: int, seconds: int) -> dict[str, Any]:
    """Messages committed one by one, a third for each provider: when those of the good ones arrived."""
    committed: dict[str, float] = {}
    commits = []  # how long the machine took for each commit: what no notifier can be faster than
    async with bench:
        started = time.monotonic()
        for number in range(rate * seconds):
            await asyncio.sleep(max(started + number / rate - time.monotonic(), 0))
            before = time.monotonic()
            await bench.queue(number, number)
            committed[f"m{number}"] = time.monotonic()
            commits.append(committed[f"m{number}"] - before)
        await asyncio.sleep(2)
        told = [each.told() for each in bench.providers]
    good = {each.name: one["arrived"] for each, one in zip(bench.providers, told, strict=True) if each.health == "good"}
    late = [
        good[name].get(id_, at + NEVER) - at
        for id_, at in committed.items()
        if (name := NAMES[int(id_[1:]) % 3]) in good
    ]
    return _told(late) | {
        "most_sockets": bench.most_sockets,
        "commit_p99_ms": round(percentile(commits, 0.99) * 1000, 1),
    }


async def plain_apprise(providers: Sequence[Provider], rate: int, seconds: int) -> dict[str, Any]:
    """The same load by apprise used plainly: one object for each provider, everything as it comes."""
    targets = {}
    for each in providers:
        targets[each.name] = apprise.Apprise()
        targets[each.name].add(each.url)
        for target in targets[each.name]:
            target.request_rate_per_sec = 0
    asked: dict[str, float] = {}
    tasks = []
    started = time.monotonic()
    for number in range(rate * seconds):
        await asyncio.sleep(max(started + number / rate - time.monotonic(), 0))
        asked[f"m{number}"] = time.monotonic()
        tasks.append(asyncio.create_task(targets[NAMES[number % 3]].async_notify(body=f"m{number}")))
    await asyncio.gather(*tasks)
    told = {each.name: each.told() for each in providers}
    good = {each.name: told[each.name]["arrived"] for each in providers if each.health == "good"}
    late = [
        good[name].get(id_, at + NEVER) - at for id_, at in asked.items() if (name := NAMES[int(id_[1:]) % 3]) in good
    ]
    return _told(late)


async def backlog(bench: Bench, messages: int) -> dict[str, Any]:
    """All due in the same moment: how long until all were handed over, in which order, how often, over how many sockets."""
    async with bench:
        await bench.queue(1, messages)
        started = time.monotonic()
        while await bench.pool.fetchval(_WAITING):  # noqa: ASYNC110  the rows themselves are what is measured
            await asyncio.sleep(0.1)
        took = time.monotonic() - started
        told = [each.told() for each in bench.providers]
    arrived = {id_: at for one in told for id_, at in one["arrived"].items()}
    orders = [one["order"] for one in told]
    wrong = sum(_overtaken([int(id_[1:]) % CRITICAL_EVERY == 0 for id_ in order]) for order in orders)
    critical = [at for id_, at in arrived.items() if int(id_[1:]) % CRITICAL_EVERY == 0]
    return {
        "seconds": round(took, 1), "per_second": round(messages / took), "lost": messages - len(arrived),
        "twice": sum(len(order) for order in orders) - len(arrived), "most_sockets": bench.most_sockets,
        "last_critical_s": round(max(critical) - min(arrived.values()), 2),
        "ordinary_before_a_critical": wrong,
    }  # fmt: skip


def _overtaken(critical: Sequence[bool]) -> int:
    """How many ordinary messages came before the last critical one, beyond what was under way together with it."""
    last = max((n for n, each in enumerate(critical) if each), default=-1)
    return max(sum(not each for each in critical[: last + 1]) - 16, 0)


def _told(late: Sequence[float]) -> dict[str, Any]:
    return {
        "p50_ms": round(percentile(late, 0.5) * 1000, 1),
        "p99_ms": round(percentile(late, 0.99) * 1000, 1),
        "messages": len(late),
        "lost": sum(each >= NEVER for each in late),
    }


def measure(rate: int = 50, seconds: int = 20, messages: int = 10_000) -> dict[str, Any]:
    """Every measurement, one after the other, on an embedded PostgreSQL of its own."""
    found: dict[str, Any] = {}
    logging.getLogger("services.notifier").setLevel(logging.CRITICAL + 1)  # there is nobody to go to next, and no need
    with tempfile.TemporaryDirectory() as name, running(Path(name)) as server:
        place, dsn = Path(name), server.dsn_of("postgres")
        asyncio.run(migrate(dsn))
        for health in ("good", "slow", "dead"):
            with three("good", "good", health) as providers:
                found[f"one_{health}"] = asyncio.run(at_rate(Bench(dsn, place, providers), rate, seconds))
        with three("good", "good", "slow") as providers:
            found["plain_apprise_one_slow"] = asyncio.run(plain_apprise(providers, rate, min(seconds, 10)))
        with three("good", "good", "good") as providers:
            found["backlog"] = asyncio.run(backlog(Bench(dsn, place, providers), messages))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--backlog", type=int, default=10_000)
    given = parser.parse_args()
    print(json.dumps(measure(given.rate, given.seconds, given.backlog), indent=1))
