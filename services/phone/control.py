"""The gateway's own interface, for demo, drills and tests: what arrived, and how phones and providers behave."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from services.access.callers import Caller, caller_from_request, require
from services.access.problems import Problem
from services.chassis.clock import SHANGHAI
from services.phone import answers, callbacks
from services.phone.behaviour import Behaviour
from services.phone.gateway import Gateway
from services.phone.inbox import received
from services.phone.limits import Limit
from services.phone.providers.wecom_token import Tokens


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
    async def callback(caller: Annotated[Caller, Depends(known)], callback: callbacks.Callback) -> dict[str, Any]:
        """Where a provider's receipts, replies and presses go (operations); with `verify` WeCom asks the URL first."""
        require(caller, "operations")
        if callback.verify and not await callbacks.verified(callback, gateway.context.clock.now()):
            raise Problem(
                422, "Callback not verified", "the URL did not answer with the word that was sealed in echostr"
            )
        await callbacks.enter(gateway.context.pool, callback)
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
