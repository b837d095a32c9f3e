"""Is this process alive, can it work, and its metrics: for the supervisor and for Prometheus, not for the public."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], Awaitable[str | None]]
"""Says what is wrong, or None."""


def internal(request: Request) -> bool:
    """True if the caller has a loopback or internal address."""
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return address.is_loopback or address.is_private


def health_routes(name: str, checks: dict[str, Check], silence: Callable[[], float | None] = lambda: None) -> APIRouter:
    """`/healthz` (answers: the loop turns), `/readyz` (every check holds; 503 names those that do not), `/metrics`.

    `silence`: seconds since the last heartbeat that came through the whole pipeline, None where it is not known.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> dict[str, str | float | None]:
        return {"status": "ok", "service": name, "heartbeat_seconds": silence()}

    @router.get("/readyz")
    async def readyz(request: Request, response: Response) -> dict[str, object]:
        wrong = {check: what for check, ask in checks.items() if (what := await ask()) is not None}
        response.status_code = 503 if wrong else 200
        status = {"status": "unready" if wrong else "ready", "service": name}
        return (
            {**status, "checks": {check: wrong.get(check, "ok") for check in checks}}
            if internal(request)
            else dict(status)
        )

    @router.get("/metrics")
    async def metrics(request: Request) -> Response:
        if not internal(request):
            return Response(status_code=404)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
