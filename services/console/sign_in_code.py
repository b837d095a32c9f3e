"""Signing in by a code that is sent to the officer's own contact. No answer here says whether somebody is known."""

import asyncio
import logging
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from services.access import accounts, codes, sessions
from services.chassis.context import Context
from services.console.answers import PageRoute
from services.console.offered import ways
from services.console.sign_in import Field, nobody, own_form
from services.console.visit import render, safe_return

COOKIE = "shouhu_code"
log = logging.getLogger(__name__)


def sign_in_by_code(context: Context) -> APIRouter:
    """`/login/code` sends a code and shows where to write it, `/login/code/check` takes it."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    sending: set[asyncio.Task[None]] = set()

    @pages.post("/login/code")
    async def ask(request: Request, who: Annotated[str, Form(max_length=200)] = "", next: Field = "/") -> Response:
        """Send a code, if there is anybody to send it to; what is answered, and how fast, is the same for all."""
        own_form(request)
        found, now, name = await ways(context), context.clock.now(), who.strip()
        person = await accounts.person_of(context.pool, name) if name else None
        if person is None and found is not None and name:
            person = await found.person_reached_at(name)
        try:
            asked = await codes.ask(context.pool, name, person, now)
        except codes.TooMany as too_many:
            return _page(request, next, "login.too_many", 429, seconds=_seconds(too_many.wait))
        if found is not None and person is not None:
            # Beside the answer, never before it: a provider's time to take a message would tell who is known.
            under_way = asyncio.create_task(_send(person, asked.code))
            sending.add(under_way)
            under_way.add_done_callback(sending.discard)
        # A page of its own: a phone may drop it while its owner reads the message, and load it again.
        response = RedirectResponse(f"/login/code?{urlencode({'next': safe_return(next)})}", 303)
        _remember(request, response, asked.browser)
        return response

    @pages.get("/login/code")
    async def write(request: Request, next: str = "/") -> Response:
        """Where the code is written; the same for whoever comes."""
        return _page(request, next, "login.code_sent")

    @pages.post("/login/code/check")
    async def check(request: Request, code: Annotated[str, Form(max_length=20)] = "", next: Field = "/") -> Response:
        """The right code opens a session of the person; a wrong one is one of five tries."""
        own_form(request)
        browser, now = request.cookies.get(COOKIE, ""), context.clock.now()
        person = await codes.check(context.pool, browser, code, now) if browser and code.strip() else None
        secret = await sessions.open_session(context.pool, now, person=person) if person is not None else None
        # Whoever left the roster since the code was sent gets the answer of a wrong code.
        if secret is None or await sessions.caller_of(context.pool, secret, now) is None:
            return _page(request, next, "login.code_wrong", 401)
        response = RedirectResponse(safe_return(next), 303)
        sessions.set_cookie(response, secret, secure=request.url.scheme == "https")
        return response

    def _page(request: Request, back: str, notice: str, status: int = 200, **fill: object) -> Response:
        visit = nobody(request, context)
        said = visit.text(notice, **fill)
        return render(visit, "code.html", status=status, back=safe_return(back), said=said, bad=status != 200)

    async def _send(person: str, code: str) -> None:
        found = await ways(context)
        minutes = codes.VALID // timedelta(minutes=1)
        try:
            if found is None or not await found.send_code(person, code, minutes, context.clock.now()):
                log.warning("a sign-in code reached nobody: no verified contact, or no channel took it")
        except Exception as error:
            # Nobody waits for this any more; the officer asks again in a minute.
            log.error("a sign-in code could not be sent: %s", type(error).__name__, exc_info=error)

    return pages


def _remember(request: Request, response: Response, browser: str) -> None:
    response.set_cookie(
        COOKIE, browser, max_age=int(codes.VALID.total_seconds()), path="/login", httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip


def _seconds(wait: timedelta) -> int:
    return max(1, int(wait.total_seconds()))
