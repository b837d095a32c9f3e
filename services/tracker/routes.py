"""The door of the tracker: what is owed is read here, and whoever did it says so here."""

import base64
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from events.agency import Agency
from events.faults import FieldError
from services.access.callers import Caller, EveryPost, caller_from_request, held_posts
from services.access.problems import Problem, not_found
from services.chassis.service import Context
from services.chassis.work import Work, transaction
from services.directory.posts import wider_agencies
from services.tracker import obligation_store, registry
from services.tracker.deliveries import missing_base_lists
from services.tracker.duties import Duties, duties_of
from services.tracker.obligation_represent import OPEN, obligation_out
from services.tracker.obligation_rows import Row, row_from
from services.tracker.obligation_rules import PERIOD_MONTHS
from services.tracker.obligations import part_of
from services.tracker.said import NAME

ONE = "select * from tracker.obligation where id = $1 or number = $1"
LOCKED = "select * from tracker.obligation where id = $1 for update"
DONE_BEFORE = "select response from tracker.obligation_act where obligation_id = $1 and request_id = $2"
ACT = "insert into tracker.obligation_act values ($1, $2, $3, $4, $5, $6)"
LIST = """select * from tracker.obligation where ($1::text is null or code = $1) and ($2::text is null or state = $2)
  and ($3::text is null or child_ref = $3) and ($4::text is null or kind || '@' || level || '/' || area = $4)
  and ($11::text is null or event_id = $11) and ($12::boolean is not true or state in ('open', 'warned', 'overdue'))
  and ($5::date is null or due_on <= $5) and ($6::date is null or (due_on, id) > ($6, $7))
  and ($8::text[] is null or exists (select 1 from unnest(array[area, left(area, 9), left(area, 6)]) a
    where (not sealed and kind || '@' || level || '/' || a = any($8)) or kind || '@' || level || '/' || a || '/' || role = any($9)))
  order by due_on, id limit $10"""
PAGE = 50


class CompleteBody(BaseModel):
    """What was done. The same `request_id` again gives the same answer."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    request_id: Annotated[str, Field(min_length=1, max_length=100)]
    text: Annotated[str, Field(min_length=1, max_length=2000)]


def router(context: Context) -> APIRouter:
    """The tracker's routes."""
    routes = APIRouter(prefix="/api/v1", tags=["obligations"])
    caller = Depends(caller_from_request(context))

    @routes.get("/obligations")
    async def list_obligations(
        who: Annotated[Caller, caller],
        code: str | None = None,
        state: str | None = None,
        child: str | None = None,
        agency: str | None = None,
        due_by: date | None = None,
        event: str | None = None,
        owed: bool | None = None,
        cursor: str | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = PAGE,
    ) -> dict[str, Any]:
        """The obligations that the caller may see, the first due first; with `owed` those alone that are not over.

        `next` is the cursor of the following page or null.
        """
        posts = await _posts(context, who)
        after, last = _cursor(cursor)
        every = who.role == "operations" or isinstance(posts, EveryPost)
        held, own = ([], None) if isinstance(posts, EveryPost) or every else (sorted(posts), sorted(_offices(posts)))
        rows = await context.pool.fetch(
            LIST, code, state, child, agency, due_by, after, last, own, held, limit + 1, event, owed
        )
        duties = duties_of(context)
        items = [obligation_out(row_from(row), duties.rules) for row in rows[:limit]]
        following = _cursor_of(rows[limit - 1]["due_on"], rows[limit - 1]["id"]) if len(rows) > limit else None
        return {"items": items, "next": following}

    @routes.get("/obligations/{obligation_id}")
    async def get_obligation(obligation_id: str, who: Annotated[Caller, caller]) -> dict[str, Any]:
        """One obligation by id or number."""
        posts = await _posts(context, who)
        row = await context.pool.fetchrow(ONE, obligation_id)
        if row is None or not _sees(who, posts, row_from(row)):
            raise not_found()
        return obligation_out(row_from(row), duties_of(context).rules)

    @routes.post("/obligations/{obligation_id}/complete")
    async def complete(obligation_id: str, body: CompleteBody, who: Annotated[Caller, caller]) -> dict[str, Any]:
        """Say that an obligation was done: an officer of its owner, or operations. 409 when it is over or cannot be completed so."""
        posts = await _posts(context, who)
        return await complete_on(context, who, posts, obligation_id, body)

    return routes


async def complete_on(
    context: Context, who: Caller, posts: frozenset[str] | EveryPost, obligation_id: str, body: CompleteBody
) -> dict[str, Any]:
    """Complete an obligation in one transaction with what follows from it. Raises Problem."""
    duties = duties_of(context)
    async with transaction(context, NAME) as work:
        stored = await work.db.fetchrow(ONE, obligation_id)
        if stored is None or not _sees(who, posts, row_from(stored)):
            raise not_found()
        if stored["child_ref"] is not None:
            await obligation_store.open_files(work.db, [stored["child_ref"]])  # the file before its rows, as everywhere
        row = row_from(await work.db.fetchrow(LOCKED, stored["id"]))
        before = await work.db.fetchval(DONE_BEFORE, row.id, body.request_id)
        if before is not None:
            answer: dict[str, Any] = before
            return answer
        await _refuse(work, duties, row)
        await registry.finish(work, duties, row, work.now, "hand", body.text)
        out = obligation_out(row_from(await work.db.fetchrow(ONE, row.id)), duties.rules)
        await work.db.execute(ACT, row.id, body.request_id, who.id, work.now, body.text, out)
        return out


async def _refuse(work: Work, duties: Duties, row: Row) -> None:
    """Raise Problem for what cannot be completed: it is over, only a visit does it, or a base list is missing (T18)."""
    part = part_of(duties.rules, row.code, row.part)
    if row.state not in OPEN or part is None:
        raise Problem(409, "Not allowed now", f"the obligation is {row.state}", current=row.state)
    if "hand" not in part.completed_by:
        raise Problem(409, "Not allowed", "only a visit at which the child was seen completes it" if part.completed_by else
                      "it ends by itself on its day")  # fmt: skip
    if part.needs_base_lists and part.period is not None:
        missing = await missing_base_lists(work.db, row.area, row.due_on, PERIOD_MONTHS[part.period.every])
        if missing:
            faults = [
                FieldError(f"base_lists.{name}", "missing", "delivered (E104) for this period") for name in missing
            ]
            raise Problem(409, "Not allowed now", "a base list of the period is missing", faults)


def _sees(who: Caller, posts: frozenset[str] | EveryPost, row: Row) -> bool:
    if who.role == "operations" or isinstance(posts, EveryPost):
        return True
    office = Agency(row.kind, row.level, row.area)
    names = {str(office), *(str(wider) for wider in wider_agencies(office))}
    if row.sealed:
        return bool(posts & {f"{name}/{row.role}" for name in names})
    return bool(_offices(posts) & names)


def _offices(posts: Iterable[str]) -> set[str]:
    return {post.rpartition("/")[0] for post in posts}


async def _posts(context: Context, who: Caller) -> frozenset[str] | EveryPost:
    if who.role == "source":
        return frozenset()
    return await held_posts(context.pool, who)


def _cursor(text: str | None) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        day, last = orjson.loads(base64.urlsafe_b64decode(text.encode()))
        return date.fromisoformat(day), str(last)
    except (ValueError, TypeError):
        fault = FieldError("cursor", "cursor", "the `next` of an earlier page")
        raise Problem(422, "Request not valid", errors=[fault]) from None


def _cursor_of(day: date, last: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([day.isoformat(), last])).decode()
