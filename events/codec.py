"""Events to and from Kafka records and HTTP bodies, as the CloudEvents 1.0 bindings and JSON format say.

Own code, because the official SDK takes any message with a `ce_` header for binary, adds a `partitionkey` to every
event that has a key, and cannot see a header that is there twice. The SDK is the oracle of this module's tests.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from events import http_headers
from events.envelope import Event
from events.faults import FieldError, Unreadable, UnsupportedMediaType
from events.identity import printable
from events.json_value import event_from_json, event_from_parts, read_json

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
_CONTENT_TYPE = "content-type"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that was not taken, and why. `source` and `id` are None where unknown or unfit to be repeated."""

    source: str | None
    id: str | None
    errors: tuple[FieldError, ...]


def from_kafka(headers: Sequence[tuple[str, bytes | None]], value: bytes | None) -> Event:
    """The event in a record, binary or structured mode by its content type alone; `Unreadable` says what is wrong."""
    if value is None:
        raise Unreadable([FieldError("value", "tombstone", "a JSON object (an event is never deleted)")])
    attributes: dict[str, Any] = {}
    content_type = None
    for header, raw in headers:
        name = header.lower()
        if name != _CONTENT_TYPE and not name.startswith("ce_"):
            continue
        try:
            text = raw.decode() if raw is not None else ""
        except UnicodeDecodeError:
            raise Unreadable([FieldError("headers", "encoding", f"UTF-8 in every header: {printable(name)}")]) from None
        if name == _CONTENT_TYPE:
            if content_type is not None:
                raise Unreadable([FieldError(_CONTENT_TYPE, "duplicate_header", "each header once")])
            content_type = text
        elif name[3:] in attributes:
            raise Unreadable([FieldError(printable(name), "duplicate_header", "each header once")])
        else:
            attributes[name[3:]] = text
    match _mode(content_type):
        case "binary":
            return event_from_parts(attributes, content_type, value)
        case "structured":
            return event_from_json(read_json(value))
        case _:
            raise UnsupportedMediaType([FieldError(_CONTENT_TYPE, "media_type", f"application/json or {STRUCTURED}")])


def to_kafka(event: Event) -> tuple[list[tuple[str, bytes]], bytes]:
    """Headers and value of a record in binary mode; the value is always a JSON object, so never a tombstone."""
    attributes = event.attributes()
    headers = [(_CONTENT_TYPE, attributes.pop("datacontenttype").encode())]
    headers += [(f"ce_{name}", text.encode()) for name, text in attributes.items()]
    return headers, orjson.dumps(event.data)


def from_http(
    content_type: str | None, headers: Mapping[str, str] | Iterable[tuple[str, str]], body: bytes
) -> list[Event | Refusal]:
    """The events of a request, each with its own refusal; `Unreadable` (400) or `UnsupportedMediaType` (415) for all.

    Give headers as pairs, so that one sent twice is seen.
    """
    match _mode(content_type):
        case "structured":
            return [_or_refusal(read_json(body))]
        case "batch":
            elements = read_json(body)
            if not isinstance(elements, list):
                raise Unreadable([FieldError("body", "type", "an array of events")])
            return [_or_refusal(element) for element in elements]
        case "binary" if content_type:
            attributes, errors = http_headers.read(headers)
            try:
                if errors:
                    raise Unreadable(errors)
                return [event_from_parts(attributes, content_type, body)]
            except UnsupportedMediaType:
                raise
            except Unreadable as unreadable:
                if any(error.field == "body" for error in unreadable.errors):
                    raise
                return [_refusal(attributes, unreadable)]
        case _:
            expected = f"{STRUCTURED}, {BATCH}, or application/json with ce- headers"
            raise UnsupportedMediaType([FieldError(_CONTENT_TYPE, "media_type", expected)])


def to_http(event: Event) -> tuple[list[tuple[str, str]], bytes]:
    """Headers and body of a request in binary mode."""
    attributes = event.attributes()
    headers = [(_CONTENT_TYPE, attributes.pop("datacontenttype"))]
    headers += [(f"ce-{name}", http_headers.encode(text)) for name, text in attributes.items()]
    return headers, orjson.dumps(event.data)


def to_structured(event: Event) -> bytes:
    """The event as one JSON object (`application/cloudevents+json`)."""
    attributes: dict[str, Any] = event.attributes()
    if event.exercise:
        attributes["exercise"] = True
    return orjson.dumps({**attributes, "data": event.data})


def _mode(content_type: str | None) -> str:
    kind = (content_type or "").partition(";")[0].strip().lower()
    if not kind.startswith("application/cloudevents"):
        return "binary"
    return {STRUCTURED: "structured", BATCH: "batch"}.get(kind, "unsupported")


def _or_refusal(element: object) -> Event | Refusal:
    try:
        return event_from_json(element)
    except Unreadable as unreadable:
        return _refusal(element, unreadable)


def _refusal(attributes: object, unreadable: Unreadable) -> Refusal:
    named = attributes if isinstance(attributes, dict) else {}
    return Refusal(_fit(named.get("source")), _fit(named.get("id")), unreadable.errors)


def _fit(text: object) -> str | None:
    return text if isinstance(text, str) and printable(text) == text else None
