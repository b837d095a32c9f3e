"""Which case an event belongs to, and which of its recipients are new there (domain 3.0: R5, R6). Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from events.envelope import Event
from events.referral import ClockFact, ReferralFact
from services.referral import ids
from services.referral.case import Case, Referral
from services.referral.deadlines import ladder_class, strictness
from services.referral.derive import SOURCE
from services.referral.list_items import all_wait, fresh
from services.referral.receivers import Resolved, Routing

# R5 (PROP): an unknown child's reports at one address join for 72 hours.
ADDRESS_HOURS = timedelta(hours=72)
# What a later event may be compared with (rules: ends_same), and who hears of a duty that stays undone.
KEPT = ("benefit", "correlation_key", "superior")
Clocks = Callable[[Resolved, Routing, datetime], tuple[ClockFact, ...]]


@dataclass
class Desk:
    """The open cases that a batch of events may touch, found by child, by household and by the address of an unknown child."""

    cases: dict[str, Case] = field(default_factory=dict)
    by_child: dict[str, Case] = field(default_factory=dict)
    registry: dict[str, dict[str, Any]] = field(default_factory=dict)
    digests: list[Any] = field(default_factory=list)  # digest.Digest: service items that are only told

    def add(self, case: Case) -> None:
        """Put a case on the desk."""
        self.cases[case.id] = case
        if case.state == "open":
            for child in case.children:
                self.by_child[child] = case

    def of_child(self, child: str) -> Case | None:
        """The child's open case."""
        case = self.by_child.get(child)
        return case if case is not None and case.state == "open" else None

    def of_household(self, household: str) -> Case | None:
        """The household's open case."""
        return next((c for c in self.cases.values() if c.household == household and c.state == "open"), None)

    def of_address(self, address_hash: str, at: datetime, *, unknown: bool) -> Case | None:
        """The open case of this address, not older than 72 hours; `unknown`: only one whose child is not known."""
        for case in self.cases.values():
            if (case.address_hash == address_hash and case.state == "open" and not (unknown and case.children)
                    and case.opened_at <= at <= case.opened_at + ADDRESS_HOURS):  # fmt: skip
                return case
        return None


def find_case(desk: Desk, event: Event, child: str | None, household: str | None, at: datetime) -> Case | None:
    """The open case that an event about this child joins (R5); None opens a new one."""
    address = event.data.get("address_hash")
    origin = desk.cases.get(event.correlationid or "") if event.source == SOURCE else None
    if child is None and origin is not None and origin.state == "open":  # what follows from an event stays in its case
        return origin
    if child is not None:
        own = desk.of_child(child) or (desk.of_household(household) if household else None)
        # The child became known: its first report, made while nobody knew who it was, waits at the same address.
        waiting = desk.of_address(address, at, unknown=True) if address else None
        if own is not None and waiting is not None:
            absorb(own, waiting, child, at)
        return own or waiting
    return desk.of_address(address, at, unknown=False) if address else None


def absorb(own: Case, waiting: Case, child: str, at: datetime) -> None:
    """What was reported while the child was unknown joins the child's case (R5); its owner acts beside the one who is there."""
    for referral in list(waiting.referrals.values()):
        fact = referral.fact
        owned = any(r.fact.role == "primary" for r in own.open_of(child, fact.family))
        role = "co" if fact.role == "primary" and referral.open and owned else fact.role
        referral.change("child_known", at, "system", case=own.id, child=child, role=role)
        own.referrals[referral.id] = referral
    for timer in waiting.timers.values():
        if timer.state == "set":
            moved = ids.timer_id(own.id, timer.what, timer.id)
            own.timers[moved] = replace(timer, id=moved, child=child, is_new=True)
            timer.state = "cancelled"
    own.held += [{**entry, "child": child} for entry in waiting.held]
    own.note(at, "case.child_known", child=child, detail={"joined": waiting.id})
    waiting.note(at, "case.joined", detail={"to": own.id})
    waiting.referrals, waiting.held = {}, []
    waiting.state, waiting.closed_at = "closed", at


def adopt(desk: Desk, case: Case, child: str | None, at: datetime) -> None:
    """Make the child one of the case; referrals made while it was unknown become its own."""
    if child is None or child in case.children:
        return
    was_unknown = not case.children and case.organisation is None and not case.is_new
    case.children.append(child)
    case.new_children.append(child)
    desk.by_child[child] = case
    if was_unknown:
        for referral in case.referrals.values():
            if referral.fact.child is None:
                referral.change("child_known", at, "system", child=child)
        case.note(at, "case.child_known", child=child)


def new_referrals(
    case: Case, routing: Routing, event: Event, child: str | None, at: datetime, cause: str, clocks: Clocks
) -> list[Referral]:
    """Referrals for those recipients that this child's open referrals of the family lack (R5); what was promised does not move."""
    made: list[Referral] = []
    for named in routing.recipients:
        recipient = fresh(case, named, child)
        if recipient is None:
            continue
        if recipient.after_release:
            case.held.append(held_entry(recipient, routing, event, child))
            case.note(
                at, "recipient.held", agency=str(recipient.agency), detail={"why": "R6", "rules": list(recipient.rules)}
            )
            continue
        same = [r for r in case.open_of(child, routing.family) if r.fact.agency == recipient.agency]
        acting = [r for r in same if r.fact.role != "cc"]
        if recipient.role == "cc":
            if same:
                continue
        elif any(strictness(r.fact.profile) >= strictness(recipient.profile) for r in acting):
            if not recipient.list_items:
                continue
            recipient = replace(recipient, consent=all_wait(recipient.list_items, recipient.consent_pending))
        role = recipient.role
        if role == "primary" and any(r.fact.role == "primary" for r in case.open_of(child, routing.family)):
            role = "co"
        part_of = acting[0].id if acting and recipient.role != "cc" else None
        referral = make(case, recipient, role, routing, event, child, at, cause, clocks, part_of)
        if referral.id not in case.referrals:
            case.referrals[referral.id] = referral
            made.append(referral)
            told = {
                "agency": str(recipient.agency),
                "role": role,
                "profile": recipient.profile,
                "rules": list(recipient.rules),
            }
            case.note(at, "referral.opened", referral.id, event=event.id, detail=told)
    return made


def make(case: Case, recipient: Resolved, role: str, routing: Routing, event: Event, child: str | None, at: datetime, cause: str,
         clocks: Clocks, part_of: str | None) -> Referral:  # fmt: skip
    """A referral with its clocks fixed (promise 6)."""
    rid = ids.referral_id(case.id, cause, recipient.agency, child, recipient.profile)
    on_hold = recipient.consent
    fact = ReferralFact(
        id=rid, number=ids.number(rid, at), case=case.id, child=child, event_source=event.source, event_id=event.id,
        event_type=event.type, family=routing.family, role=role, agency=recipient.agency,
        second_endpoints=recipient.second, profile=recipient.profile, ladder=ladder_class(recipient.profile),
        severity=routing.severity, classification="C4" if recipient.sealed else routing.classification,
        state="on_hold" if on_hold else "sent", version=1, opened_at=at, county=case.county, part_of=part_of,
        exercise=event.exercise or case.exercise, basis=recipient.basis,
        clocks=() if on_hold or recipient.later else clocks(recipient, routing, at),
        list_items=recipient.list_items, feedback_to=reporters(event) if role == "primary" else (),
    )  # fmt: skip
    note: dict[str, Any] = {"consent_pending": True} if on_hold else {}
    if recipient.consent_pending:
        note["consent_items"] = list(recipient.consent_pending)
    if told := {key: event.data[key] for key in KEPT if event.data.get(key) is not None}:
        note["told"] = told
    if recipient.later:
        note["later"] = True
    if routing.row != event.type.rsplit(".v", 1)[0]:
        note["row"] = routing.row
    return Referral(fact=fact, rules=recipient.rules, caused_by=cause, note=note, is_new=True)


def reporters(event: Event) -> tuple[str, ...]:
    """Whose report it is and who therefore learns of the end; what we derived ourselves has no other reporter."""
    return () if event.source.startswith("/shouhu/") else (event.source,)


def add_reporter(case: Case, routing: Routing, event: Event, child: str | None) -> None:
    """Somebody else reported what a primary already has: who leads it answers to both (R9)."""
    for referral in case.open_of(child, routing.family):
        if referral.fact.role == "primary":
            told = tuple(dict.fromkeys((*referral.fact.feedback_to, *reporters(event))))
            if told != referral.fact.feedback_to:
                referral.fact = referral.fact.model_copy(update={"feedback_to": told})
                referral.noted = True


def held_entry(recipient: Resolved, routing: Routing, event: Event, child: str | None) -> dict[str, Any]:
    """A village-level task as it waits for its release (R6)."""
    agency = recipient.agency
    return {
        "agency": {"kind": agency.kind, "level": agency.level, "area": agency.area},
        "role": recipient.role, "profile": recipient.profile, "rules": list(recipient.rules),
        "basis": [b.model_dump() for b in recipient.basis], "child": child, "family": routing.family,
        "severity": routing.severity, "classification": routing.classification,
        "event": {"source": event.source, "id": event.id, "type": event.type},
    }  # fmt: skip
