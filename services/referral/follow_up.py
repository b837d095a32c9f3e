"""What an officer's answer brings about by rule: the way back of a treated child, the next office of an application (on_act rules). Pure."""

from datetime import datetime
from typing import Any

from events.envelope import Event
from services.referral.case import Case, Referral
from services.referral.decide import Law, apply
from services.referral.facts import SHANGHAI
from services.referral.join import Desk
from services.referral.life import Act
from services.referral.route import route
from services.referral.rules import Rule

COMPARED = "comparison.made"


def after_answer(law: Law, desk: Desk, case: Case, referral: Referral, deed: Act) -> None:
    """Run the rules for this answer; T of what they make is the answer (promise 6)."""
    acts = law.rulebook.by_act
    among = [rule for rule in (*acts.get(referral.row, ()), *acts.get("*", ())) if asks(rule, referral, deed)]
    if not among:
        return
    child = referral.fact.child
    on_file = desk.registry.get(child or "", {})
    event = as_reported(case, referral, on_file, deed.at)
    routing = route(law.rulebook, event, on_file, deed.at, law.catalogue, among, {"answer": deed.data.get("reason")})
    apply(law, case, routing, event, child, deed.at, f"{referral.id}|{deed.action}|{deed.request_id}", referral)


def after_comparison(law: Law, case: Case, referral: Referral, on_file: dict[str, Any], at: datetime) -> None:
    """Run the rules that wait for a county's comparison for a referral that got no answer so far; T is the comparison."""
    child = referral.fact.child
    event = as_reported(case, referral, on_file, at)
    among = law.rulebook.by_timer.get(COMPARED, ())
    routing = route(law.rulebook, event, on_file, at, law.catalogue, among, {})
    apply(law, case, routing, event, child, at, f"{referral.id}|{COMPARED}")


def asks(rule: Rule, referral: Referral, deed: Act) -> bool:
    """Whether a rule waits for this answer to this referral."""
    wanted, fact = rule.on_act, referral.fact
    return (
        wanted is not None
        and wanted.action == deed.action
        and (not wanted.receiver or deed.data.get("kind") in wanted.receiver)
        and (not wanted.by or fact.agency.kind in wanted.by)
        and wanted.role in (None, fact.role)
        and (not wanted.profile or fact.profile in wanted.profile)
    )


def as_reported(case: Case, referral: Referral, on_file: dict[str, Any], at: datetime) -> Event:
    """The referral's event as far as the case still knows it: whose it was, and the child as it is on file now."""
    fact = referral.fact
    told = {"residence_code": on_file.get("residence_code") or case.county, "hukou_code": on_file.get("hukou_code"),
            "confidence": "confirmed", "occurred_at": at.astimezone(SHANGHAI).isoformat()}  # fmt: skip
    return Event(
        id=fact.event_id, source=fact.event_source, type=f"{referral.row}.v1", time=at, subject=fact.child, exercise=fact.exercise,
        acceptedtime=at, data={key: value for key, value in told.items() if value is not None},
    )  # fmt: skip
