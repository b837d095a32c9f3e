"""The whole system, as `shouhu up --sample` starts it, in a directory of its own for one run of the benchmark."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

WORKERS = ("intake", "referral", "tracker", "notifier")
START = 180.0  # seconds; the first start on a machine fetches Kafka


@dataclass(frozen=True)
class Running:
    """Where everything is, as endpoints.json says."""

    data: Path
    http: str
    kafka: str
    postgres: str
    pids: dict[str, int]

    @property
    def token(self) -> str:
        """The sample source's."""
        return (self.data / "sample-source.token").read_text().strip()

    def memory(self) -> dict[str, float]:
        """MiB held by each program: of PostgreSQL with its children, shared pages counted once."""
        found = {}
        for name, pid in self.pids.items():
            process = psutil.Process(pid)
            family = [process, *process.children(recursive=True)] if name == "postgres" else [process]
            found[name] = sum(_private(one) for one in family) / 2**20
        return found

    def processor_seconds(self) -> dict[str, float]:
        """Processor time used so far by each program, of PostgreSQL with its children, dead or alive."""
        found = {}
        for name, pid in self.pids.items():
            process = psutil.Process(pid)
            family = [process, *process.children(recursive=True)] if name == "postgres" else [process]
            times = [one.cpu_times() for one in family]
            found[name] = sum(t.user + t.system for t in times)
        return found

    @contextmanager
    def workers_paused(self) -> Iterator[None]:
        """The workers stand still meanwhile. Keep it shorter than a consumer's session (6 s)."""
        for name in WORKERS:
            os.kill(self.pids[name], signal.SIGSTOP)
        try:
            yield
        finally:
            for name in WORKERS:
                os.kill(self.pids[name], signal.SIGCONT)


def _private(process: psutil.Process) -> int:
    try:
        return (
            int(process.memory_full_info().pss) if process.name().startswith("postgres") else process.memory_info().rss
        )
    except psutil.NoSuchProcess:
        return 0


@contextmanager
def system(channels: str) -> Iterator[Running]:
    """A system that is ready; `channels` is the content of its channels file. Everything of it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="shouhu-bench-") as place:
        data = Path(place)
        file = data / "channels.yaml"
        file.write_text(channels)
        env = {name: value for name, value in os.environ.items() if not name.startswith(("SHOUHU_", "OTEL_"))}
        env |= {"SHOUHU_DATA": str(data / "data"), "SHOUHU_CHANNELS": str(file), "SHOUHU_HTTP": "127.0.0.1:0"}
        with (data / "up.log").open("wb") as log:
            supervisor = subprocess.Popen(
                [sys.executable, "-m", "services.cli", "up", "--sample"], env=env, stdout=log, stderr=log
            )
        try:
            yield _ready(supervisor, data)
        finally:
            supervisor.send_signal(signal.SIGTERM)
            try:
                supervisor.wait(60)
            except subprocess.TimeoutExpired:
                supervisor.kill()
                supervisor.wait()


def _ready(supervisor: "subprocess.Popen[bytes]", data: Path) -> Running:
    endpoints, end = data / "data" / "endpoints.json", time.monotonic() + START
    while not endpoints.exists():
        if supervisor.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the system did not start:\n{(data / 'up.log').read_text()[-4000:]}")
        time.sleep(0.1)
    told = json.loads(endpoints.read_text())
    return Running(data / "data", told["http"], told["kafka"], told["postgres"], told["pids"])
