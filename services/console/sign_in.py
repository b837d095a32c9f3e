"""Signing in and out: an account with its password, or a token pasted; what follows is a session cookie."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from services.access import accounts, sessions, tokens
from services.access.callers import Caller, caller_or_none
from services.access.problems import forbidden
from services.chassis.context import Context
from services.console.answers import PageRoute
from services.console.entry import visitor
from services.console.offered import offer
from services.console.visit import Visit, render, safe_return, text_for

Field = Annotated[str, Form(max_length=1000)]


def sign_in_pages(context: Context) -> APIRouter:
    """`/login` and `/logout`."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)

    @pages.get("/login")
    async def sign_in_page(
        request: Request, caller: Annotated[Caller | None, Depends(caller_or_none(context))], next: str = "/"
    ) -> Response:
        """The form; somebody already signed in goes on."""
        if caller is not None:
            return RedirectResponse(safe_return(next), 303)
        return await sign_in_form(context, request, next)

    @pages.post("/login")
    async def sign_in(
        request: Request, name: Field = "", password: Field = "", token: Field = "", next: Field = "/"
    ) -> Response:
        """Open a session and go back to where the visitor came from; the same words for every wrong answer."""
        own_form(request)
        secret = await _open(context, name.strip(), password, token.strip())
        if secret is None:
            return await sign_in_form(context, request, next, "login.wrong", 401)
        response = RedirectResponse(safe_return(next), 303)
        sessions.set_cookie(response, secret, secure=request.url.scheme == "https")
        return response

    @pages.post("/logout")
    async def sign_out(request: Request, visit: Annotated[Visit, Depends(visitor(context))]) -> Response:
        """End the session."""
        await sessions.end_session(context.pool, request.cookies.get(sessions.COOKIE, ""))
        response = await sign_in_form(context, request, "/", "login.signed_out")
        sessions.clear_cookie(response)
        return response

    return pages


async def sign_in_form(context: Context, request: Request, back: str, notice: str = "", status: int = 200) -> Response:
    """The page with every way of signing in."""
    offered = await offer(context, request)
    return render(
        nobody(request, context), "login.html", status=status, back=safe_return(back), notice=notice, offered=offered
    )


def own_form(request: Request) -> None:
    """403 for a form of another site: it must not sign somebody in under another's name, nor send codes about."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise forbidden("the form came from another site")


def nobody(request: Request, context: Context) -> Visit:
    """The visit of somebody who is not signed in."""
    return Visit(request, text_for(request), context.clock.now())


async def _open(context: Context, name: str, password: str, token: str) -> str | None:
    now = context.clock.now()
    if not token:
        return await accounts.sign_in(context.pool, name, password, now) if name and password else None
    caller = await tokens.caller_of(context.pool, token, now)
    # A source system has no page to work on; its token must not open one.
    if caller is None or caller.role == "source":
        return None
    return await sessions.open_session(context.pool, now, token=caller.id)
