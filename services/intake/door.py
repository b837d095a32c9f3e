"""What the door decides about an event: accepted, known already, or refused with every reason at once. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from events.catalogue import check
from events.codec import Refusal
from events.envelope import Event
from events.faults import FieldError
from events.identity import printable
from services.access.registration import OURS, Registration
from services.intake.canonical import digest

Key = tuple[str, str]

CLOCK_SKEW = timedelta(minutes=5)  # how far a source's clock may run ahead of ours
_AREA_FIELDS = frozenset({"residence_code", "hukou_code", "occurrence_code"})
_MOMENTS = ("occurred_at", "detected_at")


@dataclass(frozen=True, slots=True)
class Good:
    """An event that keeps its contract; whether it is new, its key will tell."""

    event: Event
    digest: bytes

    @property
    def key(self) -> Key:
        """What makes an event the same event."""
        return self.event.source, self.event.id


@dataclass(frozen=True, slots=True)
class Accepted:
    """Taken: from here on it is ours to bring to an end."""

    event: Event
    digest: bytes


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


def examine(
    report: Event | Refusal, registration: Registration, now: datetime, area_known: Callable[[str], bool]
) -> Good | Refused:
    """Whether an event may come in at all. `area_known` says whether the territory knows an area code."""
    if isinstance(report, Refusal):
        return refused(report.source, report.id, tuple(report.errors))
    errors = tuple(_errors(report, registration, now, area_known))
    if errors:
        return refused(report.source, report.id, errors)
    return Good(report, digest(report))


def settle(good: Good, known: Mapping[Key, bytes]) -> Outcome:
    """Whether a good event is new. `known`: the digests of those of its keys that were accepted before."""
    before = known.get(good.key)
    if before is None:
        return Accepted(good.event, good.digest)
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


def _errors(
    event: Event, registration: Registration, now: datetime, area_known: Callable[[str], bool]
) -> Iterator[FieldError]:
    if not registration.owns(event.source):
        yield FieldError("source", "source_not_yours", registration.sources)
        return  # what is not the caller's is not discussed with the caller
    if not registration.may_send(event.type):
        yield FieldError(
            "type", "type_not_allowed", f"a type registered for this source: {', '.join(registration.types)}"
        )
    faults = check(event)
    yield from faults
    if not faults:
        yield from _content_errors(event, now, area_known)


def _content_errors(event: Event, now: datetime, area_known: Callable[[str], bool]) -> Iterator[FieldError]:
    latest = now + CLOCK_SKEW
    expected = f"not later than now, give or take {CLOCK_SKEW.seconds // 60} minutes"
    if event.time is not None and event.time > latest:
        yield FieldError("time", "in_the_future", expected)
    for name in _MOMENTS:
        moment = _moment(event.data.get(name))
        if moment is not None and moment > latest:
            yield FieldError(f"data.{name}", "in_the_future", expected)
    for path, code in _areas(event.data, "data"):
        if not area_known(code):
            yield FieldError(path, "area_unknown", "a GB/T 2260 code of Jilin's territory or of another province")


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None


def _areas(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in _AREA_FIELDS and isinstance(inner, str) and inner != "unknown":
                yield f"{path}.{name}", inner
            else:
                yield from _areas(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _areas(inner, f"{path}[{number}]")


def is_ours(registration: Registration) -> bool:
    """Whether the events are derived by our own services, which know since when their clocks run."""
    return registration.name == OURS
