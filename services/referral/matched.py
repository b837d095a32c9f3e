"""A match joins the event's own row: its agencies become recipients of the same decision (R12, R14), and events follow from it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from events.envelope import Event
from events.referral import Basis
from services.referral.benefit_change import suspicions
from services.referral.case import Referral
from services.referral.derive import SOURCE
from services.referral.eligibility import Asked, newly_migrant
from services.referral.facts import SHANGHAI
from services.referral.policy_match import FOUND, Code, Due, Match, in_order, match, runs_on
from services.referral.receivers import Resolved, Routing, resolve
from services.referral.route import once_each
from services.referral.rules import InForce, Recipient, Rule
from services.referral.service_list import ServiceList

PROFILE = "P4-SVC"
MIGRANT = "child.migrant.identified"
# Lists that tell of a migrant child (A§2.1), by the event that brings an entry of theirs.
LISTS = {"residence.permit.registered": "residence_permit", "education.enrolment.updated": "migrant_pupils"}
# The row of E19 asks civil affairs of the residence to verify; it is asked in the same decision as the event that E19 follows from (R12).
A_B = (Basis(source="A", clause="2.1", label="policy"), Basis(source="B", clause="T8", label="policy"))
IDENTIFIED = Due("civil_affairs", "county", "res", rules=("service.identified",), basis=A_B)
ALWAYS = InForce.model_validate({"from": date(2024, 1, 1)})


@dataclass(frozen=True)
class FollowUp:
    """An event that follows: its type and what it tells."""

    type: str
    told: Mapping[str, Any] = field(default_factory=dict)


def asked_of(routing: Routing, event: Event, on_file: Mapping[str, Any], at: datetime) -> Asked:
    """What eligibility is computed from for this event and child."""
    return Asked(on_file, routing.row, at.astimezone(SHANGHAI).date(), event.data, routing.areas)


def matches_of(
    services: ServiceList, routing: Routing, event: Event, on_file: Mapping[str, Any], at: datetime
) -> Match | None:
    """The match that this event runs, with its agencies among the routing's recipients; None where the event runs none."""
    asked = asked_of(routing, event, on_file, at)
    if routing.classification == "C4" or on_file.get("deceased") or not runs_on(services, routing.row):
        return None
    found = match(services, asked)
    due = (*found.due, IDENTIFIED) if identifies(routing, asked) else found.due
    told = [r for one in due for r in resolved(one, routing, event, asked.on)]
    with_rows = [_with_items(r, found.row_items) for r in routing.recipients]
    routing.recipients = once_each([*with_rows, *told])
    if routing.row == FOUND and all(r.role != "primary" for r in routing.recipients):
        routing.recipients = led(routing.recipients)
    return found


def led(recipients: list[Resolved]) -> list[Resolved]:
    """Services matched by themselves have somebody who leads (promise 3): civil affairs of the residence, else the first agency.

    In a case that has a primary of the family already it joins as co (R5).
    """
    able = [r for r in recipients if r.role == "co" and not r.consent]
    lead = next((r for r in able if r.agency.kind == "civil_affairs" and r.side == "res"), able[0] if able else None)
    return [replace(r, role="primary") if r is lead else r for r in recipients]


def identifies(routing: Routing, asked: Asked) -> bool:
    """Whether this event tells of a migrant child that nobody has identified yet: E19 follows at once."""
    return routing.row in LISTS and newly_migrant(asked) is True


def resolved(due: Due, routing: Routing, event: Event, on: date) -> Iterator[Resolved]:
    """The agency that is meant by what is due; beyond the province it is civil affairs here and a letter (R2)."""
    recipient = Recipient(role="co", kind=due.kind, level=due.level, where=due.where, profile=PROFILE)
    rule = Rule(id=due.rules[0], event=(routing.row,), basis=due.basis, in_force=ALWAYS)
    for one in resolve(recipient, rule, routing, event, on):
        waits = bool(due.items) and set(due.items) == set(due.consent_pending)
        yield replace(
            one, rules=due.rules, list_items=due.items, consent_pending=due.consent_pending, consent=waits, sealed=due.sealed,
        )  # fmt: skip


def _with_items(recipient: Resolved, row_items: Sequence[tuple[str, Code]]) -> Resolved:
    own = {code for kind, code in row_items if kind == recipient.agency.kind and recipient.role != "cc"}
    return replace(recipient, list_items=in_order({*recipient.list_items, *own})) if own else recipient


def follow_ups(routing: Routing, event: Event, child: str, before: Mapping[str, Any], after: Mapping[str, Any], at: datetime,
               made: Sequence[Referral], found: Match | None) -> list[FollowUp]:  # fmt: skip
    """What follows from an event about a known child: newly migrant (E19), services matched (E78), a benefit due or over (E73, E74)."""
    asked = asked_of(routing, event, after, at)
    follow: list[FollowUp] = []
    if identifies(routing, asked):
        since = asked.on_file("resident_since")
        follow.append(
            FollowUp(MIGRANT, {"matched_lists": [LISTS[routing.row]], **({"since": str(since)} if since else {})})
        )
    # What rests on a sealed fact went to named posts; no list that others read names it (R7).
    items = in_order(
        {code for referral in made if referral.fact.classification != "C4" for code in referral.fact.list_items}
    )
    if found is not None and items and routing.row != FOUND:
        pending = in_order({code for due in found.due for code in due.consent_pending if code in items})
        told = {
            "list_items": items,
            "digest_items": found.digest,
            "consent_pending": pending,
            "not_known": in_order(found.not_known),
        }
        follow.append(FollowUp(FOUND, {name: list(codes) for name, codes in told.items() if codes}))
    if event.source != SOURCE and routing.classification != "C4":
        unsafe = event.data.get("caregiver_known") is False or event.data.get("child_alone") is True
        follow += [
            FollowUp(s.type, s.told) for s in suspicions(before, after, routing.row, child, asked.on, unsafe=unsafe)
        ]
    return follow
