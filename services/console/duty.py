"""What waits for the posts of a duty officer."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from starlette.responses import RedirectResponse, Response

from events.agency import Agency
from services.access.callers import EveryPost, held_posts
from services.chassis.context import Context
from services.console import store
from services.console.answers import PageRoute
from services.console.entry import visitor
from services.console.lines import line_of
from services.console.visit import Visit, render
from services.directory.agencies import agency_name
from services.directory.posts import Post, parse_post


class Seats(NamedTuple):
    """Posts that somebody holds, their agencies, and the counties whose cases they co-ordinate; None is every one."""

    posts: tuple[Post, ...]
    agencies: list[Agency] | None
    led: list[str] | None


def duty_pages(context: Context) -> APIRouter:
    """`/` and `/duty`."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    Who = Annotated[Visit, Depends(visitor(context))]

    @pages.get("/")
    async def start(visit: Who) -> Response:
        """The page that a person's work starts with."""
        return RedirectResponse(start_page(visit), 303)

    @pages.get("/duty")
    async def duty(visit: Who, part: str = "") -> Response:
        """What waits for my posts, soonest due first; `part=list` is the list alone."""
        mine = await seats(context, visit)
        async with context.pool.acquire() as db:
            rows = await store.waiting(db, mine.agencies, mine.led)
        items = [line_of(row, visit.now) for row in rows]
        late = sum(1 for item in items if item.due is not None and item.due.standing == "late")
        named = [f"{agency_name(post.agency, visit.text.lang)} · {post.name(visit.text.lang)}" for post in mine.posts]
        return render(
            visit, "duty_list.html" if part == "list" else "duty.html",
            items=items, late=late, posts=named, no_posts=mine.agencies == [],
        )  # fmt: skip

    return pages


def start_page(visit: Visit) -> str:
    """Where a role's work starts."""
    assert visit.caller is not None
    return {"officer": "/duty", "operations": "/ops"}.get(visit.caller.role, "/trace")


async def seats(context: Context, visit: Visit) -> Seats:
    """The posts that a visitor holds now by the roster."""
    assert visit.caller is not None
    held = await held_posts(context.pool, visit.caller)
    if isinstance(held, EveryPost):
        return Seats((), None, None)
    posts = sorted(parse_post(key) for key in held)
    led = {post.agency.area for post in posts if post.agency.kind == "civil_affairs" and post.function == "case_lead"}
    return Seats(tuple(posts), sorted({post.agency for post in posts}), sorted(led))
