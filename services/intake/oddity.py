"""What only looks odd about a good event: it is taken in, and these flags stay with it for whoever traces it. Pure.

A flag is a code; it never holds a value of the event. The words for it are the console's texts, group `flag`.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import get_args

from events.data import ChildCategory, EventData
from events.envelope import Event
from events.source import parse_source
from events.visit import VisitCompleted
from services.intake.contradiction import differs, told_ages
from services.intake.surroundings import Surroundings, day_of

LONG_AGO = timedelta(days=365)
REGISTER_AGE = 16  # the registers of migrant and of left-behind children end here (A§2.1, B§2.1)
FLAGS = (
    "age_a_year_off",
    "beyond_register_age",
    "happened_after_report",
    "happened_long_ago",
    "migrant_at_home",
    "no_findings",
    "occurred_outside",
    "resides_outside",
    "unusual_source",
)
_REGISTERS: frozenset[ChildCategory] = frozenset(get_args(ChildCategory)) & {"migrant", "left_behind"}


def flags(event: Event, data: EventData, world: Surroundings) -> tuple[str, ...]:
    """Everything odd about an event, sorted, each once."""
    return tuple(sorted(set(_odd(event, data, world))))


def _odd(event: Event, data: EventData, world: Surroundings) -> Iterator[str]:
    source = parse_source(event.source)
    if source is not None and source.kind not in data.SOURCES:
        yield "unusual_source"
    if data.occurred_at < world.now - LONG_AGO:
        yield "happened_long_ago"
    if event.time is not None and day_of(event.time) < day_of(data.occurred_at):
        yield "happened_after_report"
    if world.territory.outside(data.occurrence_code):
        yield "occurred_outside"
    if isinstance(data, VisitCompleted) and data.findings is None:
        yield "no_findings"
    for residence, hukou, age, categories in _children(data):
        if world.territory.outside(residence):
            yield "resides_outside"
        if age is not None and age >= REGISTER_AGE and categories & _REGISTERS:
            yield "beyond_register_age"
        if residence is not None and residence == hukou and len(residence) > 6 and "migrant" in categories:
            yield "migrant_at_home"
    if any(differs(ref, age, data, world) for _, ref, age in told_ages(data)):
        yield "age_a_year_off"


def _children(data: EventData) -> Iterator[tuple[str | None, str | None, int | None, frozenset[ChildCategory]]]:
    yield data.residence_code, data.hukou_code, data.age_years, frozenset(data.child_categories)
    for child in data.children:
        yield child.residence_code, child.hukou_code, child.age_years, frozenset(child.child_categories)
