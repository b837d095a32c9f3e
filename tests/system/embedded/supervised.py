"""A supervisor to be killed by tests: `python supervised.py DATA PART…`; parts are postgres, kafka and SCRIPTS."""

import json
import sys
import time
from pathlib import Path

from services.chassis.data_lock import AlreadyRunning, DataLock
from services.chassis.process import Command
from services.chassis.supervise import Part, StartFailed, Supervisor, Told
from services.embedded.kafka import Kafka
from services.embedded.postgres import Postgres

SCRIPTS = {
    "sleeper": "import time; print('asleep', flush=True); time.sleep(600)",
    "stubborn": "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)",
    "mayfly": "import sys; sys.exit('my wings are wet')",
    "astray": "import sys; print('SHOUHU_X: expected y'); sys.exit(78)",
}


class Script:
    """A part that is a line of Python."""

    def __init__(self, name: str, data: Path) -> None:
        self.name, self._data = name, data

    def prepare(self) -> None:
        """Nothing."""

    def command(self) -> Command:
        """One line of Python."""
        argv = (sys.executable, "-c", SCRIPTS[self.name])
        return Command(self.name, argv, self._data / f"{self.name}.log", self._data / "run" / f"{self.name}.pid")

    def ready(self) -> bool:
        """As soon as it lives, unless it dies at once."""
        return self.name not in ("mayfly", "astray")

    def after_stop(self) -> None:
        """Nothing."""


def main(data: Path, *names: str) -> None:
    data.mkdir(parents=True, exist_ok=True, mode=0o700)

    def write() -> None:
        new = data / "pids.new"
        new.write_text(json.dumps(supervisor.pids()))
        new.replace(data / "pids.json")

    try:
        lock = DataLock.take(data)
    except AlreadyRunning as error:
        sys.exit(str(error))
    lock.note("http://127.0.0.1:1")
    supervisor = Supervisor(lambda line: print(f"{time.monotonic():.2f} {line}", flush=True), write)
    supervisor.listen()
    made: dict[str, Part] = {"postgres": Postgres(data), "kafka": Kafka(data)}
    try:
        for name in names:
            supervisor.start([made.get(name) or Script(name, data)])
        write()
        supervisor.watch()
    except Told:
        pass
    except StartFailed as error:
        print(error, flush=True)
        raise SystemExit(1) from None
    finally:
        supervisor.stop()
        print("stopped", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
