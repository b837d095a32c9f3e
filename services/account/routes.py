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
                    "select * from referral.referral_view where id = any($1::text[])",
                    [r["id"] for r in told["referrals"]],
                )
                roles = {row["id"]: roles_of(who, posts, referral_from(row).fact) for row in rows}
                if not any(roles.values()):
                    raise not_found()
                if not any("co_ordinator" in held for held in roles.values()):
                    told = only_own(told, {name for name, held in roles.items() if held})
            return told

    return routes


def only_own(told: dict[str, Any], own: set[str]) -> dict[str, Any]:
    """A trace as an officer may see it who does not co-ordinate the case: the own referrals, their messages and their history (domain 7.2)."""

    def mine(entry: dict[str, Any]) -> bool:
        referral = entry["ids"].get("referral")
        return referral is None or referral in own

    return {
        **told,
        "referrals": [r for r in told["referrals"] if r["id"] in own],
        "messages": [m for m in told["messages"] if m["referral"] in own],
        "timeline": [entry for entry in told["timeline"] if mine(entry)],
    }
