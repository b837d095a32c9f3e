"""Supervisors for tests to kill, and how to see what became of their programs."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil

SUPERVISED = Path(__file__).with_name("supervised.py")
Start = Callable[..., "subprocess.Popen[str]"]


def pids(data: Path, *, without: int = 0, timeout: float = 60) -> dict[str, int]:
    """What the supervisor wrote, once it no longer names the process `without`."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            found: dict[str, int] = json.loads((data / "pids.json").read_text())
        except OSError:
            found = {}
        if found and without not in found.values():
            return found
        time.sleep(0.05)
    raise AssertionError(f"no new pids within {timeout} s")


def gone(pid: int, timeout: float = 10) -> bool:
    """Whether the process ends within `timeout` seconds (a zombie has ended)."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def said(supervisor: "subprocess.Popen[str]", timeout: float = 30) -> str:
    """Everything it printed until it ended."""
    return supervisor.communicate(timeout=timeout)[0]
