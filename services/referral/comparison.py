"""A county's comparison (T06, T08): for every child on file what it is due and does not have yet, as events of its own. Pure."""

import json
from collections.abc import Iterator, Mapping, Set
from datetime import datetime
from typing import Any

from events.envelope import Event
from services.referral import ids
from services.referral.benefit_change import compared
from services.referral.derive import SOURCE
from services.referral.eligibility import Asked, age_years
from services.referral.facts import SHANGHAI
from services.referral.policy_match import COMPARISON, FOUND, Code, areas_for, in_order, match
from services.referral.service_list import ServiceList

CODES = frozenset({"T06", "T08"})
MAJORITY = 18


def comparison_events(services: ServiceList, ref: str, facts: Mapping[str, Any], held: Set[Code], at: datetime, cause: str
                      ) -> Iterator[Event]:  # fmt: skip
    """What one child's file says on the day: services matched (E78) beyond the items that open referrals hold, a benefit due (E73)."""
    on = at.astimezone(SHANGHAI).date()
    areas = areas_for(facts.get("residence_code"), facts.get("hukou_code"))
    asked = Asked(facts, COMPARISON, on, {}, areas)
    if over(asked):
        return
    found = match(services, asked)
    sealed = {
        code for due in found.due if due.sealed for code in due.items
    }  # E59 and E61 went to their named posts (R7)
    items = [code for code in found.items if code not in held and code not in sealed]
    digest = [code for code in found.digest if code not in (facts.get("digested") or ())]
    if items or digest:
        pending = in_order({code for due in found.due for code in due.consent_pending if code in items})
        told = {"list_items": items, "digest_items": digest, "consent_pending": list(pending)}
        yield _event(FOUND, ref, facts, at, cause, {name: codes for name, codes in told.items() if codes})
    yield from benefit_events(ref, facts, at, cause)


def benefit_events(ref: str, facts: Mapping[str, Any], at: datetime, cause: str) -> Iterator[Event]:
    """A benefit that the child's file makes due on the day and nobody has recognised (E73)."""
    on = at.astimezone(SHANGHAI).date()
    if over(Asked(facts, COMPARISON, on)):
        return
    for suspicion in compared(facts, ref, on):
        yield _event(suspicion.type, ref, facts, at, cause, suspicion.told)


def over(asked: Asked) -> bool:
    """Whether nothing is looked for any more: the child has died, or is of age."""
    age = age_years(asked)
    return bool(asked.child.get("deceased")) or (age is not None and age >= MAJORITY)


def _event(name: str, ref: str, facts: Mapping[str, Any], at: datetime, cause: str, told: Mapping[str, Any]) -> Event:
    about = {key: facts[key] for key in ("residence_code", "hukou_code", "age_years") if facts.get(key) is not None}
    local = at.astimezone(SHANGHAI).isoformat()
    data = {"child_ref": ref, **about, "confidence": "suspected", "occurred_at": local, **told}
    # What it says is part of its id: a comparison that runs again finds the same event, or another one where the file has changed.
    says = json.dumps(data, sort_keys=True, default=list)
    return Event(
        id=ids.derived_event_id(name, COMPARISON, cause, says), source=SOURCE, type=f"{name}.v1", time=at, subject=ref, causationid=cause,
        data=data,
    )  # fmt: skip
