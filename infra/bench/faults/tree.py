"""The process tree of `shouhu up --sample`: started, watched for deaths, and struck from outside."""

import asyncio
import json
import os
import re
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from services.chassis import process
from services.chassis.process import Command

ROOT = Path(__file__).parents[3]
START = 120.0  # seconds until everything must be ready
_DIED = re.compile(r"^(\w+) died after [\d.]+ s: ([^;]+);")


@dataclass(frozen=True, slots=True)
class Death:
    """A process of the tree that ended, when, and how; `ours` if it was struck by us."""

    name: str
    at: float
    how: str
    ours: bool


class Tree:
    """One `shouhu up` on a data directory of its own; `code` is the directory whose services/ and events/ it runs."""

    def __init__(self, data: Path, channels: Path, faults: str, code: Path = ROOT) -> None:
        self.data = data
        self.deaths: list[Death] = []
        self._struck: dict[str, tuple[float, str]] = {}
        self._read = 0
        # Empty means unset: the stores are the embedded ones.
        env = {"SHOUHU_DATA": str(data), "SHOUHU_HTTP": "127.0.0.1:0", "SHOUHU_CHANNELS": str(channels), "SHOUHU_FAULTS": faults,
               "SHOUHU_KAFKA": "", "SHOUHU_POSTGRES": "", "SHOUHU_RULEBOOK": ""}  # fmt: skip
        self._command = Command("up", (sys.executable, "-m", "services.cli", "up", "--sample"), data / "up.log",
                                data / "up.pid", env=env, cwd=code)  # fmt: skip
        self._process: process.Process | None = None

    async def start(self) -> None:
        """Returns when everything is ready. Raises RuntimeError with the end of the log."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._process = process.launch(self._command)
        deadline = time.monotonic() + START
        while not self.endpoints_file.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"shouhu up did not start:\n{process.last_lines(self._command.log, 20)}")
            await asyncio.sleep(0.2)

    def stop(self) -> None:
        """Stop it and all its children."""
        if self._process is not None:
            process.stop(self._process, self._command, timeout=60)
            self._process = None

    @property
    def endpoints_file(self) -> Path:
        """Where `up` says where everything is."""
        return self.data / "endpoints.json"

    @property
    def endpoints(self) -> dict[str, Any]:
        """What it says now."""
        known: dict[str, Any] = json.loads(self.endpoints_file.read_text())
        return known

    def token(self, name: str) -> str:
        """A sample token."""
        return (self.data / f"{name}.token").read_text().strip()

    def down(self) -> list[str]:
        """Processes that are not there just now, or not ready again yet."""
        return [name for name, pid in self.endpoints["pids"].items() if not self._is_ours(pid)]

    def strike(self, name: str, how: signal.Signals) -> bool:
        """Send a signal to a process of the tree; False if it is not there just now."""
        pid = self.endpoints["pids"].get(name)
        if pid is None or not self._is_ours(pid):
            return False
        os.kill(pid, how)
        self._struck[name] = (time.time(), how.name)
        return True

    def _is_ours(self, pid: int) -> bool:
        try:
            found = psutil.Process(pid)
            return bool(
                self._process is not None
                and found.ppid() == self._process.pid
                and found.status() != psutil.STATUS_ZOMBIE
            )
        except psutil.NoSuchProcess:
            return False

    async def watch(self) -> None:
        """Note every death, for ever. An orderly end (SIGTERM) is a death too: the process is gone."""
        while True:
            self.look()
            await asyncio.sleep(0.05)

    def look(self) -> None:
        """Read what the supervisor has said since the last look."""
        text = self._command.log.read_bytes()
        whole = text.rfind(b"\n") + 1
        for line in text[self._read : whole].decode(errors="replace").splitlines():
            if found := _DIED.match(line):
                name, how = found.groups()
                at, _ = self._struck.pop(name, (0.0, ""))
                self.deaths.append(Death(name, time.time(), how, ours=time.time() - at < 20))
        self._read = whole
