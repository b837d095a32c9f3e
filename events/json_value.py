"""From JSON to an event, bounded in size and depth: the CloudEvents JSON format, and the parts of binary mode."""

import base64
import binascii
from typing import Any

import orjson
from pydantic import ValidationError

from events.envelope import ATTRIBUTES, Event
from events.faults import FieldError, Unreadable, UnsupportedMediaType, from_validation

MAX_DATA_BYTES = 64 * 1024
MAX_DEPTH = 16
_CONTEXT = frozenset(ATTRIBUTES)


def read_json(raw: bytes, field: str = "body") -> Any:
    """Any JSON value, nested no deeper than an event may be."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Unreadable([FieldError(field, "json", "JSON in UTF-8")]) from None
    # Two byte counts rule out nearly every event without a walk.
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH and _deeper_than(value, MAX_DEPTH + 2):
        raise Unreadable([FieldError(field, "depth", f"at most {MAX_DEPTH} levels")])
    if b"\\u0000" in raw and _has_nul(value):
        raise Unreadable([FieldError(field, "control_character", "no NUL character")])
    return value


def event_from_parts(attributes: dict[str, Any], content_type: str | None, raw: bytes) -> Event:
    """Binary mode: attributes from headers, the data from the body."""
    # Some libraries repeat the content type as an attribute; the content type itself decides.
    attributes.pop("datacontenttype", None)
    if content_type:
        attributes["datacontenttype"] = content_type
    errors = _too_big(len(raw))
    data: Any = {}
    if not errors:
        data = read_json(raw)
    return _event(attributes, data, errors, unsupported=True)


def event_from_json(element: object) -> Event:
    """The JSON format: one object that holds attributes and `data` (or `data_base64`)."""
    if not isinstance(element, dict):
        raise Unreadable([FieldError("event", "type", "an object")])
    attributes = {name: _canonical(value) for name, value in element.items() if value is not None}
    data, encoded = attributes.pop("data", None), attributes.pop("data_base64", None)
    errors = []
    if encoded is not None:
        if data is not None:
            errors.append(FieldError("data_base64", "contradiction", "either data or data_base64"))
        else:
            data = _decoded(encoded)
    if isinstance(data, dict):
        errors += _too_big(len(orjson.dumps(data)))
    return _event(attributes, data, errors)


def _event(attributes: dict[str, Any], data: Any, errors: list[FieldError], *, unsupported: bool = False) -> Event:
    fields: dict[str, Any] = {"data": data}
    extensions: dict[str, Any] = {}
    for name, value in attributes.items():
        if name in _CONTEXT:
            fields[name] = value
        else:
            extensions[name] = value
    if extensions:
        fields["extensions"] = extensions
    # The model has a default for events of our own; one that came from outside must say its version.
    errors += [FieldError("specversion", "required", "1.0")] if "specversion" not in fields else []
    try:
        event = Event.model_validate(fields)
    except ValidationError as invalid:
        errors += from_validation("", invalid)
        if unsupported and any(error.rule == "media_type" for error in errors):
            raise UnsupportedMediaType(errors) from None
    if errors:
        raise Unreadable(errors)
    return event


def _canonical(value: Any) -> Any:
    """An attribute's canonical string form: JSON may carry Boolean and Integer attributes as such."""
    if value is True:
        return "true"
    if value is False:
        return "false"
    return str(value) if isinstance(value, int) and -(2**31) <= value < 2**31 else value


def _decoded(encoded: object) -> Any:
    try:
        return read_json(base64.b64decode(encoded, validate=True) if isinstance(encoded, str) else b"", "data_base64")
    except binascii.Error:
        raise Unreadable([FieldError("data_base64", "base64", "a JSON object in Base64")]) from None


def _too_big(size: int) -> list[FieldError]:
    return [FieldError("data", "size", f"at most {MAX_DATA_BYTES} bytes")] if size > MAX_DATA_BYTES else []


def _deeper_than(value: Any, levels: int) -> bool:
    # Layer by layer, for a referral with its clocks is walked at every hop: twice as fast as recursion.
    layer = [value]
    for _ in range(levels + 1):
        layer = [item for item in layer if isinstance(item, dict | list)]
        if not layer:
            return False
        layer = [inner for item in layer for inner in (item.values() if isinstance(item, dict) else item)]
    return True


def _has_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any("\0" in name or _has_nul(item) for name, item in value.items())
    if isinstance(value, list):
        return any(map(_has_nul, value))
    return isinstance(value, str) and "\0" in value
