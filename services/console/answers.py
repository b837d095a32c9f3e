"""How the console's routes answer when something is wrong: a page in plain words, never an exception or a code alone."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import override

from services.access.problems import UNAVAILABLE, Problem
from services.chassis.clock import SystemClock
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
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        response: Response = render(
            visit,
            "login.html",
            status=401,
            back=safe_return(back if request.method == "GET" else "/"),
            notice="login.needed",
        )
        if request.headers.get("hx-request"):
            response.headers["hx-refresh"] = "true"
        return response
    shown = status if status in _KNOWN else 404 if status == 405 else 500
    return render(visit, "error.html", status=status, shown=shown)
