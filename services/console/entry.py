"""Who is at the door of a page: every page but the sign-in needs a caller, some need a role."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from services.access.callers import Caller, caller_or_none, csrf_token, require
from services.access.problems import unauthenticated
from services.chassis.context import Context
from services.console.offered import offer
from services.console.visit import Visit, text_for

Visits = Callable[..., Awaitable[Visit]]


def visitor(context: Context) -> Visits:
    """A dependency: the visit of somebody signed in."""

    async def visit(request: Request, caller: Annotated[Caller | None, Depends(caller_or_none(context))]) -> Visit:
        if caller is None:
            await offer(context, request)  # for the sign-in that the answer carries
            raise unauthenticated()
        bearer = "authorization" in request.headers
        return Visit(request, text_for(request), context.clock.now(), caller, "" if bearer else csrf_token(request))

    return visit


def operations_only(context: Context) -> Visits:
    """A dependency: the visit of operations staff; 403 for anybody else."""

    async def visit(found: Annotated[Visit, Depends(visitor(context))]) -> Visit:
        assert found.caller is not None
        require(found.caller, "operations")
        return found

    return visit
