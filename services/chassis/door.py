"""The HTTP server of a process: its doors at `SHOUHU_HTTP`, or only health and metrics on a free loopback port."""

import asyncio
import logging
import os
import socket
from pathlib import Path

import orjson
import uvicorn
from fastapi import FastAPI

from services.chassis.settings import Settings

log = logging.getLogger(__name__)


def application() -> FastAPI:
    """An application as every door of ours is made.

    FastAPI's own telemetry is off: it would put paths into spans and log what it cannot read of a caller's headers, and either may
    hold a person's number. Our own spans say what happened.
    """
    return FastAPI(
        title="Shouhu 守护", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )  # fmt: skip


class Door:
    """One FastAPI application and its server, in this event loop."""

    def __init__(self, name: str, settings: Settings, *, doors: bool) -> None:
        self.name = name
        self.app = application()
        self._address = settings.http if doors else settings.health
        self._note = settings.directory / "run" / f"{name}.json"
        self._server: uvicorn.Server | None = None
        self._served = asyncio.Event()

    async def run(self) -> None:
        """Serve until stopped. Raises OSError when the address is taken."""
        listening = _listen(self._address)
        host, port = listening.getsockname()[:2]
        config = uvicorn.Config(self.app, log_config=None, access_log=False, lifespan="off", server_header=False,
                                timeout_graceful_shutdown=3)  # fmt: skip
        self._server = uvicorn.Server(config)
        _write(self._note, {"name": self.name, "pid": os.getpid(), "http": f"http://{_in_url(host)}:{port}"})
        log.info("%s listens at http://%s:%s", self.name, _in_url(host), port)
        await self._server._serve([listening])  # serve() would take the process's signals
        self._served.set()
        await asyncio.Event().wait()  # the process ends by its own order

    async def stop(self) -> None:
        """Finish the requests in hand."""
        self._note.unlink(missing_ok=True)
        if self._server is not None:
            self._server.should_exit = True
            await self._served.wait()


def _listen(address: tuple[str, int]) -> socket.socket:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
    except OSError as error:
        listening.close()
        raise OSError(f"SHOUHU_HTTP: cannot listen at {address[0]}:{address[1]}: {error.strerror}") from None
    return listening


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _write(path: Path, what: dict[str, object]) -> None:
    path.parent.mkdir(exist_ok=True, mode=0o700)
    new = path.with_suffix(f".{os.getpid()}.new")  # another process of the same name may write at the same moment
    new.write_bytes(orjson.dumps(what))
    new.replace(path)
