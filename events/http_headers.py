"""CloudEvents attributes as HTTP headers: `ce-` names and percent-encoded values (HTTP binding 1.0, section 3.1.3)."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote_to_bytes

from events.faults import FieldError
from events.identity import printable

# What may stand unencoded: printable ASCII but for space, double quote and percent.
_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def encode(text: str) -> str:
    """An attribute value as a header value."""
    return quote(text, safe=_SAFE)


def read(headers: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[dict[str, str], list[FieldError]]:
    """The attributes in the `ce-` headers, and what is wrong with them."""
    found: dict[str, str] = {}
    errors: list[FieldError] = []
    for header, value in headers.items() if isinstance(headers, Mapping) else headers:
        name = header.lower()
        if not name.startswith("ce-"):
            continue
        if name[3:] in found:
            errors.append(FieldError(printable(name), "duplicate_header", "each header once"))
            continue
        try:
            found[name[3:]] = _decode(value)
        except ValueError:
            errors.append(FieldError(printable(name), "encoding", "ASCII, with percent-encoded UTF-8 for the rest"))
    return found, errors


def _decode(value: str) -> str:
    if quoted := _QUOTED.fullmatch(value.strip()):
        value = re.sub(r"\\(.)", r"\1", quoted[1])
    if not value.isascii():
        raise ValueError
    return unquote_to_bytes(value).decode()
