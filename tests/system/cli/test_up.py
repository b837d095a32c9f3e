"""`shouhu up` as somebody uses it: one process tree that finds its data again and leaves nothing behind."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from services.cli.compose import WORKERS
from tests.system.embedded.supervision import gone

ROOT = Path(__file__).parents[3]
Up = tuple["subprocess.Popen[str]", Path]


def start_up(data: Path, *arguments: str, **settings: str) -> "subprocess.Popen[str]":
    """`shouhu up --sample`, or another command that runs everything, on any free port, with these settings more."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SHOUHU_")}
    env |= {"SHOUHU_DATA": str(data), "SHOUHU_HTTP": "127.0.0.1:0", "PYTHONPATH": str(ROOT), **settings}
    argv = [sys.executable, "-m", "services.cli", *(arguments or ("up", "--sample"))]
    return subprocess.Popen(argv, env=env, stderr=subprocess.PIPE, text=True)


def endpoints(data: Path, *, without: int = 0, timeout: float = 120) -> dict[str, Any]:
    """endpoints.json, once it is there and does not name the process `without`."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            found: dict[str, Any] = json.loads((data / "endpoints.json").read_text())
            if without not in found["pids"].values():
                return found
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"no endpoints.json within {timeout} s")


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A system that is up for the tests of this file; they leave it up."""
    data = tmp_path_factory.mktemp("up") / "data"
    supervisor = start_up(data)
    try:
        endpoints(data)
        yield supervisor, data
    finally:
        supervisor.kill()
        supervisor.communicate()


def test_endpoints_say_where_everything_is_and_all_of_it_answers(up: Up) -> None:
    _, data = up
    found = endpoints(data)
    assert set(found["pids"]) == {*WORKERS, "web", "postgres", "kafka"}
    assert all(psutil.pid_exists(pid) for pid in found["pids"].values())
    for address in found["health"].values():
        assert httpx.get(f"{address}/readyz", trust_env=False).status_code == 200
    assert found["health"]["web"] == found["http"]


def test_what_others_must_not_read_is_closed_to_them(up: Up) -> None:
    _, data = up
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    for file in (data / "endpoints.json", *data.glob("*.token"), *(data / "keys").iterdir()):
        assert file.stat().st_mode & 0o077 == 0, file


def test_a_killed_service_runs_again_under_the_same_address(up: Up) -> None:
    _, data = up
    before = endpoints(data)
    for name in ("web", "referral"):
        os.kill(before["pids"][name], signal.SIGKILL)
        after = endpoints(data, without=before["pids"][name])
        assert after["http"] == before["http"]
        assert psutil.pid_exists(after["pids"][name])
    assert httpx.get(f"{before['http']}/readyz", trust_env=False).status_code == 200


def test_a_second_start_names_the_first(up: Up) -> None:
    supervisor, data = up
    second = start_up(data)
    _, answer = second.communicate(timeout=60)
    assert second.returncode == 1
    assert f"pid {supervisor.pid}" in answer
    assert endpoints(data)["http"] in answer


def test_killed_started_again_and_told_to_stop_it_leaves_nothing_and_keeps_its_data(tmp_path: Path) -> None:
    first = start_up(tmp_path)
    endpoints(tmp_path)
    family = [child.pid for child in psutil.Process(first.pid).children(recursive=True)]
    first.kill()
    first.communicate()
    (tmp_path / "endpoints.json").unlink()
    token = (tmp_path / "sample-source.token").read_text()

    second = start_up(tmp_path)  # at once: it ends what is left and heals it
    endpoints(tmp_path)
    assert [pid for pid in family if not gone(pid, 15)] == []
    assert (tmp_path / "sample-source.token").read_text() == token
    family = [child.pid for child in psutil.Process(second.pid).children(recursive=True)]
    second.send_signal(signal.SIGINT)
    _, told = second.communicate(timeout=60)
    assert second.returncode == 0
    assert told.endswith("Stopped.\n")
    assert [pid for pid in family if not gone(pid, 0.1)] == []
    assert not (tmp_path / "endpoints.json").exists()


@pytest.mark.parametrize(
    ("variable", "wrong"), [("SHOUHU_HTTP", "8080"), ("SHOUHU_KAFKA", "nowhere"), ("SHOUHU_POSTGRES", "mysql://x")]
)
def test_a_wrong_setting_is_named_before_anything_starts(tmp_path: Path, variable: str, wrong: str) -> None:
    env = {**os.environ, "SHOUHU_DATA": str(tmp_path), "PYTHONPATH": str(ROOT), variable: wrong}
    argv = [sys.executable, "-m", "services.cli", "up"]
    done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert variable in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "postgres").exists()


def test_sample_data_is_refused_where_others_could_reach_it(tmp_path: Path) -> None:
    env = {**os.environ, "SHOUHU_DATA": str(tmp_path), "PYTHONPATH": str(ROOT), "SHOUHU_HTTP": "0.0.0.0:0"}
    argv = [sys.executable, "-m", "services.cli", "up", "--sample"]
    done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 1
    assert "loopback" in done.stderr
    assert list(tmp_path.glob("*.token")) == []
