"""Everything on one machine: what `up` and `demo` start, in which order, and what they write for others to find."""

import asyncio
import json
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

from services.access.sample import NotLoopback, is_loopback
from services.chassis.alarm import Alarm
from services.chassis.data_lock import DataLock
from services.chassis.database import migrate
from services.chassis.kafka_address import KafkaAddress
from services.chassis.settings import Settings
from services.chassis.supervise import Part, Supervisor
from services.cli.compose import WORKERS
from services.cli.heart import Heart
from services.cli.program import Program, our_environment
from services.cli.sample import load_sample
from services.cli.topics import apply_topics
from services.embedded.kafka import Kafka
from services.embedded.postgres import Postgres
from services.phone.callbacks import enter_all, told_at
from services.phone.channels import NAMES, Cloud, account_channels, phone_channels, with_drills


class System:
    """One supervised process tree on one data directory. Use from the main thread, and `stop` it in any case."""

    def __init__(
        self, settings: Settings, tell: Callable[[str], None], *, sample: bool, phone: bool, cloud: Cloud | None = None
    ) -> None:
        self.settings = settings
        self.data = settings.directory.resolve()
        self._tell = tell
        self._sample = sample
        self._phone = phone
        self._cloud = cloud
        self._lock = DataLock.take(self.data)
        self._supervisor = Supervisor(tell, self._write_endpoints)
        self._programs: list[Program] = []
        self.alarm = Alarm(settings.alarm, tell)
        self.http = self.kafka = self.postgres = ""

    @property
    def endpoints(self) -> Path:
        """The file that says where everything is."""
        return self.data / "endpoints.json"

    def start(self) -> None:
        """Start everything; returns when all of it can work. Raises StartFailed, Told, JarsUnavailable, OSError."""
        self._supervisor.listen()
        self.endpoints.unlink(missing_ok=True)
        host, port = _free(self.settings.http)
        if (self._sample or self._phone) and not is_loopback(host):
            raise NotLoopback(
                f"SHOUHU_HTTP: sample data and the phone gateway are refused on {host}, where others could use them; "
                "expected a loopback address such as 127.0.0.1:8080, or a start without --sample"
            )
        self.http = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        self._start_stores()
        asyncio.run(self._prepare_stores())
        embedded = self.kafka if self.settings.kafka is None else None  # else with its user and password, from ours
        channels = self._phone_channels() if self._phone else None
        env = our_environment(self.data, embedded, self.postgres, f"{host}:{port}", channels)
        self._programs = [Program(name, ("serve", name, "--no-door"), self.data, env) for name in WORKERS]
        phone = ("--phone",) if self._phone else ()
        self._programs.append(Program("web", ("serve", "web", *phone), self.data, env))
        self._tell(f"Starting {', '.join(program.name for program in self._programs)} …")
        self._supervisor.start(self._programs)
        self._write_endpoints()
        self._lock.note(self.http)

    def run(self, again: Callable[[], bool] = lambda: True) -> None:
        """Keep it running until Told is raised, or `again` says no."""
        heart = Heart(self.data, self.settings.heartbeat, self.alarm)
        self._supervisor.watch(lambda: heart() and again())

    def stop(self) -> None:
        """Stop everything, services first, and give the directory back."""
        self.endpoints.unlink(missing_ok=True)
        self._supervisor.stop()
        self._lock.release()

    def _start_stores(self) -> None:
        parts: list[Part] = []
        postgres, kafka = Postgres(self.data), Kafka(self.data, self._tell)
        if self.settings.postgres is None:
            parts.append(postgres)
        if self.settings.kafka is None:
            kafka.fetch()  # before anything runs
            parts.append(kafka)
        if parts:
            self._tell(f"Starting {', '.join(part.name for part in parts)} …")
            # Kafka stands in the later stage because the first stage is the last to be stopped.
            for part in parts:
                self._supervisor.start([part])
        self.postgres = self.settings.postgres or postgres.dsn
        self.kafka = str(self.settings.kafka) if self.settings.kafka else kafka.address

    async def _prepare_stores(self) -> None:
        for name in await migrate(self.postgres):
            self._tell(f"  migrated {name}")
        settings = self.settings.model_copy(update={"postgres": self.postgres})
        if self._sample:
            await load_sample(settings, self._tell)
        made = await apply_topics(self.settings.kafka or KafkaAddress.parse(self.kafka), self.postgres)
        if made:
            self._tell(f"  topics: {', '.join(made)}")

    def _phone_channels(self) -> Path | None:
        """The phones as channels; of a channels file of one's own only its exercises, if it has no channels for them. None: as it is."""
        file = self.data / "phone-channels.yaml"
        if self.settings.channels is not None:
            text = with_drills(self.settings.channels.read_text("utf-8"), self.http)
            if text is not None:
                file.touch(mode=0o600)
                file.write_text(text)
            return file if text is not None else None
        file.touch(mode=0o600)
        if self._cloud is None:
            file.write_text(json.dumps(phone_channels(self.http)))
            return file
        paths = {name: secrets.token_urlsafe(24) for name in NAMES}
        file.write_text(json.dumps(account_channels(self.http, self._cloud, paths)))
        asyncio.run(enter_all(self.postgres, told_at(self.http, self._cloud, paths)))
        return file

    def _write_endpoints(self) -> None:
        web = next(program for program in self._programs if program.name == "web")
        known = {
            "http": web.address or self.http,
            "kafka": self.kafka,
            "postgres": self.postgres,
            "pids": self._supervisor.pids(),
            "health": {program.name: program.address for program in self._programs},
        }
        new = self.endpoints.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps(known, indent=1))
        new.replace(self.endpoints)


def _free(http: tuple[str, int]) -> tuple[str, int]:
    """The address to listen at, with port 0 made a number. Raises OSError when somebody else has it."""
    host, port = http
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise OSError(
                f"SHOUHU_HTTP: cannot listen at {host}:{port}: {error.strerror}; give another, or port 0"
            ) from None
        return host, int(probe.getsockname()[1])
