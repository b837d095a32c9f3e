"""Signing in by WeCom: it says who the user of its browser is, and the roster says whose contact that is."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.access import elsewhere, sessions
from services.access.problems import not_found
from services.chassis.context import Context
from services.console.answers import PageRoute
from services.console.offered import ways
from services.console.sign_in import nobody, sign_in_form
from services.console.visit import render, safe_return

COOKIE = "shouhu_away"


def sign_in_by_wecom(context: Context) -> APIRouter:
    """`/login/wecom` goes there, `/login/wecom/back` is where WeCom sends the visitor back to."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)

    @pages.get("/login/wecom")
    async def leave(request: Request, next: str = "/") -> Response:
        """To WeCom, with a state that is good once, for five minutes, in this browser alone."""
        found = await ways(context)
        if found is None or found.wecom_address("", "") is None:
            raise not_found()
        away = await elsewhere.leave(context.pool, safe_return(next), context.clock.now())
        here = found.own_address() or f"{request.url.scheme}://{request.url.netloc}"
        response = RedirectResponse(found.wecom_address(f"{here}/login/wecom/back", away.state) or "/login", 303)
        response.set_cookie(
            COOKIE, away.browser, max_age=int(elsewhere.VALID.total_seconds()), path="/login", httponly=True,
            samesite="lax", secure=request.url.scheme == "https",  # strict would not come back from another site
        )  # fmt: skip
        return response

    @pages.get("/login/wecom/back")
    async def come_back(request: Request, code: str = "", state: str = "") -> Response:
        """Open a session for whom WeCom names, if the roster knows them; the code and the state are spent either way."""
        now, browser = context.clock.now(), request.cookies.get(COOKIE, "")
        back = await elsewhere.come_back(context.pool, state, browser, now) if state and browser else None
        if back is None:
            return await sign_in_form(context, request, "/", "login.wecom_again", 401)
        found = await ways(context)
        person = await found.wecom_person(code) if found is not None and code else None
        secret = await sessions.open_session(context.pool, now, person=person) if person is not None else None
        if secret is None or await sessions.caller_of(context.pool, secret, now) is None:
            return await sign_in_form(context, request, back, "login.wecom_unknown", 401)
        # A page that goes on by itself, not a redirect: after one from another site a browser keeps the strict cookie back.
        response = render(nobody(request, context), "continue.html", back=safe_return(back))
        sessions.set_cookie(response, secret, secure=request.url.scheme == "https")
        response.delete_cookie(COOKIE, path="/login")
        return response

    return pages
