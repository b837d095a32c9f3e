"""Asking the owner: a page's questions and answers go to the published API with the visitor's own credentials."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.requests import Request

from services.chassis.context import Context

_CREDENTIALS = ("authorization", "cookie", "traceparent", "x-csrf-token")
_PATIENCE = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON body of an API's answer; `body` is empty where there was none."""

    status: int
    body: dict[str, Any]

    @property
    def ok(self) -> bool:
        return self.status < 300


async def ask(request: Request, method: str, path: str, *, api: str | None, json: Mapping[str, Any] | None = None,
              params: Mapping[str, str] | None = None, csrf: str = "") -> Answer:  # fmt: skip
    """Call the API mounted beside the console (or at the address `api`) as the visitor; 503 when it cannot be reached."""
    transport = None if api else httpx.ASGITransport(app=request.app, client=_client(request))
    headers = {name: request.headers[name] for name in _CREDENTIALS if name in request.headers}
    if csrf:
        headers["x-csrf-token"] = csrf
    # An API looks at the name it is called by (loopback alone for sample tokens), so it is called by the visitor's.
    base = api or f"{request.url.scheme}://{request.url.netloc}"
    try:
        async with httpx.AsyncClient(transport=transport, base_url=base, timeout=_PATIENCE, trust_env=False) as client:
            response = await client.request(method, path, json=json, params=params, headers=headers)
    except httpx.TransportError:
        return Answer(503, {})
    return Answer(response.status_code, _json(response))


def _json(response: httpx.Response) -> dict[str, Any]:
    if "json" not in response.headers.get("content-type", ""):
        return {}
    body = response.json()
    return body if isinstance(body, dict) else {"items": body}


def _client(request: Request) -> tuple[str, int]:
    return (request.client.host, request.client.port) if request.client else ("127.0.0.1", 0)


def api_address(context: Context) -> str | None:
    """Where the API is when it is not mounted beside the console (`shouhu serve console`); None when it is."""
    return context.extras.get("api_address")
