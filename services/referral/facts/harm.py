"""Facts about suspected harm (domain analysis 1.3, 3.1), and which row a mandatory report takes."""

from collections.abc import Mapping
from typing import Any

from services.referral.facts.core import Given, any_true, fact, known
from services.referral.facts.kinds import FAMILY, GUARDIANS, INJURIES, SCHOOLS

# K24 art 4: the nine situations; where the article covers several event types, the one that protects sooner.
SITUATIONS = {
    1: "abuse.sexual.suspected",
    2: "abuse.sexual.suspected",
    3: "abuse.sexual.suspected",
    4: "abuse.domestic_violence.suspected",
    5: "child.self_harm.risk",
    6: "child.abandoned",
    7: "child.trafficking.suspected",
    8: "abuse.forced_begging.suspected",
    9: "abuse.unlawful_harm.imminent",
}


def row_of(event_type: str, data: Mapping[str, Any]) -> str:
    """Which row of the routing table an event takes; a mandatory report takes that of the event it carries (E44, K24 art 4)."""
    name = event_type.rsplit(".v", 1)[0]
    if name == "risk.rating.changed" and data.get("to") == "harm":
        return "abuse.guardian_harm.suspected"  # domain 3.2: treat as E35
    if name == "reporting.mandatory.filed":
        return SITUATIONS.get(data.get("situation_code", 9), SITUATIONS[9])
    return name


@fact
def danger(given: Given) -> bool | None:
    """Ongoing, injured or in immediate danger (E34, E35); a mandatory report of situation 4 names injuries itself."""
    injury = known(given.data.get("injury_level"))
    if injury is None and given.reported_type and given.data.get("situation_code") == 4:
        return True
    injured = None if injury is None else injury in INJURIES
    return any_true(given.data.get("ongoing"), given.data.get("immediate_danger"), injured)


@fact
def danger_now(given: Given) -> bool | None:
    """In immediate danger, or the harm is going on (E37: an injury alone is not danger, as with an accident)."""
    return any_true(given.data.get("ongoing"), given.data.get("immediate_danger"))


@fact
def school_related_or_reported(given: Given) -> bool | None:
    """It has to do with school, or a school reported it (B-T6)."""
    return any_true(given.data.get("school_related"), given.source_kind in SCHOOLS)


@fact
def suspect_is_guardian(given: Given) -> bool | None:
    """The suspect is a parent, guardian or carer."""
    relation = known(given.data.get("suspect_relation"))
    return None if relation is None else relation in GUARDIANS


@fact
def suspect_is_family(given: Given) -> bool | None:
    """The suspect belongs to the family (E36: suspect_class; elsewhere suspect_relation)."""
    by_class = known(given.data.get("suspect_class"))
    relation = known(given.data.get("suspect_relation"))
    return any_true(
        None if by_class is None else by_class == "family", None if relation is None else relation in FAMILY
    )


@fact
def stated_severity(given: Given) -> str | None:
    """What the source's own field `severity` says (E39: minor, serious, life_threatening; E40: minor, serious); the event's class is `severity`."""
    value: str | None = known(given.data.get("severity"))
    return value


@fact
def times_reported(given: Given) -> int:
    """How many events of this row about the child there have been, this one included (E16: the third time)."""
    return int((given.child.get("times") or {}).get(given.row, 0)) + 1
