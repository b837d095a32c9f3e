"""A referral and a case as the API gives them. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from events.referral import ReferralFact
from services.referral.case import Case, Referral
from services.referral.facts import SHANGHAI
from services.referral.item_text import item_texts
from services.referral.life import Who, allowed
from services.referral.profiles import LegalClock, Profiles
from services.referral.rules import Rulebook
from services.referral.waiting import breached, next_due


def local(at: datetime | None) -> str | None:
    """A moment in Beijing time, ISO 8601 with +08:00."""
    return at.astimezone(SHANGHAI).isoformat() if at else None


def clocks_of(fact: ReferralFact) -> list[dict[str, Any]]:
    """The clocks of a referral: which are law and which operating default, when due, what became of them."""
    return [{
        "name": c.name, "kind": c.kind, "due_at": local(c.due_at), "legal_due_at": local(c.legal_due_at), "warned_at": local(c.warned_at),
        "breached_at": local(c.breached_at), "stopped_at": local(c.stopped_at), "provisional": c.provisional, "state": c.state,
    } for c in fact.clocks]  # fmt: skip


def clocks_explained(fact: ReferralFact, profiles: Profiles | None) -> list[dict[str, Any]]:
    """The same clocks with what each rests on: the duty that law sets, the clauses, and whether that is law, default or unverified.

    `silent`: a term that somebody has to know of, which nobody is late with. `at_once`: law says at once, the figure is an alarm.
    """
    profile = profiles.profiles.get(fact.profile) if profiles else None
    operational = profile.citations if profile else ()
    explained = []
    for clock, out in zip(fact.clocks, clocks_of(fact), strict=True):
        legal = profiles.legal.get(clock.name) if profiles else None
        cited = operational if clock.kind == "operational" else legal.citations if legal else ()
        label = "default" if clock.kind == "operational" else legal_label(legal)
        explained.append({
            **out, "label": label, "duty": legal.duty.model_dump() if legal else None, "basis": [c.model_dump() for c in cited],
            "silent": not clock.levels, "at_once": legal.at_once if legal else False,
        })  # fmt: skip
    return explained


def legal_label(clock: LegalClock | None) -> str:
    """What a legal limit's figure is shown as: law only where a clause that was checked gives it.

    Where law says at once, the figure is ours; what is from memory, or unknown to this edition, is unverified.
    """
    labels = [c.label for c in clock.citations] if clock else ["unverified"]
    if clock is not None and clock.at_once:
        return "default"
    return "unverified" if "unverified" in labels else "law"


def referral_out(
    referral: Referral, who: frozenset[Who], at: datetime, rulebook: Rulebook | None = None
) -> dict[str, Any]:
    """A referral with its clocks, its legal basis and what its reader may do now."""
    fact = referral.fact
    services = rulebook.services if rulebook else None
    asked = next((r.action for r in (rulebook.rules if rulebook else ()) if r.id in referral.rules and r.action), None)
    return {
        "id": fact.id, "number": fact.number, "case": fact.case, "child": fact.child,
        "event": {"source": fact.event_source, "id": fact.event_id, "type": fact.event_type}, "family": fact.family, "role": fact.role,
        "agency": _agency(fact.agency), "second_endpoints": [_agency(a) for a in fact.second_endpoints], "profile": fact.profile,
        "severity": fact.severity, "classification": fact.classification, "state": fact.state, "version": fact.version,
        "opened_at": local(fact.opened_at), "part_of": fact.part_of, "redirecting_to": fact.redirecting_to, "exercise": fact.exercise,
        "basis": [b.model_dump(exclude={"TYPE"}) for b in fact.basis], "rules": list(referral.rules),
        "required_action": asked.model_dump() if asked else None, "list_items": list(fact.list_items),
        "items": item_texts(services, fact.list_items, fact.county, fact.opened_at.astimezone(SHANGHAI).date()) if services else [],
        "consent_pending": bool(referral.note.get("consent_pending")), "consent_items": list(referral.note.get("consent_items") or ()),
        "handler": referral.handler, "outcome": referral.outcome,
        "profile_use": _use(rulebook, fact.profile),
        "clocks": clocks_explained(fact, rulebook.profiles if rulebook else None), "overdue": breached(fact), "next_due_at": local(next_due(fact)),
        "allowed_actions": allowed(referral, who, at),
    }  # fmt: skip


def _use(rulebook: Rulebook | None, name: str) -> dict[str, str] | None:
    """What a profile of clocks is for."""
    found = rulebook.profiles.profiles.get(name) if rulebook and rulebook.profiles else None
    return found.use.model_dump() if found else None


def _agency(agency: Any) -> dict[str, str]:
    return {"kind": agency.kind, "level": agency.level, "area": agency.area}


def case_out(case: Case, seen: Mapping[str, frozenset[Who]], at: datetime) -> dict[str, Any]:
    """A case with those of its referrals that the caller may see."""
    return {
        "id": case.id, "state": case.state, "opened_at": local(case.opened_at), "closed_at": local(case.closed_at), "county": case.county,
        "children": case.children, "exercise": case.exercise, "edition": case.edition,
        "referrals": [referral_out(r, seen[r.id], at) for r in sorted(case.referrals.values(), key=lambda r: r.fact.opened_at) if r.id in seen],
    }  # fmt: skip
