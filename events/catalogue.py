"""Every type that a source may publish, and the check that an event keeps its contract."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import ValidationError

from events import (
    abuse,
    benefit,
    care,
    child,
    child_found,
    data_exchange,
    duties,
    education,
    education_needs,
    family,
    guardian,
    guardian_breach,
    guardian_capacity,
    guardian_custody,
    guardian_loss,
    harm,
    health,
    hotline,
    illness,
    livelihood,
    mind,
    online,
    orders,
    placement,
    police_case,
    protection_order,
    register,
    reporting,
    service_need,
    site,
    visit,
)
from events.data import EventData
from events.envelope import Event
from events.faults import MAX_FAULTS, FieldError, from_validation
from events.identity import find_identities
from events.source import parse_source

_SECTIONS: tuple[tuple[type[EventData], ...], ...] = (
    abuse.TYPES,
    benefit.TYPES,
    care.TYPES,
    child.TYPES,
    child_found.TYPES,
    data_exchange.TYPES,
    duties.TYPES,
    education.TYPES,
    education_needs.TYPES,
    family.TYPES,
    guardian.TYPES,
    guardian_breach.TYPES,
    guardian_capacity.TYPES,
    guardian_custody.TYPES,
    guardian_loss.TYPES,
    harm.TYPES,
    health.TYPES,
    hotline.TYPES,
    illness.TYPES,
    livelihood.TYPES,
    mind.TYPES,
    online.TYPES,
    orders.TYPES,
    placement.TYPES,
    police_case.TYPES,
    protection_order.TYPES,
    register.TYPES,
    reporting.TYPES,
    service_need.TYPES,
    site.TYPES,
    visit.TYPES,
)

CATALOGUE: Mapping[str, type[EventData]] = MappingProxyType(
    {kind.TYPE: kind for section in _SECTIONS for kind in section}
)
"""`child.missing.v1` -> ChildMissing."""

_TYPES = ", ".join(sorted(CATALOGUE))


def read(event: Event) -> tuple[EventData | None, list[FieldError]]:
    """The typed data of an event from outside if it keeps its contract, and every fault; none when it is good."""
    source = parse_source(event.source)
    data = None
    faults = []
    if source is None:
        faults.append(FieldError("source", "source", "/<kind>/<area code>/<unit>, such as /school/220322/s1"))
    contract = CATALOGUE.get(event.type)
    if contract is None:
        faults.append(FieldError("type", "unknown_type", _TYPES))
    else:
        try:
            data = contract.model_validate(event.data)
            faults += data.faults(source, event.subject)
        except ValidationError as invalid:
            faults += from_validation("data", invalid)
    return data, faults + find_identities(event)[:MAX_FAULTS]


def check(event: Event) -> list[FieldError]:
    """Every fault of an event from outside: its contract, and the identity filter; empty when it is good."""
    return read(event)[1]


def parse(event: Event) -> EventData:
    """The data of an event that was checked, typed."""
    return CATALOGUE[event.type].model_validate(event.data)
