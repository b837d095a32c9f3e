"""The envelope of every event: CloudEvents 1.0 context attributes, our extensions, and the data object."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from events.grammar import Moment

Classification = Literal["C1", "C2", "C3", "C4"]

# CloudEvents 1.0 "String": no control characters, no noncharacters.
_PRINTABLE = r"^[^\p{Cc}\x{FDD0}-\x{FDEF}\x{FFFE}\x{FFFF}]+$"
_NAME = re.compile(r"[a-z0-9]{1,64}")
_MEDIA_TYPE = re.compile(r"[a-z]+/(?:json|[a-z0-9.+-]+\+json)(?:\s*;\s*charset=\"?utf-?8\"?)?\s*", re.IGNORECASE)
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
MAX_EXTENSIONS = 32


def _boolean(value: Any) -> Any:
    """CloudEvents Boolean in its canonical string form: exactly `true` or `false`."""
    if value == "true":
        return True
    if value == "false":
        return False
    if isinstance(value, bool):
        return value
    raise PydanticCustomError("one_of", "true, false")


def _media_type(value: str) -> str:
    if not _MEDIA_TYPE.fullmatch(value) or value.lower().startswith("application/cloudevents"):
        raise PydanticCustomError("media_type", "application/json (charset UTF-8)")
    return value


def _traceparent(value: str) -> str:
    if not _TRACEPARENT.fullmatch(value):
        raise PydanticCustomError("traceparent", "a W3C traceparent: 00-<32 hex>-<16 hex>-<2 hex>")
    return value


def _extensions(value: dict[str, str]) -> dict[str, str]:
    for name in value:
        if not _NAME.fullmatch(name) or name in ATTRIBUTES or name == "data":
            raise PydanticCustomError("name", "names of 1 to 64 of a-z and 0-9, none of CloudEvents' own")
    return value


Attribute = Annotated[str, Field(min_length=1, max_length=255, pattern=_PRINTABLE)]
LongAttribute = Annotated[str, Field(min_length=1, max_length=1024, pattern=_PRINTABLE)]


class Event(BaseModel):
    """One CloudEvent. `source` and `id` together name it for ever; `data` is a JSON object.

    `acceptedtime` is T, the moment the door accepted the event, from which deadlines run; only intake writes it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    specversion: Literal["1.0"] = "1.0"
    id: Attribute
    source: Attribute
    type: Attribute
    time: Moment | None = None
    subject: Attribute | None = None
    datacontenttype: Annotated[Attribute, AfterValidator(_media_type)] = "application/json"
    dataschema: LongAttribute | None = None
    correlationid: Attribute | None = None
    causationid: Attribute | None = None
    traceparent: Annotated[str, AfterValidator(_traceparent)] | None = None
    tracestate: LongAttribute | None = None
    dataclassification: Classification | None = None
    exercise: Annotated[bool, BeforeValidator(_boolean)] = False
    acceptedtime: Moment | None = None
    # A factory, not {}: that would be copied deeply for every event.
    extensions: Annotated[dict[str, LongAttribute], Field(max_length=MAX_EXTENSIONS), AfterValidator(_extensions)] = (
        Field(default_factory=dict)
    )
    data: dict[str, Any]

    def attributes(self) -> dict[str, str]:
        """Every context attribute that is set, in CloudEvents' canonical string form, `datacontenttype` included."""
        found: dict[str, str] = {}
        for name in ATTRIBUTES:
            value = getattr(self, name)
            if value is None or value is False:
                continue
            if isinstance(value, datetime):
                value = _rfc3339(value)
            found[name] = "true" if value is True else value
        found.update(self.extensions)
        return found


ATTRIBUTES: tuple[str, ...] = tuple(name for name in Event.model_fields if name not in ("extensions", "data"))


def _rfc3339(value: datetime) -> str:
    text = value.isoformat()
    return text[:-6] + "Z" if text.endswith("+00:00") else text
