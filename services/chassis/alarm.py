"""A second way to people: a command or a URL, without Kafka, PostgreSQL or the notifier. For the supervisor.

`SHOUHU_ALARM`: a command (the text is its standard input and SHOUHU_ALARM_TEXT), `http(s)://…` (gets {"text", "state"} as JSON),
or any other URL of apprise (mailto://, dingtalk://, …), which apprise's own command takes.
"""

import json
import os
import shlex
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

PATIENCE = 30.0  # seconds for a command or a request


class Alarm:
    """Says it on standard error in any case, and by the way that was configured; never waits and never raises."""

    def __init__(self, where: str | None, tell: Callable[[str], None]) -> None:
        self._where = where
        self._tell = tell
        self._under_way: list[threading.Thread] = []

    def raise_(self, text: str, state: str) -> None:
        """Tell people; `state`: `silent` or `back`."""
        self._tell(text)
        if self._where is not None:
            thread = threading.Thread(target=self._send, args=(self._where, text, state), daemon=True, name="alarm")
            self._under_way = [*(each for each in self._under_way if each.is_alive()), thread]
            thread.start()

    def wait(self) -> None:
        """Until what is under way has ended."""
        for thread in self._under_way:
            thread.join(PATIENCE)

    def _send(self, where: str, text: str, state: str) -> None:
        try:
            if where.startswith(("http://", "https://")):
                _post(where, text, state)
            else:
                command = [*_apprise(), "--body", text, where] if "://" in where.split()[0] else shlex.split(where)
                _run(command, text, state)
        except Exception as error:  # whatever it is, the supervisor must go on; the URL may hold a secret
            self._tell(f"SHOUHU_ALARM: 告警未能发出 the alarm could not be sent: {type(error).__name__}")


def _post(url: str, text: str, state: str) -> None:
    body = json.dumps({"text": text, "state": state}).encode()
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=PATIENCE) as answer:
        answer.read(1024)


def _run(command: Sequence[str], text: str, state: str) -> None:
    env = {**os.environ, "SHOUHU_ALARM_TEXT": text, "SHOUHU_ALARM_STATE": state}
    subprocess.run(
        command, input=text, env=env, text=True, timeout=PATIENCE, check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _apprise() -> list[str]:
    return [str(Path(sys.executable).with_name("apprise"))]
