"""What a source was registered for, and what follows: which events are its own, which types it may send."""

import re
from dataclasses import dataclass

ANY = "*"
OURS = "shouhu"  # the source that stands for our own services
_SAMPLE_SOURCE = re.compile(r"/(?!shouhu/)[^/]+/[^/]+/.+")


@dataclass(frozen=True, slots=True)
class Registration:
    """A source system: of which kind, for which area, and the event types it may send.

    `types` are exact names, families (`school.*`) or `*`. `reserved`: the paths of other sources of this kind and area.
    """

    name: str
    kind: str
    area: str
    types: tuple[str, ...]
    sample: bool = False
    reserved: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        """The CloudEvents source that is this one's and nobody else's."""
        return f"/{self.kind}/{self.area}/{self.name}"

    @property
    def topic(self) -> str:
        """The Kafka topic that this source alone writes."""
        return f"in.{self.name}"

    @property
    def sources(self) -> str:
        """Which CloudEvents sources are its own, in words for a refusal."""
        if self.sample:
            return "/<kind>/<area>/<unit>"
        return f"{self.path}, or another unit /{self.kind}/{self.area}/<unit> that is not registered itself"

    def owns(self, source: str) -> bool:
        """Whether an event's `source` is the caller's.

        A system often speaks for the units of its area (a county's school platform for its schools): any unit of its
        kind and area is its own, unless that unit is registered itself. The sample source owns all but our own.
        """
        if self.sample:
            return _SAMPLE_SOURCE.fullmatch(source) is not None
        return source.startswith(f"/{self.kind}/{self.area}/") and source not in self.reserved

    def may_send(self, event_type: str) -> bool:
        """Whether it was registered for this event type."""
        return any(_covers(pattern, event_type) for pattern in self.types)


def _covers(pattern: str, event_type: str) -> bool:
    if pattern.endswith(".*"):
        return event_type.startswith(pattern[:-1])
    return pattern in (ANY, event_type)


NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
KIND = re.compile(r"[a-z][a-z0-9_]*")
AREA = re.compile(r"\d{6}(\d{3}){0,2}", re.ASCII)


def faults_of(registration: Registration, known_types: frozenset[str]) -> list[str]:
    """Everything wrong with a registration at once, each naming the field and what was expected."""
    faults = []
    if not NAME.fullmatch(registration.name):
        faults.append(
            "name: expected 1 to 40 lower-case letters, digits, - or _, such as h1 (it names the topic in.<name>)"
        )
    if not KIND.fullmatch(registration.kind) or registration.kind == OURS:
        faults.append("kind: expected a kind of source in lower-case letters, such as hospital")
    if not AREA.fullmatch(registration.area):
        faults.append("area: expected a GB/T 2260 code of 6, 9 or 12 digits, such as 220122")
    if not registration.types:
        faults.append("types: expected at least one event type, a family such as school.*, or *")
    for pattern in registration.types:
        if not any(_covers(pattern, known) for known in known_types):
            faults.append(f"types: {pattern} covers no event type of the catalogue; expected such as child.missing.v1")
    return faults
