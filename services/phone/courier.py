"""Tells our product what the providers have to tell: receipts, replies, presses, each to the URL that was entered for it."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import httpx

from services.phone.gateway import Gateway

log = logging.getLogger(__name__)
AGAIN = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30))  # then it is given up
PATIENCE = 5.0  # seconds; what WeCom and the clouds give a callback
AT_ONCE = 100  # reports in one request

Rows = Sequence[Mapping[str, Any]]
Tell = Callable[[httpx.AsyncClient, str, Rows, bool], Any]
"""Tells some pushes of one kind to a URL; the last argument says that it is a forger who tells. True if they were taken."""


class Courier:
    """Runs while there is something to tell; `wake` it when there is more."""

    def __init__(self, gateway: Gateway, tells: Mapping[tuple[str, str], Tell]) -> None:
        self._gateway = gateway
        self._tells = tells
        self._task: asyncio.Task[None] | None = None
        self._more = asyncio.Event()

    def wake(self) -> None:
        """Look again."""
        self._more.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._more.is_set():  # nothing is awaited between the last look and the end, so no call to wake is lost
            async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
                await self._until_idle(client)

    async def _until_idle(self, client: httpx.AsyncClient) -> None:
        while not self._gateway.context.pool.is_closing():
            self._more.clear()
            try:
                next_at = await self._round(client)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("the phone gateway cannot tell anything now: %s", type(error).__name__)
                await asyncio.sleep(1)
                continue
            if next_at is None:
                return
            left = (next_at - self._gateway.context.clock.now()).total_seconds()
            if left > 0:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._more.wait(), min(left, 5.0))

    async def _round(self, client: httpx.AsyncClient) -> datetime | None:
        """Tell all that is due; returns when the next is."""
        pool, now = self._gateway.context.pool, self._gateway.context.clock.now()
        rows = await pool.fetch(
            "select p.*, c.url, s.out_id, s.success, s.code as word, s.at, s.due_at, s.text, s.channel"
            " from phone.push p left join phone.callback c on c.provider = p.provider and c.kind = p.kind"
            " left join phone.submission s on s.provider = p.provider and s.id = p.fact ->> 'id' and s.\"to\" = p.fact ->> 'to'"
            " where p.outcome = '' and p.next_at <= $1 order by p.next_at, p.id limit 1000",
            now,
        )
        heaps: dict[tuple[str, str, str, bool], list[Mapping[str, Any]]] = defaultdict(list)
        for row in rows:
            heaps[row["provider"], row["kind"], row["url"] or "", row["forged"]].append(dict(row))
        loads = [
            (key, heap[start : start + AT_ONCE])
            for key, heap in heaps.items()
            for start in range(0, len(heap), AT_ONCE)
        ]
        await asyncio.gather(*(self._tell(client, key, load) for key, load in loads))
        next_at: datetime | None = await pool.fetchval("select min(next_at) from phone.push where outcome = ''")
        return next_at

    async def _tell(self, client: httpx.AsyncClient, key: tuple[str, str, str, bool], load: Rows) -> None:
        provider, kind, url, forged = key
        if not url:
            await self._done(load, "nobody")
            return
        try:
            taken = await self._tells[provider, kind](client, url, load, forged)
        except (httpx.HTTPError, ValueError):
            taken = False
        if taken or forged:  # a forger does not try again
            await self._done(load, "taken" if taken else "given up")
            return
        now = self._gateway.context.clock.now()
        late = [row for row in load if row["attempts"] >= len(AGAIN)]
        await self._done(late, "given up")
        await self._gateway.context.pool.executemany(
            "update phone.push set attempts = attempts + 1, next_at = $2 where id = $1",
            [(row["id"], now + AGAIN[row["attempts"]]) for row in load if row["attempts"] < len(AGAIN)],
        )

    async def _done(self, load: Rows, outcome: str) -> None:
        await self._gateway.context.pool.execute(
            "update phone.push set outcome = $2, attempts = attempts + 1 where id = any($1)",
            [row["id"] for row in load],
            outcome,
        )
