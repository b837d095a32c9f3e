"""The door to digests: what child directors should tell families of, without a referral (domain analysis 6)."""

import base64
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query

from events.faults import FieldError
from services.access.callers import Caller, EveryPost, caller_from_request, held_posts, require
from services.access.problems import Problem
from services.chassis.context import Context
from services.referral.digest import TO_ROLE
from services.referral.facts import SHANGHAI
from services.referral.item_text import item_texts
from services.referral.laws import laws_of
from services.referral.represent import local
from services.referral.rules import Rulebook

# A village's director may be listed at its township or county: that is who is told of every village there.
LIST = """select child_ref, event_source, event_id, at, kind, level, area, list_items, exercise from referral.digest
  where ($1::text[] is null or exists (select 1 from unnest(array[area, left(area, 9), left(area, 6)]) a
    where kind || '@' || level || '/' || a || '/' || to_role = any($1)))
  and ($2::timestamptz is null or (at, child_ref, event_id) < ($2, $3, $4))
  order by at desc, child_ref desc, event_id desc limit $5"""


def digest_routes(context: Context) -> APIRouter:
    """`/api/v1/digests`."""
    routes = APIRouter(tags=["referrals"])
    caller = Depends(caller_from_request(context))

    @routes.get("/digests")
    async def list_digests(
        who: Annotated[Caller, caller], cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
    ) -> dict[str, Any]:
        """What the caller, as a child director, should tell families of, newest first; operations see all of them."""
        require(who, "officer", "operations")
        posts, (before, child, event) = await held_posts(context.pool, who), _cursor(cursor)
        every = who.role == "operations" or isinstance(posts, EveryPost)
        held = None if every or isinstance(posts, EveryPost) else sorted(p for p in posts if p.endswith(f"/{TO_ROLE}"))
        rows = await context.pool.fetch(LIST, held, before, child, event, limit + 1) if held is None or held else []
        laws, now = laws_of(context), context.clock.now()
        await laws.ready(context.pool, now)
        items = [_out(row, laws.at(now).rulebook) for row in rows[:limit]]
        return {"items": items, "next": _cursor_of(rows[limit - 1]) if len(rows) > limit else None}

    return routes


def _out(row: Any, book: Rulebook) -> dict[str, Any]:
    codes, on = row["list_items"], row["at"].astimezone(SHANGHAI).date()
    return {
        "child": row["child_ref"], "at": local(row["at"]), "agency": {"kind": row["kind"], "level": row["level"], "area": row["area"]},
        "to_role": TO_ROLE, "list_items": codes, "exercise": row["exercise"],
        "items": item_texts(book.services, codes, row["area"], on) if book.services else [],
    }  # fmt: skip


def _cursor(text: str | None) -> tuple[datetime | None, str, str]:
    if not text:
        return None, "", ""
    try:
        at, child, event = orjson.loads(base64.urlsafe_b64decode(text.encode()))
        return datetime.fromisoformat(at), str(child), str(event)
    except (ValueError, TypeError):
        fault = FieldError("cursor", "cursor", "the `next` of an earlier page")
        raise Problem(422, "Request not valid", errors=[fault]) from None


def _cursor_of(row: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([row["at"].isoformat(), row["child_ref"], row["event_id"]])).decode()
