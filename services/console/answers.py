"""How the console's routes answer when something is wrong: a page in plain words, never an exception or a code alone."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from typing_extensions import override

from services.access.problems import UNAVAILABLE, Problem
from services.chassis.clock import SystemClock
from services.console.offered import in_wecom, offered_in
from services.console.visit import Visit, finish, render, safe_return, text_for

log = logging.getLogger(__name__)

_KNOWN = (401, 403, 404, 409, 422, 503)


class PageRoute(APIRoute):
    """A route whose every answer is a page with the headers of pages."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                response: Response = await handle(request)
            except Problem as problem:
                response = error_page(request, problem.status)
            except HTTPException as error:
                response = error_page(request, error.status_code)
            except RequestValidationError:
                response = error_page(request, 422)
            except UNAVAILABLE as error:
                log.warning("a page could not be made: %s", type(error).__name__)
                response = error_page(request, 503)
            except Exception as error:
                # A person gets a page that says what to do; the fault itself belongs to the log.
                log.error("a page failed: %s", type(error).__name__, exc_info=error)
                response = error_page(request, 500)
            return finish(request, response)

        return answer


def error_page(request: Request, status: int) -> Response:
    """The page for a status: what happened and what to do. 401 carries the sign-in form and comes back here."""
    visit = Visit(request, text_for(request), SystemClock().now())
    if status == 401:
        back = _way_back(request)
        offered = offered_in(request)
        if offered.wecom and in_wecom(request) and request.method == "GET" and not request.headers.get("hx-request"):
            return RedirectResponse(f"/login/wecom?{urlencode({'next': back})}", 303)
        response: Response = render(visit, "login.html", status=401, back=back, notice="login.needed", offered=offered)
        if request.headers.get("hx-request"):
            response.headers["hx-refresh"] = "true"
        return response
    shown = status if status in _KNOWN else 404 if status == 405 else 500
    return render(visit, "error.html", status=status, shown=shown)


def _way_back(request: Request) -> str:
    """Where a visitor comes back to after signing in: this page, or the page whose form was sent."""
    path = request.url.path
    if request.method == "GET":
        return safe_return(path + (f"?{request.url.query}" if request.url.query else ""))
    return safe_return(path.rpartition("/")[0]) if path.startswith(("/r/", "/duties/")) else "/"
