"""One form for one content, so that the same event is recognised whatever binding or spelling it came in."""

import hashlib
import json
from datetime import UTC
from typing import Any

from events.envelope import Event


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and one spelling for each number (1.0 is 1), as RFC 8785 means it."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(event: Event) -> bytes:
    """16 bytes that stand for an event's content: type, subject, time (as a moment, whatever its zone) and data."""
    time = None if event.time is None else event.time.astimezone(UTC).isoformat()
    content = canonical_json([event.type, event.subject, time, event.data])
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
