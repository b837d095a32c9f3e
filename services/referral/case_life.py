"""When a case closes, and when it opens again: a roll-up of its referrals (design section 6). Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from services.referral.case import END_STATES, Case


def roll_up(case: Case, at: datetime) -> None:
    """Close the case when every primary and co referral has ended; timers that still run are cancelled.

    One that never had any (copies alone) closes once nothing is held and no timer waits.
    """
    binding = [r for r in case.referrals.values() if r.fact.role != "cc"]
    if case.state != "open" or any(r.fact.state not in END_STATES for r in binding):
        return
    if not binding and (not case.referrals or case.held or any(t.state == "set" for t in case.timers.values())):
        return
    case.state, case.closed_at = "closed", at
    if case.held:  # whoever could have released the village's tasks ended the matter without it (R6)
        case.note(at, "recipient.lapsed", detail={"why": "R6", "agencies": [_name(h["agency"]) for h in case.held]})
        case.held.clear()
    cancel_all(case)
    case.note(at, "case.closed")


def cancel_all(case: Case) -> None:
    """Cancel the timers of a case that closed, but for those that outlive it."""
    for timer in case.timers.values():
        if timer.state == "set" and not timer.outlives:
            timer.state = "cancelled"


def close_incident(cases: Iterable[Case], at: datetime) -> None:
    """Close the cases of an incident's other children, which bear no referral of their own, when the one that bears them has closed."""
    cases = list(cases)
    over = {c.incident for c in cases if c.incident and c.state == "closed" and c.referrals}
    for case in cases:
        if case.state == "open" and case.incident in over and not case.referrals:
            case.state, case.closed_at = "closed", at
            case.note(at, "case.closed", detail={"why": "incident", "incident": case.incident})


def _name(agency: Mapping[str, str]) -> str:
    return f"{agency['kind']}@{agency['level']}/{agency['area']}"


def reopen_case(case: Case, at: datetime) -> None:
    """A referral was reopened: so is its case."""
    if case.state == "closed":
        case.state, case.closed_at = "open", None
        case.note(at, "case.reopened")
