"""Why an event would be routed as it would: everything that was tried, and on which fact it failed. Pure; nothing is decided."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from events.envelope import Event
from services.law.calendar import local_day
from services.referral.decide import Law
from services.referral.facts import Facts
from services.referral.matched import matches_of
from services.referral.matching import first_failure
from services.referral.policy_match import explained
from services.referral.read_service_list import packaged_services
from services.referral.receivers import Routing, resolve
from services.referral.represent import local
from services.referral.route import route
from services.referral.row_clocks import clock_maker
from services.referral.rules import Conditions, Rule
from services.referral.subjects import Subject
from services.referral.timers import moment_of


def explain(law: Law, event: Event, subject: Subject, at: datetime) -> dict[str, Any]:
    """One event about one child at a moment: rules and severities tried, receivers with their clocks, who was left out and why."""
    found = route(law.rulebook, event, subject.facts, at, law.catalogue)
    services = law.rulebook.services or packaged_services()
    matched = matches_of(services, found, event, subject.facts, at) if subject.child else None
    clocks = clock_maker(law.calendar, law.profiles)
    return {
        "event": event.id, "child": subject.child, "row": found.row, "family": found.family, "severity": found.severity,
        "classification": found.classification, "edition": law.rulebook.edition, "fallback": found.fallback,
        "no_referral": found.no_referral, "external_notice_to": found.external_to, "tried": [vars(t) for t in found.tried],
        "severities_tried": list(_severities(law, found)),
        "recipients": [{
            "role": r.role, "agency": str(r.agency), "also": [str(a) for a in r.second], "profile": r.profile, "rules": list(r.rules),
            "basis": [b.model_dump() for b in r.basis], "waits_for_consent": r.consent, "waits_for_release": r.after_release,
            "list_items": list(r.list_items), "due": {c.name: local(c.due_at) for c in clocks(r, found, at)},
            "provisional": [c.name for c in clocks(r, found, at) if c.provisional],
        } for r in found.recipients],
        "services": explained(matched),
        "left_out": [entry for rule in found.rules for entry in _left_out(rule, found, event, at)],
        "timers": [{"what": t.what, "due": local(moment_of(law.calendar, t, event, at)), "again": t.again} for t in found.timers],
        "derived": found.derive,
        "legal_clocks": [entry for rule in found.rules for entry in _overlays(rule, found.facts)],
        "stops": [{"rule": rule.id, "clock": stop.clock, "of": list(stop.of)} for rule in found.rules for stop in rule.stops],
        "ends": [{"rule": rule.id, "types": list(rule.ends), "outcome": rule.outcome} for rule in found.rules if rule.ends],
    }  # fmt: skip


def _severities(law: Law, found: Routing) -> Iterator[dict[str, Any]]:
    """The cases of the type's rating in order, up to the one that holds."""
    rated = law.rulebook.severities.get(found.row)
    for case in rated.cases if rated else ():
        failed = _failed(case.when, found.facts)
        yield {"severity": case.severity, "matched": not failed, **failed}
        if not failed:
            return


def _left_out(rule: Rule, found: Routing, event: Event, at: datetime) -> Iterator[dict[str, Any]]:
    """Receivers and timers of a rule that matched, which its own conditions or a general rule leave out."""
    for recipient in rule.to:
        named = recipient.kind or f"kinds_from {recipient.kinds_from}"
        failed = _failed(recipient.when, found.facts)
        if failed:
            yield {"rule": rule.id, "role": recipient.role, "kind": named, **failed}
        elif not any(resolve(recipient, rule, found, event, local_day(at))):
            yield {"rule": rule.id, "role": recipient.role, "kind": named, "field": None, "found": None,
                   "wanted": "not the body that reported, and no sealed matter for a township or village (R7)"}  # fmt: skip
    for timer in rule.timers:
        if failed := _failed(timer.when, found.facts):
            yield {"rule": rule.id, "timer": timer.what, **failed}


def _overlays(rule: Rule, facts: Facts) -> Iterator[dict[str, Any]]:
    for overlay in rule.overlays:
        failed = _failed(overlay.when, facts)
        yield {"rule": rule.id, "clock": overlay.clock, "of": list(overlay.of), "starts": not failed, **failed}


def _failed(when: Conditions, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The fact on which conditions fail, what it is and what was wanted; empty when they hold."""
    failure = first_failure(when, facts)
    if failure is None:
        return {}
    name, condition = failure
    return {
        "field": name,
        "found": facts.get(name),
        "wanted": str(condition.model_dump(exclude_none=True, exclude={"unknown"})),
    }
