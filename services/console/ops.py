"""Operations: numbers that open their lists, what is open by time left, dead letters with replay, the account, health."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from services.access.problems import Problem
from services.account.reckoning import account
from services.chassis.clock import SHANGHAI
from services.chassis.context import Context
from services.chassis.database import Db
from services.chassis.dead_letters import letters
from services.console import store
from services.console.answers import PageRoute
from services.console.cursor import after, cursor
from services.console.entry import operations_only
from services.console.lines import line_of
from services.console.replaying import replay_once
from services.console.visit import Visit, render

PAGE = 50


def ops_pages(context: Context) -> APIRouter:
    """`/ops` and the replay of a dead letter."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    Operations = Annotated[Visit, Depends(operations_only(context))]

    @pages.get("/ops")
    async def ops(
        visit: Operations, list: str = "open", state: str = "", severity: str = "", county: str = "", part: str = "",
        replayed: str = "",
    ) -> Response:  # fmt: skip
        """Everything on one page; the filters stand in the address, so a view can be kept and sent on."""
        which = list if list in (*store.LISTS, "undelivered", "dead") else "open"
        filters = {"state": state.strip(), "severity": severity.strip(), "county": county.strip()}
        # One snapshot for numbers and lists: a number and the list it opens must agree.
        async with context.pool.acquire() as db, db.transaction(isolation="repeatable_read", readonly=True):
            strip = await store.strip(db, visit.now)
            dead_count = await store.dead_letters(db)
            missed = await store.undelivered(db) if which == "undelivered" else []
            rows = await _rows(db, visit, which, filters)
            positions, unpublished = await store.health(db)
            holidays = await store.holidays_missing(db, visit.now.astimezone(SHANGHAI).date())
            reviews = await store.sources_to_review(db)
            reckoning = await account(db, visit.now)
        dead = await letters(context.pool) if which == "dead" else []
        items = [line_of(row, visit.now) for row in rows[:PAGE]]
        following = cursor(rows[PAGE - 1]["next_due"], str(rows[PAGE - 1]["id"])) if len(rows) > PAGE else ""
        return render(
            visit, "ops_live.html" if part == "live" else "ops.html", which=which, live=part == "live", strip=strip,
            items=items, dead=dead, dead_count=dead_count,
            missed=missed, filters=filters, here_address=_address(which, filters), refresh=_refresh(visit), following=following, positions=positions,
            unpublished=unpublished, holidays_missing=holidays, reviews=reviews,
            account=reckoning, replayed=replayed if replayed in ("done", "already", "fails") else "",
        )  # fmt: skip

    @pages.post("/ops/dead-letters/{letter}/replay")
    async def replay_letter(visit: Operations, letter: int) -> Response:
        """Hand a dead letter to its service again; once, however often it is pressed."""
        return RedirectResponse(f"/ops?list=dead&replayed={await replay_once(context, letter)}", 303)

    async def _rows(db: Db, visit: Visit, which: str, filters: dict[str, str]) -> list[store.Row]:
        if which not in store.LISTS:
            return []
        place = after(visit.request.query_params.get("cursor", ""))
        if place is False:
            raise Problem(422, "Request not valid")
        return await store.listed(db, which, filters, place, visit.now, PAGE + 1)

    return pages


def _address(which: str, filters: dict[str, str]) -> str:
    return "/ops?" + urlencode({"list": which, **{name: value for name, value in filters.items() if value}})


def _refresh(visit: Visit) -> str:
    kept = [
        (name, value)
        for name, value in visit.request.query_params.multi_items()
        if name not in ("part", "lang", "replayed")
    ]
    return "/ops?" + urlencode([*kept, ("part", "live")])
