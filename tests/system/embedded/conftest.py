"""The supervisor that a test may kill."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.embedded.supervision import SUPERVISED, Start


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a supervisor with these parts on the test's directory."""
    started = []

    def begin(*names: str) -> "subprocess.Popen[str]":
        argv = [sys.executable, str(SUPERVISED), str(tmp_path), *names]
        env = {**os.environ, "PYTHONPATH": str(SUPERVISED.parents[3])}
        started.append(subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env))
        return started[-1]

    yield begin
    for supervisor in started:
        if supervisor.poll() is None:
            supervisor.kill()
        supervisor.communicate()
