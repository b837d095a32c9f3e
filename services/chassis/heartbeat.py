"""The last sign of life that went through the whole pipeline: a file, so that it can be read when everything else is down."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

MISSED = (
    3  # beats that may be missing before it is an alarm: one can be lost to a restart, a second one to its aftermath
)


@dataclass(frozen=True, slots=True)
class Beat:
    """Which minute's sign it was, and when it arrived at the end."""

    at: datetime
    arrived: datetime


def file_of(data: Path) -> Path:
    """Where the last beat is noted."""
    return data / "run" / "heartbeat.json"


def note(data: Path, beat: Beat) -> None:
    """Write it, whole or not at all. Raises OSError."""
    file = file_of(data)
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(f".{os.getpid()}.new")
    new.write_text(json.dumps({"at": beat.at.isoformat(), "arrived": beat.arrived.isoformat()}), "utf-8")
    new.replace(file)


def last(data: Path) -> Beat | None:
    """The last beat; None if there never was one, or the file cannot be read."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads(file_of(data).read_text("utf-8"))
        return Beat(datetime.fromisoformat(told["at"]), datetime.fromisoformat(told["arrived"]))
    return None


def silent_for(beat: Beat | None, since: datetime, now: datetime) -> float:
    """Seconds without a beat: since the minute of the last one, or since `since`, when we began to listen."""
    return (now - max(beat.at if beat is not None else since, since)).total_seconds()


def lost(silence: float, every: float) -> bool:
    """Whether that is an alarm. The beat of a period arrives after its start, so the next period's is awaited, too."""
    return silence > (MISSED + 1) * every
