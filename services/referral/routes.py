"""The door of the referral service: referrals and cases are read here, and officers' answers are taken here, at once."""

import base64
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from events.faults import FieldError
from services.access.callers import Caller, EveryPost, caller_from_request, held_posts
from services.access.db import Db
from services.access.problems import Problem, forbidden, not_found
from services.chassis import telemetry
from services.chassis.service import Context
from services.chassis.work import Work, transaction
from services.referral import store
from services.referral.answer import answer
from services.referral.case import Referral
from services.referral.case_life import close_incident
from services.referral.digest_routes import digest_routes
from services.referral.enjoyed import keep_answer
from services.referral.follow_up import after_answer
from services.referral.hotline_routes import hotline_routes
from services.referral.law_routes import law_routes
from services.referral.laws import laws_of
from services.referral.life import Act, Refused
from services.referral.permit import agencies_of, counties_led, roles_of
from services.referral.publish import publish
from services.referral.represent import case_out, referral_out
from services.referral.rulebook_routes import rulebook_routes
from services.referral.rules import Rulebook
from services.referral.save import save

ONE = "select * from referral.referral where id = $1 or number = $1"
EDITION = "select edition from referral.decision where source = $1 and event_id = $2"
ANSWERED = "select status, response from referral.answer where referral_id = $1 and request_id = $2"
ANSWER = "insert into referral.answer values ($1, $2, $3, $4, $5, $6, $7, $8)"
LIST = """select * from referral.referral where ($1::text is null or case_id = $1) and ($2::text is null or event_id = $2)
  and ($3::text is null or state = $3) and ($4::boolean is null or breached = $4)
  and ($5::text is null or kind = $5 or kind || '@' || level || '/' || area = $5)
  and ($6::timestamptz is null or (opened_at, id) < ($6, $7))
  and ($8::text[] is null or kind || '@' || level || '/' || area = any($8) or fact->>'county' = any($9)
    or exists (select 1 from jsonb_array_elements(fact->'second_endpoints') e
      where (e->>'kind') || '@' || (e->>'level') || '/' || (e->>'area') = any($8)))
  order by opened_at desc, id desc limit $10"""
PAGE = 50


class ActionBody(BaseModel):
    """What an action's request says. `version` is the one that the officer saw; the same `request_id` again gives the same answer."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    version: int
    request_id: Annotated[str, Field(min_length=1, max_length=100)]
    data: dict[str, Any] = {}


def router(context: Context) -> APIRouter:
    """The referral service's routes; `start` of the service must have run."""
    routes = APIRouter(prefix="/api/v1")
    routes.include_router(rulebook_routes(context))
    routes.include_router(law_routes(context))
    routes.include_router(digest_routes(context))
    routes.include_router(referral_routes(context))
    routes.include_router(hotline_routes(context))
    return routes


def referral_routes(context: Context) -> APIRouter:
    """Referrals, cases and answers."""
    routes = APIRouter(tags=["referrals"])
    caller = Depends(caller_from_request(context))

    @routes.get("/referrals")
    async def list_referrals(
        who: Annotated[Caller, caller],
        case: str | None = None,
        agency: str | None = None,
        state: str | None = None,
        overdue: bool | None = None,
        event: str | None = None,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = PAGE,
    ) -> dict[str, Any]:
        """The referrals that the caller may see, newest first; `next` is the cursor of the following page or null."""
        posts = await _posts(context, who)
        before, last = _cursor(cursor)
        agencies = agencies_of(posts) if isinstance(posts, frozenset) and who.role != "operations" else None
        led = counties_led(posts) if isinstance(posts, frozenset) else []
        rows = await context.pool.fetch(
            LIST, case, event, state, overdue, agency, before, last, agencies, led, limit + 1
        )
        now = context.clock.now()
        found = [store.referral_from(row) for row in rows[:limit]]
        items = [referral_out(r, roles_of(who, posts, r.fact), now) for r in found]
        after = _cursor_of(found[-1].fact.opened_at, found[-1].id) if len(rows) > limit else None
        return {"items": items, "next": after}

    @routes.get("/referrals/{referral_id}")
    async def get_referral(referral_id: str, who: Annotated[Caller, caller]) -> dict[str, Any]:
        """One referral by id or number: state, version, clocks, basis, and what the caller may do now."""
        posts = await _posts(context, who)
        row = await context.pool.fetchrow(ONE, referral_id)
        if row is None:
            raise not_found()
        referral = store.referral_from(row)
        roles = roles_of(who, posts, referral.fact)
        if not roles:
            raise not_found()
        return referral_out(referral, roles, context.clock.now(), await _rules_of(context, context.pool, referral))

    @routes.get("/cases/{case_id}")
    async def get_case(case_id: str, who: Annotated[Caller, caller]) -> dict[str, Any]:
        """One case with those of its referrals that the caller may see."""
        posts = await _posts(context, who)
        async with context.pool.acquire() as db, db.transaction(readonly=False):
            desk = await store.desk_of(db, [case_id])
        case = desk.cases.get(case_id)
        seen = {
            r.id: roles for r in (case.referrals.values() if case else ()) if (roles := roles_of(who, posts, r.fact))
        }
        if case is None or (not seen and who.role != "operations"):
            raise not_found()
        return case_out(case, seen, context.clock.now())

    @routes.post("/referrals/{referral_id}/actions/{action}")
    async def take_action(referral_id: str, action: str, body: ActionBody, who: Annotated[Caller, caller]) -> Response:
        """An officer's answer. 409 with `current` when the version is stale or the state does not allow it, 422 names what is missing."""
        if who.role == "source":
            raise not_found()
        posts = await _posts(context, who)
        status, out = await act_on(context, who, posts, referral_id, action, body)
        return JSONResponse(out, status)

    return routes


async def act_on(context: Context, who: Caller, posts: frozenset[str] | EveryPost, referral_id: str, action: str, body: ActionBody
                 ) -> tuple[int, dict[str, Any]]:  # fmt: skip
    """Take an answer in one transaction with all that follows from it. Raises Problem."""
    async with transaction(context, "referral") as work:
        return await act_in(context, work, who, posts, referral_id, action, body)


async def act_in(context: Context, work: Work, who: Caller, posts: frozenset[str] | EveryPost, referral_id: str, action: str,
                 body: ActionBody, *, any_version: bool = False) -> tuple[int, dict[str, Any]]:  # fmt: skip
    """The same in a transaction that is under way; `any_version`: its sender saw none, as by SMS. Raises Problem."""
    laws = laws_of(context)
    row = await work.db.fetchrow(ONE, referral_id)
    if row is None:
        raise not_found()
    desk = await store.desk_of(work.db, [row["case_id"]])
    case = desk.cases[row["case_id"]]
    referral = case.referrals[row["id"]]
    await laws.ready(work.db, work.now, [case.edition])
    law, rules = laws.of(case.edition, work.now), await _rules_of(context, work.db, referral)
    roles = roles_of(who, posts, referral.fact)
    if not roles:
        raise not_found()
    before = await work.db.fetchrow(ANSWERED, referral.id, body.request_id)
    if before is not None:
        return before["status"], before["response"]
    if body.version != referral.fact.version and not any_version:
        raise Problem(409, "Changed meanwhile", "somebody else answered first; look again",
                      current=referral_out(referral, roles, work.now, rules))  # fmt: skip
    trace = await work.db.fetchval("select traceparent from intake.event_view where source = $1 and id = $2",
                                   referral.fact.event_source, referral.fact.event_id)  # fmt: skip
    with telemetry.continued(f"answer {action}", trace) as span:
        span.set_attributes({"shouhu.referral": referral.id, "shouhu.action": action})
        deed = Act(action, roles, who.id, work.now, body.request_id, body.data)
        try:
            if action == "reopen" and case.state == "closed":
                await store.no_other_open_case(work.db, case)
            answer(case, referral, deed, law.terms)
            after_answer(law, desk, case, referral, deed)
            touched = keep_answer(desk, referral, deed)
            close_incident(desk.cases.values(), work.now)
        except Refused as refusal:
            raise _refusal(refusal, referral_out(referral, roles, work.now, rules)) from None
        await save(work.db, desk, touched, work.now)
        publish(work, desk, telemetry.current_traceparent())
    out = referral_out(referral, roles, work.now, rules)
    await work.db.execute(ANSWER, referral.id, body.request_id, action, who.id, work.now, body.data, 200, out)
    return 200, out


async def _rules_of(context: Context, db: Db, referral: Referral) -> Rulebook:
    """The rules of the edition by which the referral's event was decided: what it asks for is read there."""
    fact, now, laws = referral.fact, context.clock.now(), laws_of(context)
    edition = await db.fetchval(EDITION, fact.event_source, fact.event_id)
    await laws.ready(db, now, [edition] if edition else [])
    return (laws.of(edition, now) if edition else laws.at(now)).rulebook


def _refusal(refusal: Refused, current: dict[str, Any]) -> Problem:
    if refusal.missing:
        return Problem(422, "Not complete", refusal.reason, [FieldError(*fault) for fault in refusal.missing])
    if refusal.forbidden:
        return forbidden(refusal.reason)
    return Problem(409, "Not allowed now", refusal.reason, current=current)


async def _posts(context: Context, who: Caller) -> frozenset[str] | EveryPost:
    if who.role == "source":
        return frozenset()
    return await held_posts(context.pool, who)


def _cursor(text: str | None) -> tuple[datetime | None, str]:
    if not text:
        return None, ""
    try:
        at, last = orjson.loads(base64.urlsafe_b64decode(text.encode()))
        return datetime.fromisoformat(at), str(last)
    except (ValueError, TypeError):
        raise Problem(
            422, "Request not valid", errors=[FieldError("cursor", "cursor", "the `next` of an earlier page")]
        ) from None


def _cursor_of(at: datetime, last: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([at.isoformat(), last])).decode()
