"""Start a program that does not outlive whoever started it, and end what a killed run left behind."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import psutil

PR_SET_PDEATHSIG = 1
LOG_BYTES = 5_000_000
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


Process: TypeAlias = "subprocess.Popen[bytes]"


class StillOwned(RuntimeError):
    """The program of a pid file runs, and so does the process that started it."""


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run: its output is appended to `log`, `pid_file` names it while it runs.

    `stop` is the signal that ends it cleanly; it also gets that signal when its parent dies.
    `user` = (uid, gid) to change to.
    """

    name: str
    argv: tuple[str, ...]
    log: Path
    pid_file: Path
    stop: signal.Signals = signal.SIGTERM
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    user: tuple[int, int] | None = None


def launch(command: Command, *, watcher: bool = _libc is None) -> Process:
    """Start it. Call from the main thread: the parent-death signal follows the thread that forked.

    `watcher` replaces the parent-death signal by a small process that waits for a pipe of ours to close.
    """
    end_leftover(command.pid_file, command.stop)
    _rotate(command.log)
    parent = os.getpid()

    def follow_parent() -> None:  # runs in the child, after the change of user, which would clear the signal
        assert _libc is not None
        _libc.prctl(PR_SET_PDEATHSIG, int(command.stop), 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask to be told
            os._exit(1)

    with command.log.open("ab") as log:
        process = subprocess.Popen(
            command.argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, **command.env},
            cwd=command.cwd,
            user=command.user and command.user[0],
            group=command.user and command.user[1],
            extra_groups=[] if command.user else None,
            umask=0o077,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the others in order
            preexec_fn=None if watcher else follow_parent,
        )
    if watcher:
        _watch(process.pid, command.stop)
    _write_pid_file(command.pid_file, process.pid)
    return process


def stop(process: Process, command: Command, *, timeout: float = 15) -> int:
    """End it with its own signal, by force after `timeout` seconds. Returns the exit code (negative: a signal)."""
    if process.poll() is None:
        process.send_signal(command.stop)
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
    code = process.wait()
    command.pid_file.unlink(missing_ok=True)
    return code


def await_ready(process: Process, ready: Callable[[], bool], command: Command, *, timeout: float = 60) -> None:
    """Wait until `ready()`. Raises RuntimeError with the last lines of the log if it dies or `timeout` seconds pass."""
    deadline = time.monotonic() + timeout
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            what = "is not ready" if process.returncode is None else f"ended ({how_it_ended(process.returncode)})"
            raise RuntimeError(f"{command.name} {what}; its log {command.log} ends with:\n{last_lines(command.log)}")
        time.sleep(0.02)


def how_it_ended(code: int) -> str:
    """An exit code as a person says it: `exit code 1` or `SIGKILL`."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def last_lines(log: Path, count: int = 8) -> str:
    """The last lines of a log file, for people."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 8192))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-count:])
    except OSError:
        return "(no log)"


def end_leftover(pid_file: Path, how: signal.Signals, *, timeout: float = 8) -> bool:
    """End the program that an earlier, killed parent left running; True if there was one.

    Raises StillOwned if that parent is alive. A pid that now belongs to another program is left alone.
    """
    try:
        noted = json.loads(pid_file.read_text())
        process = psutil.Process(noted["pid"])
        ours = abs(process.create_time() - noted["started"]) < 1
        if ours and _alive(noted["parent"], noted["parent_started"]) and noted["parent"] != os.getpid():
            raise StillOwned(
                f"{pid_file.stem} (pid {noted['pid']}) belongs to process {noted['parent']}, which is running"
            )
        if ours and process.status() != psutil.STATUS_ZOMBIE:
            process.send_signal(how)
            try:
                process.wait(timeout)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait(timeout)
            return True
    except (OSError, ValueError, KeyError, TypeError, psutil.NoSuchProcess):
        pass  # no file, an unreadable one, or nobody behind it
    pid_file.unlink(missing_ok=True)
    return False


def _alive(pid: int, started: float) -> bool:
    try:
        found = psutil.Process(pid)
        return bool(abs(found.create_time() - started) < 1) and found.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _write_pid_file(pid_file: Path, pid: int) -> None:
    parent = psutil.Process()
    try:
        started = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return
    noted = {"pid": pid, "started": started, "parent": parent.pid, "parent_started": parent.create_time()}
    pid_file.parent.mkdir(exist_ok=True, mode=0o700)
    new = pid_file.with_suffix(".pid.new")
    new.write_text(json.dumps(noted))
    new.replace(pid_file)


def _watch(pid: int, how: signal.Signals) -> None:
    argv = [sys.executable, "-m", "services.chassis.watcher", str(pid), str(int(how))]
    # Nobody waits for the watcher: it ends with the program it watches, or with us.
    subprocess.Popen(argv, stdin=subprocess.PIPE, start_new_session=True, cwd=Path(__file__).parents[2])


def _rotate(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".1.log"))
