"""The gateway on a real port, somebody who takes its callbacks, and whoever may set it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest_asyncio
import uvicorn
from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.access import tokens
from services.access.problems import install_problems
from services.chassis.context import Context
from services.phone.routes import router


@dataclass
class Heard:
    """What came to a callback, and what it answers."""

    url: str
    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)  # method, query, body
    answer: Callable[[str, dict[str, str], bytes], tuple[int, bytes]] = lambda *_: (200, b'{"code": 0, "result": 0}')
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, calls: int = 1) -> list[tuple[str, dict[str, str], bytes]]:
        """The calls, once so many came."""
        async with asyncio.timeout(10):
            while len(self.calls) < calls:
                self.came.clear()
                await self.came.wait()
        return self.calls


@dataclass
class Phones:
    """A gateway that runs: its address, and a client with the operations role."""

    address: str
    client: httpx.AsyncClient
    app: FastAPI
    context: Context

    async def set(self, path: str, **what: Any) -> None:
        """PUT to `/phone/api/…`."""
        answer = await self.client.put(f"/phone/api/{path}", json=what)
        assert answer.status_code == 200, answer.text

    async def messages(self, **query: str) -> list[dict[str, Any]]:
        """What the phones received."""
        items: list[dict[str, Any]] = (await self.client.get("/phone/api/messages", params=query)).json()["items"]
        return items


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """The app on a port of this machine; its host:port."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    host, port = listening.getsockname()
    try:
        yield f"{host}:{port}"
    finally:
        server.should_exit = True
        await serving


def host_of(app: ASGIApp, base: str) -> ASGIApp:
    """The app as a provider's own host: what is asked of `/…` is `/phone/<provider>/…`, as a reverse proxy does it."""

    async def moved(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = base + scope["path"]
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await app(scope, receive, send)

    return moved


@pytest_asyncio.fixture
async def phones(context: Context) -> AsyncIterator[Phones]:
    """The gateway."""
    app = FastAPI()
    install_problems(app)
    app.include_router(router(context))
    made = await tokens.create(context.pool, role="operations", name="ops", now=context.clock.now())
    async with served(app) as address:
        headers = {"Authorization": f"Bearer {made.secret}"}
        async with httpx.AsyncClient(base_url=f"http://{address}", headers=headers, timeout=10) as client:
            yield Phones(f"http://{address}", client, app, context)


@pytest_asyncio.fixture
async def callback() -> AsyncIterator[Heard]:
    """Somebody who takes callbacks."""
    app = FastAPI()
    heard = Heard("")

    @app.api_route("/callback", methods=["GET", "POST"])
    async def take(request: Request) -> Response:
        call = (request.method, dict(request.query_params), await request.body())
        heard.calls.append(call)
        heard.came.set()
        status, body = heard.answer(*call)
        return Response(body, status)

    async with served(app) as address:
        heard.url = f"http://{address}/callback"
        yield heard
