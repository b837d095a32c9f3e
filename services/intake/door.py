"""What the door decides about an event: accepted, known already, or refused with every reason at once. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from events.catalogue import read
from events.codec import Refusal
from events.envelope import Event
from events.faults import FieldError
from events.heartbeat import PlatformHeartbeat
from events.identity import printable
from services.access.registration import OURS, Registration
from services.intake.canonical import digest
from services.intake.contradiction import contradictions
from services.intake.oddity import flags
from services.intake.surroundings import Surroundings

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Good:
    """An event that keeps its contract; whether it is new, its key will tell."""

    event: Event
    digest: bytes
    flags: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """What makes an event the same event."""
        return self.event.source, self.event.id


@dataclass(frozen=True, slots=True)
class Accepted:
    """Taken: from here on it is ours to bring to an end."""

    event: Event
    digest: bytes
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same event again; nothing happens."""

    source: str
    id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not taken, and why. `source` and `id` are None where they were unreadable or must not be repeated."""

    source: str | None
    id: str | None
    errors: tuple[FieldError, ...]

    @property
    def foreign(self) -> bool:
        """Whether it is not the caller's event at all."""
        return any(error.rule == "source_not_yours" for error in self.errors)


def refused(source: str | None, event_id: str | None, errors: tuple[FieldError, ...]) -> Refused:
    """A refusal that repeats the event's name only where that is no personal number."""
    return Refused(repeatable(source), repeatable(event_id), errors)


def repeatable(text: str | None) -> str | None:
    """The text if it may be said to anybody again, else None."""
    return text if text is not None and printable(text) == text else None


Outcome = Accepted | Duplicate | Refused


def is_heartbeat(report: Event | Refusal, registration: Registration) -> bool:
    """Whether it is our own sign of life, which passes and is nothing else; from anybody else its type is unknown."""
    return (
        isinstance(report, Event)
        and report.type == PlatformHeartbeat.TYPE
        and is_ours(registration)
        and registration.owns(report.source)
    )


def examine(report: Event | Refusal, registration: Registration, world: Surroundings) -> Good | Refused:
    """Whether an event may come in at all, with every reason if not, and with what is odd about it if it may."""
    if isinstance(report, Refusal):
        return refused(report.source, report.id, tuple(report.errors))
    if not registration.owns(report.source):  # what is not the caller's is not discussed with the caller
        errors = (FieldError("source", "source_not_yours", registration.sources),)
        return refused(report.source, report.id, errors)
    data, faults = read(report)
    if not registration.may_send(report.type):
        expected = f"a type registered for this source: {', '.join(registration.types)}"
        faults.insert(0, FieldError("type", "type_not_allowed", expected))
    if data is not None:
        faults += contradictions(report, data, world)
    if faults or data is None:
        return refused(report.source, report.id, tuple(faults))
    return Good(report, digest(report), flags(report, data, world))


def settle(good: Good, known: Mapping[Key, bytes]) -> Outcome:
    """Whether a good event is new. `known`: the digests of those of its keys that were accepted before."""
    before = known.get(good.key)
    if before is None:
        return Accepted(good.event, good.digest, good.flags)
    if before == good.digest:
        return Duplicate(*good.key)
    return refused(*good.key, (FieldError("id", "id_reused", "an id that this source has not used for other content"),))


def settle_all(goods: list[Good], known: Mapping[Key, bytes]) -> list[Outcome]:
    """The same for the events of one request or batch, in order: the first of one key is the one that counts."""
    seen = dict(known)
    outcomes = []
    for good in goods:
        outcomes.append(settle(good, seen))
        seen.setdefault(good.key, good.digest)
    return outcomes


def partition_key(event: Event) -> str:
    """The key on `child-events`: what is about one child, household or address stays in order."""
    data = event.data
    refs = data.get("child_refs") or [child.get("child_ref") for child in data.get("children") or ()]
    return str(
        data.get("child_ref")
        or data.get("household_ref")
        or next(iter(refs), None)
        or data.get("address_hash")
        or event.id
    )


def aged(reports: Iterable[Event | Refusal]) -> set[str]:
    """The children of whom these reports tell an age, as far as they can be read."""
    told: set[str] = set()
    for report in reports:
        if isinstance(report, Refusal):
            continue
        children = report.data.get("children")
        for child in (report.data, *(children if isinstance(children, list) else ())):
            if isinstance(child, dict) and child.get("age_years") is not None:
                refs = [child.get("child_ref"), *_listed(child.get("child_refs"))]
                told |= {ref for ref in refs if isinstance(ref, str)}
    return told


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def is_ours(registration: Registration) -> bool:
    """Whether the events are derived by our own services, which know since when their clocks run."""
    return registration.name == OURS
