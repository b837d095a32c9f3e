"""Which ways of signing in this installation offers beside a password and a token."""

import asyncio
from dataclasses import dataclass

from starlette.requests import Request

from services.access.ways import Ways, ways_of
from services.chassis.context import Context

_WECOM_BROWSER = "wxwork"  # in the User-Agent of WeCom's built-in browser


@dataclass(frozen=True, slots=True)
class Offered:
    """WeCom, and a code by message."""

    wecom: bool = False
    code: bool = False


async def ways(context: Context) -> Ways | None:
    """The ways of this installation; made in a thread, for the first time it reads files and code."""
    return await asyncio.to_thread(ways_of, context)


async def offer(context: Context, request: Request) -> Offered:
    """What the sign-in of this request offers; remembered with it for the page of an error."""
    found = await ways(context)
    offered = Offered(
        found is not None and found.wecom_address("", "") is not None, found is not None and found.by_code()
    )
    request.state.offered = offered
    return offered


def offered_in(request: Request) -> Offered:
    """What was found out for this request."""
    found = getattr(request.state, "offered", None)
    return found if isinstance(found, Offered) else Offered()


def in_wecom(request: Request) -> bool:
    """Whether the page is opened in WeCom: who is known there need not choose how to sign in."""
    return _WECOM_BROWSER in request.headers.get("user-agent", "").lower()
