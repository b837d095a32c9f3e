"""The chain of an event: what was reported, which rule, who was told, what they answered, what is late and who is waited for."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from services.access.problems import Problem
from services.chassis.context import Context
from services.console import store
from services.console.answers import PageRoute
from services.console.chain import chain_of
from services.console.entry import visitor
from services.console.owner import api_address, ask
from services.console.reasons import nobody_told
from services.console.told import duties_of
from services.console.visit import Visit, render


def trace_pages(context: Context) -> APIRouter:
    """`/trace?q=`."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    Who = Annotated[Visit, Depends(visitor(context))]

    @pages.get("/trace")
    async def trace(visit: Who, q: str = "", source: str = "") -> Response:
        """Found by event id, case id, referral id or number; a case of several events lists them to choose from."""
        query = q.strip()[:200]
        if not query:
            return render(visit, "trace.html", query="", chain=None, choices=(), missing=False)
        async with context.pool.acquire() as db:
            events = [(source, query)] if source else await store.events_of(db, query)
        if visit.caller is not None and visit.caller.role == "source":
            events = []  # a source asks the API, which tells it the outcome of its own events and no more
        answers = [(event, answer) for event in events if (answer := await _ask(context, visit, *event)) is not None]
        if not answers:
            return render(visit, "trace.html", query=query, chain=None, choices=(), missing=True, status=404)
        if len(answers) > 1:
            return render(
                visit, "trace.html", query=query, chain=None, choices=[body for _, body in answers], missing=False
            )
        return await _chain(context, visit, query, answers[0][1])

    return pages


async def _ask(context: Context, visit: Visit, source: str, event_id: str) -> dict[str, Any] | None:
    answer = await ask(
        visit.request,
        "GET",
        f"/api/v1/events/{store.in_path(event_id)}/trace",
        api=api_address(context),
        params={"source": source},
    )
    if answer.status == 404:
        return None
    if not answer.ok:
        raise Problem(answer.status, "Not shown")
    return answer.body


async def _chain(context: Context, visit: Visit, query: str, body: Mapping[str, Any]) -> Response:
    referrals: Sequence[Mapping[str, Any]] = body.get("referrals") or ()
    async with context.pool.acquire() as db:
        vacant = await store.vacant(db, [each["agency"] for each in referrals])
        sent = [str(each["id"]) for each in body.get("messages") or ()]
        duties = await duties_of(db, sent, visit.text) if visit.operations and sent else {}
    chain = chain_of(body, visit.now, visit.text)
    why = nobody_told(body, vacant, visit.text)
    return render(visit, "trace.html", query=query, chain=chain, why=why, duties=duties, choices=(), missing=False)
