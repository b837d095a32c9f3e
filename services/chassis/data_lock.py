"""One supervisor per data directory: a lock that the kernel gives back when its holder dies, however it dies."""

import fcntl
import json
import os
from pathlib import Path
from typing import Self


class AlreadyRunning(RuntimeError):
    """Another supervisor holds the data directory; the message names it."""


class DataLock:
    """Held from `take` until the process ends. Its file says who holds it, for the second one to read."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / "lock"
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)

    @classmethod
    def take(cls, directory: Path) -> Self:
        """Raises AlreadyRunning with the pid and the address of the first."""
        lock = cls(directory)
        try:
            fcntl.flock(lock._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = lock._holder()
            os.close(lock._file)
            where = f" at {holder['http']}" if holder.get("http") else " (still starting)"
            raise AlreadyRunning(
                f"Shouhu already runs on {directory}: pid {holder.get('pid', 'unknown')}{where}. "
                "Stop it first, or give another SHOUHU_DATA"
            ) from None
        lock.note()
        return lock

    def note(self, http: str | None = None) -> None:
        """Say who we are and, once it is known, our address."""
        os.truncate(self._file, 0)
        os.pwrite(self._file, json.dumps({"pid": os.getpid(), "http": http}).encode(), 0)

    def release(self) -> None:
        """Give it back."""
        os.truncate(self._file, 0)
        os.close(self._file)

    def _holder(self) -> dict[str, object]:
        try:
            holder = json.loads(os.pread(self._file, 4096, 0))
        except ValueError:
            return {}
        return holder if isinstance(holder, dict) else {}
