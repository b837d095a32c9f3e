"""A receiver of messages on the loopback address, in a process of its own, that stamps when each one arrived."""

import asyncio
import multiprocessing
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

import orjson
from typing_extensions import override

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Receiver:
    """`arrived` gives what came so far: message id -> the machine's monotonic time in seconds, the first of each."""

    def __init__(self, port: int, pipe: Connection) -> None:
        self.port = port
        self._pipe = pipe

    def arrived(self) -> dict[str, float]:
        """Everything since the start."""
        self._pipe.send(b"")
        return dict(orjson.loads(self._pipe.recv_bytes()))

    @property
    def channels(self) -> str:
        """A channels file in which every channel leads here."""
        lines = [f"{name}: json://127.0.0.1:{self.port}/{name}" for name in ("sms", "wecom", "voice")]
        return "\n".join([*lines, "drill:", *(f"  {line}" for line in lines)]) + "\n"


@contextmanager
def receiver() -> Iterator[Receiver]:
    """One that runs for as long as the block lasts."""
    listener = socket.create_server(("127.0.0.1", 0))
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=_run, args=(listener, theirs), daemon=True)
    child.start()
    try:
        yield Receiver(int(listener.getsockname()[1]), ours)
    finally:
        child.terminate()
        child.join()
        listener.close()


def _run(listener: socket.socket, pipe: Connection) -> None:
    asyncio.run(_serve(listener, pipe))


async def _serve(listener: socket.socket, pipe: Connection) -> None:
    arrived: dict[str, float] = {}

    def asked() -> None:
        pipe.recv()
        pipe.send_bytes(orjson.dumps(arrived))

    loop = asyncio.get_running_loop()
    loop.add_reader(pipe.fileno(), asked)
    server = await loop.create_server(lambda: _Post(arrived), sock=listener)
    await server.serve_forever()


class _Post(asyncio.Protocol):
    """Just enough of HTTP/1.1 for a client that posts a body of known length and keeps the connection."""

    def __init__(self, arrived: dict[str, float]) -> None:
        self._arrived = arrived
        self._unread = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Kept, to answer on."""
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        now = time.monotonic()
        self._unread += data
        while (end := self._unread.find(b"\r\n\r\n")) >= 0:
            head = self._unread[:end].lower()
            at = head.index(b"content-length:") + 15
            length = int(head[at:].split(b"\r\n", 1)[0])
            if len(self._unread) < end + 4 + length:
                return
            body, self._unread = self._unread[end + 4 : end + 4 + length], self._unread[end + 4 + length :]
            self._arrived.setdefault(str(orjson.loads(body).get("message_id")), now)
            if isinstance(self._transport, asyncio.WriteTransport):
                self._transport.write(ANSWER)
