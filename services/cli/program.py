"""One of our own processes as the supervisor sees it."""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from services.chassis.process import Command


class Program:
    """`shouhu <arguments>` as a supervised process; it is ready when its own /readyz says so."""

    def __init__(self, name: str, arguments: tuple[str, ...], data: Path, env: Mapping[str, str]) -> None:
        self._name = name
        self._arguments = arguments
        self._data = data
        self.env = dict(env)

    @property
    def name(self) -> str:
        """Its name in endpoints.json."""
        return self._name

    @property
    def address(self) -> str | None:
        """Its HTTP address, for health and metrics or as a door; None before it listens."""
        try:
            return str(json.loads(self._note.read_bytes())["http"])
        except (OSError, ValueError, KeyError):
            return None

    def prepare(self) -> None:
        """Forget what the last process said of itself."""
        self._note.unlink(missing_ok=True)

    def command(self) -> Command:
        """How it is started."""
        return Command(
            name=self._name,
            argv=(sys.executable, "-m", "services.cli", *self._arguments),
            log=self._data / "logs" / f"{self._name}.log",
            pid_file=self._data / "run" / f"{self._name}.pid",
            env=self.env,
        )

    def ready(self) -> bool:
        """Whether it says it can work."""
        address = self.address
        if address is None:
            return False
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{address}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def after_stop(self) -> None:
        """Its address is no longer one."""
        self._note.unlink(missing_ok=True)

    @property
    def _note(self) -> Path:
        return self._data / "run" / f"{self._name}.json"


def our_environment(
    data: Path, kafka: str | None, postgres: str, http: str, channels: Path | None = None
) -> dict[str, str]:
    """The settings that a process of ours is given; what is None it has from our own environment."""
    given = {"SHOUHU_DATA": str(data), "SHOUHU_POSTGRES": postgres, "SHOUHU_HTTP": http, "PYTHONUNBUFFERED": "1"}
    if kafka:
        given["SHOUHU_KAFKA"] = kafka
    if channels:
        given["SHOUHU_CHANNELS"] = str(channels)
    return given
