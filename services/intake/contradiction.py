"""What an event says that cannot be: a place that is none, a past that lies ahead, an age that its child cannot have. Pure.

An event that keeps its contract is refused for these and nothing else; each fault names its field, never what was sent.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from events.data import EventData
from events.envelope import Event
from events.faults import FieldError
from events.source import parse_source
from services.intake.surroundings import CLOCK_SKEW, Surroundings, age_on, day_of

_AREA_FIELDS = frozenset(
    {"residence_code", "hukou_code", "occurrence_code", "from_code", "to_code", "destination_code"}
)
_PATHS = ("pupil_at", "duty_holder_org", "addressee_org", "holder_org")  # /<kind>/<area>/<unit>
AGE_TOLERANCE = 1  # years: many say the age that a child will have this year, or count in the old way
_PLACE = "a GB/T 2260 code of Jilin's territory or of another province"
_PAST = f"not later than now, give or take {CLOCK_SKEW.seconds // 60} minutes"


def contradictions(event: Event, data: EventData, world: Surroundings) -> Iterator[FieldError]:
    """Every fault of this kind."""
    yield from _future(event, data, world)
    yield from _places(event, data, world)
    yield from _ages(data, world)


def _future(event: Event, data: EventData, world: Surroundings) -> Iterator[FieldError]:
    if event.time is not None and event.time > world.latest:
        yield FieldError("time", "in_the_future", _PAST)
    for name, when in data.happened():
        if when > world.latest if isinstance(when, datetime) else when > world.last_day:
            yield FieldError(f"data.{name}", "in_the_future", _PAST)


def _places(event: Event, data: EventData, world: Surroundings) -> Iterator[FieldError]:
    source = parse_source(event.source)
    if source is not None and not world.exists(source.area):
        yield FieldError("source", "area_unknown", _PLACE)
    for path, code in _codes(event.data, "data"):
        if not world.exists(code):
            yield FieldError(path, "area_unknown", _PLACE)
    for name in _PATHS:
        told = event.data.get(name)
        named = parse_source(told) if isinstance(told, str) else None
        if named is not None and not world.exists(named.area):
            yield FieldError(f"data.{name}", "area_unknown", f"/<kind>/<area code>/<unit> with {_PLACE}")


def _codes(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in _AREA_FIELDS and isinstance(inner, str):
                yield f"{path}.{name}", inner
            elif name == "owner" and isinstance(inner, dict) and isinstance(inner.get("area"), str):
                yield f"{path}.owner.area", inner["area"]
            else:
                yield from _codes(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _codes(inner, f"{path}[{number}]")


def _ages(data: EventData, world: Surroundings) -> Iterator[FieldError]:
    expected = "the age that follows from the birth date on file for this child, give or take a year"
    for path, child_ref, age in told_ages(data):
        if abs(differs(child_ref, age, data, world)) > AGE_TOLERANCE:
            yield FieldError(path, "age_contradicts", expected)


def told_ages(data: EventData) -> Iterator[tuple[str, str, int]]:
    """Each age that the event tells of a child whom it names: (field, child_ref, age)."""
    if data.age_years is not None and len(data.refs()) == 1:
        yield "data.age_years", data.refs()[0], data.age_years
    for number, child in enumerate(data.children):
        if child.age_years is not None:
            yield f"data.children[{number}].age_years", child.child_ref, child.age_years


def differs(child_ref: str, age: int, data: EventData, world: Surroundings) -> int:
    """By how many years an age misses the birth date on file, on the day it happened or today; 0 where no date is known."""
    born = world.born.get(child_ref)
    if born is None:
        return 0
    then, today = age_on(born, day_of(data.occurred_at)), age_on(born, day_of(world.now))
    return age - then if age < then else max(0, age - today)
