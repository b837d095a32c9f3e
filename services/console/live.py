"""Live pages: a short event when what a page shows has changed; the page then fetches the part again."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from sse_starlette.sse import EventSourceResponse
from starlette.responses import Response

from services.access.headers import HEADERS
from services.chassis.context import Context
from services.console import store
from services.console.answers import PageRoute
from services.console.duty import seats
from services.console.entry import operations_only, visitor
from services.console.referral import read_referral
from services.console.visit import Visit, render

_EVERY = 2.0  # seconds between two looks
_LOOKS = 150  # then the browser connects again, and its session is checked again
Look = Callable[[], Awaitable[object]]


def live_streams(context: Context) -> APIRouter:
    """`/live/…`: server-sent events for the pages."""
    streams = APIRouter(route_class=PageRoute, include_in_schema=False)
    Who = Annotated[Visit, Depends(visitor(context))]
    Operations = Annotated[Visit, Depends(operations_only(context))]

    @streams.get("/live/duty")
    async def duty(visit: Who) -> Response:
        """`changed` whenever the list of what waits for my posts is another one."""

        async def look() -> object:
            mine = await seats(context, visit)
            async with context.pool.acquire() as db:
                rows = await store.waiting(db, mine.agencies, mine.led)
            return [(row["id"], row["version"]) for row in rows]

        return _stream(_changes(look, lambda: "changed"))

    @streams.get("/live/ops")
    async def ops(visit: Operations) -> Response:
        """`changed` whenever a number of the strip is another one."""

        async def look() -> object:
            async with context.pool.acquire() as db:
                return await store.strip(db, context.clock.now())

        return _stream(_changes(look, lambda: "changed"))

    @streams.get("/live/r/{number}")
    async def referral(visit: Who, number: str, version: int) -> Response:
        """`changed` with a notice once the referral is no longer at the version that the page shows."""
        await read_referral(context, visit, number)

        async def look() -> object:
            async with context.pool.acquire() as db:
                row = await store.by_number(db, number)
            return row is not None and row["version"] > version

        news = bytes(render(visit, "news.html", number=number).body).decode()
        return _stream(_changes(look, lambda: news, first=False))

    return streams


async def _changes(look: Look, say: Callable[[], str], first: object = None) -> AsyncIterator[dict[str, str]]:
    seen = _mark(await look() if first is None else first)
    for _ in range(_LOOKS):
        mark = _mark(await look())
        if mark != seen:
            seen = mark
            yield {"event": "changed", "data": say()}
        await asyncio.sleep(_EVERY)


def _mark(what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()


def _stream(changes: AsyncIterator[dict[str, str]]) -> Response:
    return EventSourceResponse(changes, headers={**HEADERS, "x-accel-buffering": "no"}, ping=15)
