"""The topics, as topics.yaml says; a word in it that is not understood is refused."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError, model_validator

from events.catalogue import CATALOGUE
from events.envelope import Classification
from events.faults import from_validation
from events.messages import MESSAGES

Service = Literal["intake", "referral", "tracker", "notifier"]
_PLACE = "<source>"
_DAY_MS = 24 * 60 * 60 * 1000


class Topic(BaseModel):
    """One topic, or with `<source>` in its name the pattern of one topic per source."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*(\.([a-z0-9][a-z0-9_-]*|<source>))?$", max_length=200)]
    summary: str
    producers: Annotated[tuple[Service | Literal["source"], ...], Strict(False), Field(min_length=1)]
    consumers: Annotated[tuple[Service, ...], Strict(False)]
    key: str
    partitions: Annotated[int, Field(ge=1, le=64)]
    retention_days: Annotated[int, Field(ge=1, le=365)]
    timestamp: Literal["LogAppendTime", "CreateTime"]
    classification: Classification
    carries: Annotated[tuple[str, ...], Strict(False), Field(min_length=1)]

    @model_validator(mode="after")
    def _carries_known_types(self) -> Self:
        unknown = set(self.carries) - {"catalogue"} - set(MESSAGES)
        if unknown:
            raise ValueError(f"{self.name} carries unknown types: {', '.join(sorted(unknown))}")
        return self

    @property
    def is_pattern(self) -> bool:
        """Whether this stands for one topic per source."""
        return _PLACE in self.name

    def types(self) -> tuple[str, ...]:
        """Every event type that travels here."""
        named = tuple(name for name in self.carries if name != "catalogue")
        return (*sorted(CATALOGUE), *named) if "catalogue" in self.carries else named

    def configuration(self) -> dict[str, str]:
        """Kafka's topic configuration, whole (aiokafka's alter_configs resets what is left out)."""
        return {
            "cleanup.policy": "delete",  # compaction would lose events, and reads an empty value as a deletion
            "retention.ms": str(self.retention_days * _DAY_MS),
            "message.timestamp.type": self.timestamp,
            "max.message.bytes": "262144",
        }


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
    topics: list[Topic]


def read(text: str) -> tuple[Topic, ...]:
    """The topics of a file like topics.yaml; `ValueError` names every fault by its place."""
    content: Any = yaml.safe_load(text)
    try:
        topics = tuple(_File.model_validate(content).topics)
    except ValidationError as invalid:
        faults = "; ".join(f"{e.field}: {e.rule}, expected {e.expected}" for e in from_validation("", invalid))
        raise ValueError(f"topics.yaml: {faults}") from None
    names = [topic.name for topic in topics]
    if len(set(names)) != len(names):
        raise ValueError("topics.yaml: a topic is named twice")
    return topics


@cache
def topics() -> tuple[Topic, ...]:
    """All topics of this edition."""
    return read(files("events").joinpath("topics.yaml").read_text("utf-8"))


def topic(name: str) -> Topic:
    """One topic by its name; `in.school-s1` is made from the pattern. `KeyError` if there is none."""
    for entry in topics():
        if entry.name == name:
            return entry
    for entry in topics():
        if entry.is_pattern and name.startswith(prefix := entry.name.removesuffix(_PLACE)) and len(name) > len(prefix):
            return Topic.model_validate({**entry.model_dump(), "name": name})
    raise KeyError(name)
