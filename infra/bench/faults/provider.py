"""The provider of the fault test: takes messages, and refuses, dawdles, falls silent, dies or goes away as it is told."""

import asyncio
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Mood = Literal["fine", "refusing", "slow", "silent", "dying", "away"]
MOODS: tuple[Mood, ...] = ("refusing", "slow", "silent", "dying", "away")
CHANNELS = ("sms", "wecom", "voice")
SHARE = 0.5  # of the requests that a mood strikes
ANSWER = b"HTTP/1.1 %s\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok"


@dataclass
class Taken:
    """A message that the provider took: from then on it is delivered, whether or not we ever hear of it."""

    message: str
    channel: str
    at: float
    answered: bool = False


class Provider:
    """An HTTP receiver on a loopback port of its own."""

    def __init__(self, seed: int) -> None:
        self.mood: Mood = "fine"
        self.taken: list[Taken] = []
        self.refused = 0
        self._dice = random.Random(seed)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._port = 0

    async def start(self) -> None:
        """Listen; at the same port as before."""
        self._server = await asyncio.start_server(self._connection, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Go away, in the middle of whatever is under way."""
        if self._server is not None:
            self._server.close()
            self._server = None
            for writer in list(self._open):
                writer.transport.abort()

    async def feel(self, mood: Mood) -> None:
        """Be in another mood from now on."""
        was, self.mood = self.mood, mood
        if mood == "away":
            await self.stop()
        elif was == "away":
            await self.start()

    def channels_file(self, folder: Path) -> Path:
        """Write the channels file that leads here."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "channels.yaml"
        path.write_text(json.dumps({name: f"json://127.0.0.1:{self._port}/{name}" for name in CHANNELS}))
        return path

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while await self._request(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Handle one request; False ends the connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = next(int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:"))
        fields: dict[str, Any] = json.loads(await reader.readexactly(length))
        mood = self.mood if self._dice.random() < SHARE else "fine"
        if mood == "refusing":
            self.refused += 1
            status = self._dice.choice((b"400 Bad Request", b"429 Too Many Requests", b"503 Service Unavailable"))
            await _answer(writer, status)
            return True
        one = Taken(fields["message_id"], fields["channel"], time.time())
        self.taken.append(one)
        if mood == "slow":
            await asyncio.sleep(self._dice.uniform(0.3, 2.5))
        elif mood == "silent":
            await reader.read()  # until the caller gives up
            return False
        elif mood == "dying":
            return False
        await _answer(writer, b"200 OK")
        one.answered = True
        return True


async def _answer(writer: asyncio.StreamWriter, status: bytes) -> None:
    writer.write(ANSWER % status)
    await writer.drain()
