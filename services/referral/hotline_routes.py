"""The door to the list of hotline items: for operations and for civil affairs of the province, nobody else."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime

from events.agency import Agency
from services.access.callers import Caller, caller_from_request, held_posts
from services.access.problems import not_found
from services.chassis.context import Context
from services.directory.territory import territory
from services.referral.hotline import hotline_items
from services.referral.permit import holds


def hotline_routes(context: Context) -> APIRouter:
    """`/api/v1/hotline-items`."""
    routes = APIRouter(tags=["hotline"])
    caller = Depends(caller_from_request(context))

    @routes.get("/hotline-items")
    async def list_items(who: Annotated[Caller, caller], since: AwareDatetime | None = None) -> dict[str, Any]:
        """Child-related items of the 12345 line accepted since a moment, without what is sealed: class, county, state; no child."""
        if who.role != "operations" and not await _of_the_province(context, who):
            raise not_found()
        async with context.pool.acquire() as db:
            return {"items": await hotline_items(db, since)}

    return routes


async def _of_the_province(context: Context, who: Caller) -> bool:
    if who.role != "officer":
        return False
    posts = await held_posts(context.pool, who)
    return holds(posts, Agency("civil_affairs", "province", territory().province))
