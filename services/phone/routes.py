"""The gateway's door: messages in from the channels, messages out to tests, and the page with the phones."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sse_starlette.sse import EventSourceResponse

from events.agency import Agency
from services.access.callers import Caller, caller_from_request, caller_or_none, require
from services.access.headers import HEADERS
from services.access.problems import not_found
from services.access.sample import is_loopback
from services.chassis.clock import SHANGHAI
from services.chassis.context import Context
from services.directory.agencies import agency_name
from services.directory.kinds import FUNCTIONS
from services.phone.behaviour import Behaviour, Behaviours
from services.phone.inbox import Arrival, Inbox, phones, received
from services.phone.words import WORDS

HERE = Path(__file__).parent
PAGE = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
FILES = {"phone.css": "text/css", "phone.js": "text/javascript"}


def router(context: Context) -> APIRouter:
    """`/phone` and `/phone/api/…`. Looking needs operations or a sample officer; sending needs this machine."""
    door = APIRouter(prefix="/phone")
    inbox, behaviours = Inbox(context), Behaviours()
    known = caller_from_request(context)
    perhaps = caller_or_none(context)

    @door.post("/api/send", include_in_schema=False)
    async def send(request: Request, arrival: Arrival) -> Response:
        """What a channel calls; the answer comes after the message is kept."""
        if request.client is None or not is_loopback(request.client.host):
            raise not_found()
        behaviour = behaviours.of(arrival)
        if behaviour.mode == "refuse":
            return JSONResponse({"error": "blocked"}, 422)
        if behaviour.mode == "refuse_for_now":
            return JSONResponse({"error": "busy"}, 503)
        if behaviour.mode == "slow":
            await asyncio.sleep(behaviour.seconds)
        await inbox.keep(arrival)
        if behaviour.mode == "silent":
            await asyncio.sleep(behaviour.seconds)
        return JSONResponse({"result": "ok"})

    @door.get("/api/messages")
    async def messages(
        caller: Annotated[Caller, Depends(known)],
        to: str | None = None,
        cursor: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    ) -> dict[str, Any]:
        """What the phones received, oldest first (operations)."""
        require(caller, "operations")
        rows = await received(context.pool, to, cursor, limit)
        items = [{**{k: v for k, v in row.items() if k != "id"}, "at": row["at"].astimezone(SHANGHAI)} for row in rows]
        return {"items": items, "next": str(rows[-1]["id"]) if len(rows) == limit else None}

    @door.put("/api/behaviour")
    async def behave(caller: Annotated[Caller, Depends(known)], behaviour: Behaviour) -> dict[str, Any]:
        """Make phones refuse, slow or silent, for tests and drills (operations); `take` for all ends it."""
        require(caller, "operations")
        behaviours.set(behaviour)
        return {"items": [each.model_dump() for each in behaviours.settings]}

    @door.get("", include_in_schema=False)
    async def page(caller: Annotated[Caller | None, Depends(perhaps)], lang: str = "zh") -> Response:
        """The phones, side by side."""
        if caller is None:
            return RedirectResponse("/login?next=/phone", 303, HEADERS)
        _may_look(caller)
        return await _render("phone.html", lang)

    @door.get("/phones", include_in_schema=False)
    async def parts(caller: Annotated[Caller, Depends(known)], lang: str = "zh") -> Response:
        """The phones alone, for the page to put in."""
        _may_look(caller)
        return await _render("phones.html", lang)

    @door.get("/live", include_in_schema=False)
    async def live(caller: Annotated[Caller, Depends(known)]) -> Response:
        """An event whenever something arrived, at most four a second."""
        _may_look(caller)

        async def arrivals() -> AsyncIterator[dict[str, str]]:
            while True:
                await inbox.changed.wait()
                yield {"event": "arrived", "data": "1"}
                await asyncio.sleep(0.25)

        return EventSourceResponse(arrivals(), headers=HEADERS, ping=15)

    @door.get("/{name}", include_in_schema=False)
    async def file(name: str) -> Response:
        """The page's own style and script."""
        if name not in FILES:
            raise not_found()
        return Response((HERE / "static" / name).read_bytes(), media_type=FILES[name])

    async def _render(template: str, lang: str) -> HTMLResponse:
        words = WORDS.get(lang, WORDS["zh"])
        rows = [_shown(row, "en" if words is WORDS["en"] else "zh") for row in await phones(context.pool)]
        body = PAGE.get_template(template).render(phones=rows, words=words, lang="en" if words is WORDS["en"] else "zh")
        return HTMLResponse(body, headers=HEADERS)

    return door


def _may_look(caller: Caller) -> None:
    if not caller.sample:
        require(caller, "operations")


def _shown(phone: dict[str, Any], lang: str) -> dict[str, Any]:
    english = lang == "en"
    function = FUNCTIONS.get(phone["to_role"])
    role = phone["to_role"] if function is None else function.en if english else function.zh
    office = ""
    if phone["kind"] and phone["agency_level"]:
        office = agency_name(Agency(phone["kind"], phone["agency_level"], phone["area"]), "en" if english else "zh")
    return {**phone, "role": role, "office": office, "messages": [_message(each) for each in phone["messages"]]}


def _message(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "at": row["at"].astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S")}
