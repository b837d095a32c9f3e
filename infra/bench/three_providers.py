"""Three providers on the loopback address, each a process of its own that stamps what arrives."""

import asyncio
import multiprocessing
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Literal

import orjson
from typing_extensions import override

Health = Literal["good", "slow", "dead"]
SLOW = 10.0  # seconds
NAMES = ("sms", "wecom", "voice")
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Provider:
    """One provider: `slow` answers in ten seconds, `dead` does not listen."""

    name: str
    health: Health
    port: int
    pipe: Connection

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/{self.name}"

    def told(self) -> dict[str, Any]:
        """`arrived`: message id -> the machine's monotonic time of its first arrival; `order`: every arrival."""
        if self.health == "dead":
            return {"arrived": {}, "order": []}
        self.pipe.send(b"")
        return dict(orjson.loads(self.pipe.recv_bytes()))


@contextmanager
def three(*health: Health) -> Iterator[Sequence[Provider]]:
    """sms, wecom and voice, in this state of health."""
    made, children = [], []
    try:
        for name, state in zip(NAMES, health, strict=True):
            listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
            ours, theirs = multiprocessing.Pipe()
            made.append(Provider(name, state, int(listener.getsockname()[1]), ours))
            if state != "dead":
                child = multiprocessing.get_context("spawn").Process(
                    target=_run, args=(listener, theirs, state), daemon=True
                )
                child.start()
                children.append(child)
            listener.close()
        for each in made:
            each.told()  # it runs: a process that is only starting would look like a provider that does not answer
        yield made
    finally:
        for child in children:
            child.terminate()
            child.join()


def _run(listener: socket.socket, pipe: Connection, health: Health) -> None:
    asyncio.run(_serve(listener, pipe, SLOW if health == "slow" else 0.0))


async def _serve(listener: socket.socket, pipe: Connection, seconds: float) -> None:
    book: dict[str, Any] = {"arrived": {}, "order": []}

    def asked() -> None:
        pipe.recv()
        pipe.send_bytes(orjson.dumps(book))

    loop = asyncio.get_running_loop()
    loop.add_reader(pipe.fileno(), asked)
    server = await loop.create_server(lambda: _Post(book, seconds), sock=listener)
    await server.serve_forever()


class _Post(asyncio.Protocol):
    """Just enough of HTTP/1.1 for a client that posts a body of known length and keeps the connection."""

    def __init__(self, book: dict[str, Any], seconds: float) -> None:
        self._book, self._seconds, self._unread = book, seconds, b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Kept, to answer on."""
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete, at once or after a while."""
        now = time.monotonic()
        self._unread += data
        while (end := self._unread.find(b"\r\n\r\n")) >= 0:
            head = self._unread[:end].lower()
            at = head.index(b"content-length:") + 15
            length = int(head[at:].split(b"\r\n", 1)[0])
            if len(self._unread) < end + 4 + length:
                return
            body, self._unread = self._unread[end + 4 : end + 4 + length], self._unread[end + 4 + length :]
            told = orjson.loads(body)
            id_ = str(told.get("message_id") or told.get("message"))
            self._book["arrived"].setdefault(id_, now)
            self._book["order"].append(id_)
            asyncio.get_running_loop().call_later(self._seconds, self._answer)

    def _answer(self) -> None:
        if isinstance(self._transport, asyncio.WriteTransport) and not self._transport.is_closing():
            self._transport.write(ANSWER)
