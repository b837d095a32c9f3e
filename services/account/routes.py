"""The door of the account: the trace of an event, masked by the caller's role."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from services.access import sources
from services.access.callers import Caller, caller_from_request, held_posts
from services.access.problems import not_found
from services.account.trace import trace
from services.chassis.service import Context
from services.referral.permit import roles_of
from services.referral.store import referral_from


def router(context: Context) -> APIRouter:
    """`GET /api/v1/events/{id}/trace?source=`."""
    routes = APIRouter(prefix="/api/v1", tags=["trace"])
    caller = Depends(caller_from_request(context))

    @routes.get("/events/{event_id}/trace")
    async def event_trace(event_id: str, who: Annotated[Caller, caller], source: str | None = None) -> dict[str, Any]:
        """Event → decision → referrals → messages → answers → clocks. A source sees its own events' outcome; an officer needs a post in the case."""
        async with context.pool.acquire() as db:
            told = await trace(db, event_id, source, context.clock, whole=who.role != "source")
            if told is None:
                raise not_found()
            if who.role == "source":
                registration = await sources.registered(db, who.source or "")
                if registration is None or not registration.owns(str(told["event"]["source"])):
                    raise not_found()
            elif who.role == "officer":
                posts = await held_posts(db, who)
                rows = await db.fetch(
                    "select * from referral.referral_view where id = any($1::text[])", [r["id"] for r in told["referrals"]]
                )
                if not any(roles_of(who, posts, referral_from(row).fact) for row in rows):
                    raise not_found()
            return told

    return routes
