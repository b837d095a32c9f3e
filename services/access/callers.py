"""Who calls: a bearer token or a session, turned into one `Caller` that every door reads."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Protocol

import asyncpg
from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.access import sessions, tokens
from services.access.db import Db
from services.access.problems import forbidden, unauthenticated
from services.access.roles import Caller, Role
from services.chassis.clock import Clock
from services.directory.posts import may_act

__all__ = ["ALL", "Caller", "Role", "caller_from_request", "caller_or_none", "csrf_token", "held_posts", "require"]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
bearer_scheme = HTTPBearer(auto_error=False, description="A token of a source, an officer or operations.")


class Door(Protocol):
    """What a door must have for its callers to be known: the chassis's Context has it."""

    @property
    def pool(self) -> asyncpg.Pool: ...
    @property
    def clock(self) -> Clock: ...


@dataclass(frozen=True)
class EveryPost:
    """Holds every post: the sample officer, who may act for every sample post."""

    kind: Literal["every"] = "every"

    def __contains__(self, post: object) -> bool:
        return True


ALL: Final = EveryPost()


def caller_or_none(context: Door) -> Callable[..., Awaitable[Caller | None]]:
    """A dependency: the caller, or None for one who is not signed in (a page then shows the sign-in).

    A bearer token is proof by itself; a session is sent by the browser unasked, so anything but reading needs its
    CSRF token too, in the header `X-CSRF-Token` or the form field `csrf_token` (403 otherwise).
    """

    async def caller(
        request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Security(bearer_scheme)]
    ) -> Caller | None:
        now = context.clock.now()
        if bearer is not None:
            return await tokens.caller_of(context.pool, bearer.credentials, now)
        secret = request.cookies.get(sessions.COOKIE)
        if not secret:
            return None
        found = await sessions.caller_of(context.pool, secret, now)
        if found is not None and request.method not in SAFE_METHODS and not await _csrf_holds(request, secret):
            raise forbidden("the form has expired; open the page again (CSRF token missing or wrong)")
        return found

    return caller


def caller_from_request(context: Door) -> Callable[..., Awaitable[Caller]]:
    """A dependency: the caller; 401 for one who is not signed in, 403 for a session's POST without its CSRF token."""
    known = caller_or_none(context)

    async def caller(
        request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Security(bearer_scheme)]
    ) -> Caller:
        found = await known(request, bearer)
        if found is None:
            raise unauthenticated()
        return found

    return caller


def require(caller: Caller, *roles: Role) -> None:
    """403 unless the caller has one of the roles."""
    if caller.role not in roles:
        raise forbidden(f"this needs the role {' or '.join(roles)}")


def csrf_token(request: Request) -> str:
    """The CSRF token for the forms of this session; "" without a session (a bearer token needs none)."""
    return sessions.csrf_of(request.cookies.get(sessions.COOKIE, ""))


async def held_posts(db: Db, caller: Caller) -> frozenset[str] | EveryPost:
    """Keys of the posts that a caller holds by the roster and may act for: `civil_affairs@county/220122/duty_officer`."""
    if caller.role != "officer":
        return frozenset()
    if caller.sample:
        return ALL
    rows = await db.fetch(
        "select distinct post_key from notifier.post_holder_view where person_id = $1", caller.person_id
    )
    return frozenset(row["post_key"] for row in rows if may_act(row["post_key"]))


async def _csrf_holds(request: Request, secret: str) -> bool:
    given = request.headers.get("x-csrf-token")
    if given is None and "form" in request.headers.get("content-type", ""):
        field = (await request.form()).get("csrf_token")
        given = field if isinstance(field, str) else None
    return given is not None and sessions.csrf_matches(secret, given)
