"""A provider on the loopback address that answers, refuses, is slow, silent or breaks off, as a test says."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

Behave = Callable[[dict[str, Any]], int | str | float]


@dataclass
class Receiver:
    """`behave` looks at a message and says what happens: an HTTP status, "silent", "reset", or seconds to wait."""

    port: int = 0
    received: list[dict[str, Any]] = field(default_factory=list)
    behave: Behave = lambda _: 200
    open_connections: int = 0
    most_connections: int = 0

    def url(self, channel: str, query: str = "") -> str:
        return f"json://127.0.0.1:{self.port}/{channel}{query}"

    def by(self, channel: str) -> list[dict[str, Any]]:
        return [each for each in self.received if each["channel"] == channel]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_connections += 1
        self.most_connections = max(self.most_connections, self.open_connections)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(
                    int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
                )
                message = _read(await reader.readexactly(length))
                self.received.append(message)
                status = self.behave(message)
                if status == "silent":
                    await asyncio.sleep(3600)
                elif status == "reset":
                    writer.transport.abort()
                    return
                elif isinstance(status, float):
                    await asyncio.sleep(status)
                    status = 200
                writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 2\r\n\r\nok".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open_connections -= 1
            writer.close()


def _read(body: bytes) -> dict[str, Any]:
    """A message of ours; of another plugin of apprise, its body as it came."""
    return dict(orjson.loads(body)) if body.startswith(b"{") else {"channel": "other", "body": body.decode()}


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A running receiver on a free port."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
