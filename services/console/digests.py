"""What a child director should tell families of: service items without a referral and without a deadline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.responses import Response

from events.agency import Agency
from services.access.callers import EveryPost, held_posts
from services.access.problems import Problem
from services.chassis.context import Context
from services.console.answers import PageRoute
from services.console.entry import visitor
from services.console.items import Item, item_of
from services.console.owner import api_address, ask
from services.console.texts import Text
from services.console.visit import Visit, render


@dataclass(frozen=True, slots=True)
class Digest:
    """Items for one child's family, told because of one event. `child` is a pseudonym."""

    child: str
    at: datetime
    agency: Agency
    exercise: bool
    items: tuple[Item, ...]


def digest_pages(context: Context) -> APIRouter:
    """`/digests`."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    Who = Annotated[Visit, Depends(visitor(context))]

    @pages.get("/digests")
    async def digests(visit: Who, cursor: str = "") -> Response:
        """The newest first, paged."""
        params = {"cursor": cursor} if cursor else None
        answer = await ask(visit.request, "GET", "/api/v1/digests", api=api_address(context), params=params)
        if not answer.ok:
            raise Problem(answer.status, "Not shown")
        found = [_digest(each, visit.text) for each in answer.body["items"]]
        following = urlencode({"cursor": answer.body["next"]}) if answer.body.get("next") else ""
        return render(
            visit, "digests.html", digests=found, following=following, director=found or await _directs(visit)
        )

    async def _directs(visit: Visit) -> bool:
        assert visit.caller is not None
        held = await held_posts(context.pool, visit.caller)
        return visit.operations or isinstance(held, EveryPost) or any(post.endswith("/child_director") for post in held)

    return pages


def _digest(each: dict[str, Any], text: Text) -> Digest:
    known = {str(item["code"]): item for item in each["items"]}
    agency = each["agency"]
    return Digest(
        child=each["child"], at=datetime.fromisoformat(each["at"]), agency=Agency(agency["kind"], agency["level"], agency["area"]),
        exercise=bool(each["exercise"]), items=tuple(item_of(str(code), known.get(str(code), {}), text) for code in each["list_items"]),
    )  # fmt: skip
