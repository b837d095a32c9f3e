"""The gateway's own interface, for demo, drills and tests: what arrived, and how phones and providers behave."""

from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, field_validator

from services.access.callers import Caller, caller_from_request, require
from services.access.problems import Problem
from services.access.sample import is_loopback
from services.chassis.clock import SHANGHAI
from services.phone import answers
from services.phone.behaviour import Behaviour, Provider
from services.phone.gateway import Gateway
from services.phone.inbox import Kind, received
from services.phone.limits import Limit
from services.phone.providers import wecom_event
from services.phone.providers.wecom_token import Tokens


class Callback(BaseModel):
    """Where a provider tells us of something; on this machine only. `url` None: nowhere."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    provider: Provider
    kind: Kind
    url: str | None
    verify: bool = False

    @field_validator("url")
    @classmethod
    def _here(cls, url: str | None) -> str | None:
        if url is not None and not is_loopback(urlsplit(url).hostname or ""):
            raise ValueError("expected an address on this machine, such as http://127.0.0.1:8080/…")
        return url


def router(gateway: Gateway, tokens: Tokens) -> APIRouter:
    """`/api/…`: reading and setting need operations; answering a phone is for whoever may look at it."""
    door = APIRouter(prefix="/api")
    known = caller_from_request(gateway.context)

    @door.get("/messages")
    async def messages(
        caller: Annotated[Caller, Depends(known)],
        to: str | None = None,
        cursor: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    ) -> dict[str, Any]:
        """What the phones received, oldest first (operations)."""
        require(caller, "operations")
        rows = await received(gateway.context.pool, to, cursor, limit)
        items = [{**{k: v for k, v in row.items() if k != "id"}, "at": row["at"].astimezone(SHANGHAI)} for row in rows]
        return {"items": items, "next": str(rows[-1]["id"]) if len(rows) == limit else None}

    @door.put("/behaviour")
    async def behave(caller: Annotated[Caller, Depends(known)], behaviour: Behaviour) -> dict[str, Any]:
        """Make phones or providers refuse, slow, dead or lying (operations); `take` for all ends it."""
        require(caller, "operations")
        gateway.behaviours.set(behaviour)
        return {"items": [each.model_dump() for each in gateway.behaviours.settings]}

    @door.put("/limits")
    async def limit(caller: Annotated[Caller, Depends(known)], limit: Limit) -> dict[str, Any]:
        """How much a provider takes from now on (operations)."""
        require(caller, "operations")
        gateway.limits.set(limit)
        return {"items": [each.model_dump() for each in gateway.limits.settings.values()]}

    @door.put("/callbacks")
    async def callback(caller: Annotated[Caller, Depends(known)], callback: Callback) -> dict[str, Any]:
        """Where a provider's receipts, replies and presses go (operations); with `verify` WeCom asks the URL first."""
        require(caller, "operations")
        await _enter(gateway, callback)
        rows = await gateway.context.pool.fetch("select provider, kind, url from phone.callback order by 1, 2")
        return {"items": [dict(row) for row in rows]}

    @door.delete("/wecom-tokens")
    async def expire(caller: Annotated[Caller, Depends(known)]) -> dict[str, Any]:
        """Let every access token of WeCom expire now (operations)."""
        require(caller, "operations")
        tokens.end_all(gateway.context.clock.now())
        return {}

    @door.post("/replies")
    async def reply(caller: Annotated[Caller, Depends(known)], given: answers.Reply) -> dict[str, Any]:
        """Answer the last SMS of a phone."""
        may_look(caller)
        await answers.reply(gateway, given)
        return {}

    @door.post("/presses")
    async def press(caller: Annotated[Caller, Depends(known)], given: answers.Press) -> dict[str, Any]:
        """Press a button of a card."""
        may_look(caller)
        await answers.press(gateway, given)
        return {}

    return door


def may_look(caller: Caller) -> None:
    """403 unless the phones are for this caller's eyes: operations, or anybody of the sample."""
    if not caller.sample:
        require(caller, "operations")


async def _enter(gateway: Gateway, callback: Callback) -> None:
    if callback.url is None:
        await gateway.context.pool.execute(
            "delete from phone.callback where provider = $1 and kind = $2", callback.provider, callback.kind
        )
        return
    if callback.verify and callback.provider == "wecom" and not await _verified(gateway, callback.url):
        raise Problem(422, "Callback not verified", "the URL did not answer with the word that was sealed in echostr")
    await gateway.context.pool.execute(
        "insert into phone.callback values ($1, $2, $3) on conflict (provider, kind) do update set url = excluded.url",
        callback.provider,
        callback.kind,
        callback.url,
    )


async def _verified(gateway: Gateway, url: str) -> bool:
    ask, word = wecom_event.verification(url, gateway.context.clock.now())
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            answer = await client.get(ask)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200 and answer.text == word
