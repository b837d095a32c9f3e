"""Every type that a source may publish, and the check that an event keeps its contract."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import ValidationError

from events import abuse, child, education, guardian, health, reporting
from events.data import EventData
from events.envelope import Event
from events.faults import MAX_FAULTS, FieldError, from_validation
from events.identity import find_identities
from events.source import parse_source

CATALOGUE: Mapping[str, type[EventData]] = MappingProxyType(
    {kind.TYPE: kind for section in (guardian, child, abuse, reporting, education, health) for kind in section.TYPES}
)
"""`child.missing.v1` -> ChildMissing."""

_TYPES = ", ".join(sorted(CATALOGUE))


def check(event: Event) -> list[FieldError]:
    """Every fault of an event from outside: its contract, and the identity filter; empty when it is good."""
    source = parse_source(event.source)
    faults = []
    if source is None:
        faults.append(FieldError("source", "source", "/<kind>/<area code>/<unit>, such as /school/220322/s1"))
    contract = CATALOGUE.get(event.type)
    if contract is None:
        faults.append(FieldError("type", "unknown_type", _TYPES))
    else:
        try:
            faults += contract.model_validate(event.data).faults(source, event.subject)
        except ValidationError as invalid:
            faults += from_validation("data", invalid)
    return faults + find_identities(event)[:MAX_FAULTS]


def parse(event: Event) -> EventData:
    """The data of an event that was checked, typed."""
    return CATALOGUE[event.type].model_validate(event.data)
