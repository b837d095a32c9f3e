"""The supervisor: starts programs, starts a dead one again for ever and says why it died, stops all in order."""

import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType
from typing import Protocol

from services.chassis import process
from services.chassis.process import Command, how_it_ended, last_lines

LOOK = 0.05  # seconds between looks at the programs
READY_LOOK = 0.2
FIRST_WAIT = 0.2  # seconds before a dead program is started again; doubled each time
LONGEST_WAIT = 30.0
SETTLED = 30.0  # seconds of life after which earlier deaths are forgotten
STOP_TIME = 20.0  # seconds for each stage to end by itself
PATIENCE = 180.0  # seconds until everything must be ready for the first time
WRONG_SETTINGS = 78  # exit code (EX_CONFIG): starting it again would not help
GIVE_UP = 6  # deaths of one program before it was ready for the first time


class Part(Protocol):
    """Something that runs as a program."""

    @property
    def name(self) -> str: ...
    def prepare(self) -> None: ...
    def command(self) -> Command: ...
    def ready(self) -> bool: ...
    def after_stop(self) -> None: ...


class Told(KeyboardInterrupt):
    """The supervisor was told to stop (SIGINT or SIGTERM)."""


class StartFailed(RuntimeError):
    """A program did not become ready; the message has the end of its log."""


class _Child:
    """A part and the process that runs it at present."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.command: Command | None = None
        self.process: process.Process | None = None
        self.is_ready = False
        self.was_ready = False
        self.deaths = 0
        self.started = 0.0
        self.start_at = 0.0
        self.look_at = 0.0


class Supervisor:
    """Use from the main thread. `tell` gets one line for people at a time; `changed` is called after a restart."""

    def __init__(self, tell: Callable[[str], None], changed: Callable[[], None] = lambda: None) -> None:
        self._tell = tell
        self._changed = changed
        self._stages: list[list[_Child]] = []
        self._launching = False
        self._told = False

    def listen(self) -> None:
        """From now on SIGINT and SIGTERM raise Told, though never between the birth of a program and our knowing it."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    def pids(self) -> dict[str, int]:
        """The process of each part that runs."""
        children = [child for stage in self._stages for child in stage]
        return {child.part.name: child.process.pid for child in children if child.process is not None}

    def start(self, parts: Sequence[Part]) -> None:
        """Start a stage, and return when all of it is ready. Raises StartFailed, Told."""
        stage = [_Child(part) for part in parts]
        self._stages.append(stage)
        deadline = time.monotonic() + PATIENCE
        while not all(child.is_ready for child in stage):
            self._look()
            for child in stage:
                if child.deaths >= GIVE_UP or (time.monotonic() > deadline and not child.is_ready):
                    raise StartFailed(f"{child.part.name} did not become ready; {_end_of_log(child)}")
            time.sleep(LOOK)

    def watch(self, again: Callable[[], bool] = lambda: True) -> None:
        """Keep everything running until Told is raised or `again` says no."""
        while again():
            self._look()
            time.sleep(LOOK)

    def stop(self) -> None:
        """Stop everything, the last stage first; what does not end in time is killed. Signals are ignored meanwhile."""
        self._told = self._launching = True
        for stage in reversed(self._stages):
            alive = [child for child in stage if child.process is not None]
            for child in alive:
                if child.process is not None and child.command is not None and child.process.poll() is None:
                    child.process.send_signal(child.command.stop)
            deadline = time.monotonic() + STOP_TIME
            for child in alive:
                if child.process is not None and child.command is not None:
                    process.stop(child.process, child.command, timeout=max(0.1, deadline - time.monotonic()))
                    child.process = None
            for child in stage:
                child.part.after_stop()

    def _look(self) -> None:
        now = time.monotonic()
        for child in (child for stage in self._stages for child in stage):
            if child.process is None:
                if now >= child.start_at:
                    self._launch(child)
            elif (code := child.process.poll()) is not None:
                if code == WRONG_SETTINGS and not child.was_ready:
                    raise StartFailed(f"{child.part.name}: the settings are wrong; {_end_of_log(child)}")
                self._bury(child, how_it_ended(code))
            elif not child.is_ready and now >= child.look_at:
                child.look_at = now + (LOOK if now - child.started < 2 else READY_LOOK)
                child.is_ready = child.part.ready()
                if child.is_ready and child.was_ready:
                    self._tell(f"{child.part.name} runs again (pid {child.process.pid})")
                    self._changed()
                child.was_ready = child.was_ready or child.is_ready

    def _launch(self, child: _Child) -> None:
        child.started = time.monotonic()
        try:
            child.part.prepare()
            self._launching = True
            child.command = child.part.command()
            child.process = process.launch(child.command)
        except Exception as error:
            if not child.was_ready:
                raise
            self._bury(child, f"could not be started: {error}")
        finally:
            self._launching = False
        if self._told:
            raise Told

    def _bury(self, child: _Child, how: str) -> None:
        lived = time.monotonic() - child.started
        child.deaths = 1 if lived > SETTLED else child.deaths + 1
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (child.deaths - 1))
        child.process, child.is_ready, child.start_at = None, False, time.monotonic() + wait
        self._tell(f"{child.part.name} died after {lived:.1f} s: {how}; again in {wait:.1f} s. {_end_of_log(child)}")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        already, self._told = self._told, True
        if not (already or self._launching):
            raise Told


def _end_of_log(child: _Child) -> str:
    if child.command is None:
        return "it was not started"
    text = ""
    with suppress(OSError):
        text = last_lines(child.command.log)
    lines = "".join(f"\n    {line}" for line in text.splitlines())
    return f"its log {child.command.log} ends with:{lines}" if lines else f"its log is {child.command.log}"
