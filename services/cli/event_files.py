"""Reads CloudEvents from files: one JSON object, a JSON array, or JSON Lines."""

from pathlib import Path
from typing import Any

import orjson


class FileFault(ValueError):
    """A file that cannot be read as events; says which, where, and what was expected."""


def read_events(path: Path) -> list[Any]:
    """The events of a file, as they stand there. `-` is standard input. Raises FileFault."""
    try:
        content = Path("/dev/stdin").read_bytes() if str(path) == "-" else path.read_bytes()
    except OSError:
        raise FileFault(f"{path}: cannot be read; expected a file of CloudEvents") from None
    try:
        whole = orjson.loads(content)
    except ValueError:
        return _lines(path, content)
    return whole if isinstance(whole, list) else [whole]


def _lines(path: Path, content: bytes) -> list[Any]:
    events, faults = [], []
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            events.append(orjson.loads(line))
        except ValueError:
            faults.append(f"{path}, line {number}: expected one JSON object")
    if faults:
        raise FileFault("\n".join(faults[:20] + ([f"… and {len(faults) - 20} more"] if len(faults) > 20 else [])))
    return events
