"""The life of a referral: which action is allowed in which state, by whom, with what, and what it does to the clocks (design section 6). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Literal

from events.referral import ClockFact, ReferralFact
from services.law.rulebook_file import load_yaml
from services.referral import clock_life
from services.referral.case import Case, Referral, is_open
from services.referral.facts import SHANGHAI
from services.referral.terms import Terms

Who = Literal["officer", "co_ordinator", "operations", "system"]
OFFICER: frozenset[Who] = frozenset({"officer"})
LEADS: frozenset[Who] = frozenset({"co_ordinator", "operations"})
OPEN = frozenset({"sent", "acknowledged", "accepted", "in_progress", "on_hold", "completed", "failed"})
POLICE = frozenset({"police", "police_station", "police_command"})
HOLD_PROFILES = frozenset({"P3-GEN", "P4-SVC"})
HOLD_FAMILIES = frozenset({"guardianship", "services"})


@dataclass(frozen=True)
class Action:
    """One row of the state table."""

    name: str
    from_: frozenset[str]
    to: str | None  # None: no change of state
    who: frozenset[Who]
    needs: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    codes: str | None = None
    for_cc: bool = False


def _row(name: str, from_: str, to: str | None, who: frozenset[Who], **more: Any) -> Action:
    return Action(name, frozenset(from_.split()) if from_ != "open" else OPEN, to, who, **more)


ACTIONS: Mapping[str, Action] = {
    a.name: a
    for a in (
        _row("acknowledge", "sent", "acknowledged", OFFICER, stops=("ack",), for_cc=True),
        _row("accept", "sent acknowledged", "accepted", OFFICER, stops=("ack",)),
        _row("start", "sent acknowledged accepted", "in_progress", OFFICER, stops=("ack", "start")),
        _row("feedback", "open", None, OFFICER, needs=("text",), stops=("feedback",), for_cc=True),
        _row("return", "sent acknowledged", "returned", OFFICER, needs=("reason",), codes="return"),
        _row("redirect", "open", None, OFFICER, needs=("kind", "area", "summary")),
        _row("hold", "accepted in_progress", "on_hold", OFFICER, needs=("reason", "review_on"), codes="hold"),
        _row("resume", "on_hold", "in_progress", OFFICER | {"system"}),
        _row("consent", "on_hold", "sent", OFFICER | LEADS),
        _row("complete", "acknowledged accepted in_progress", "completed", OFFICER, needs=("reason", "text"),
             stops=("start", "feedback", "close"), codes="complete"),
        _row("fail", "accepted in_progress", "failed", OFFICER, needs=("reason", "attempts"),
             stops=("start", "feedback", "close"), codes="fail"),
        _row("close", "completed failed", "closed", LEADS),
        _row("reopen", "completed failed closed", "in_progress", LEADS, needs=("reason",)),
        _row("cancel", "sent", "cancelled", LEADS, needs=("reason",)),
        _row("void", "open", "void", frozenset({"operations"}), needs=("reason",)),
    )
}  # fmt: skip


class Refused(Exception):
    """An action that may not be done now; `reason` is for people, `missing` names absent or wrong fields with what was expected."""

    def __init__(self, reason: str, missing: tuple[tuple[str, str, str], ...] = (), *, forbidden: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.missing, self.forbidden = reason, missing, forbidden


@dataclass(frozen=True)
class Act:
    """Somebody's act: what, as what, when; `by` is who (an id), `data` what the action needs."""

    action: str
    who: frozenset[Who]
    by: str
    at: datetime
    request_id: str
    data: Mapping[str, Any] = field(default_factory=dict)


@cache
def codes() -> Mapping[str, list[dict[str, Any]]]:
    """The code lists of codes.yaml."""
    loaded: dict[str, list[dict[str, Any]]] = load_yaml(
        "codes.yaml", (Path(__file__).parent / "codes.yaml").read_text("utf-8")
    )
    return loaded


def why_not(referral: Referral, action: Action, who: frozenset[Who], at: datetime) -> str | None:
    """The reason why an action is not allowed now, or None."""
    fact = referral.fact
    if not action.who & who:
        return "not for this role"
    some_wait = action.name == "consent" and bool(referral.note.get("consent_items")) and referral.open
    if fact.state not in action.from_ and not some_wait:
        return f"not allowed in state {fact.state}"
    if fact.role == "cc" and not action.for_cc and action.name not in {"cancel", "void"}:
        return "a copy is only acknowledged"
    if fact.role == "cc" and action.name == "feedback" and not is_open(fact):
        return "the copy has ended"
    if action.name == "return":
        return _return_why_not(referral, at)
    if action.name == "redirect" and fact.redirecting_to:
        return f"already being redirected to {fact.redirecting_to}"
    if action.name == "hold" and (fact.profile not in HOLD_PROFILES or fact.family not in HOLD_FAMILIES):
        return "clocks that protect a child cannot be paused; only benefit and service referrals may be put on hold"
    consent_pending = bool(referral.note.get("consent_pending"))
    if action.name == "resume" and consent_pending:
        return "waits for consent, not for a review"
    if action.name == "consent" and not consent_pending and not some_wait:
        return "no consent is awaited"
    if action.name == "void" and referral.note.get("acted") and not fact.exercise:
        return "a recipient has already acted"
    return None


def _return_why_not(referral: Referral, at: datetime) -> str | None:
    fact = referral.fact
    if fact.severity == "CRITICAL":
        return "a critical referral is never returned: redirect it, and stay until the other acknowledges"
    if fact.family == "harm" and fact.agency.kind in POLICE:
        return "police never return a harm referral: redirect it"
    if referral.note.get("fallback"):
        return "the fallback owner cannot refuse"
    ack = next((c for c in fact.clocks if c.name == "ack"), None)
    if ack is not None and at >= ack.due_at:
        return "the time for a return (the acknowledgement window) is over"
    return None


def allowed(referral: Referral, who: frozenset[Who], at: datetime) -> list[dict[str, Any]]:
    """What may be done now by somebody in these roles: action, what it needs, codes to choose from, questions of yes and no."""
    found = []
    for action in ACTIONS.values():
        if why_not(referral, action, who - {"system"}, at) is None:
            lists = codes()[action.codes] if action.codes else []
            asked = yes_no(referral.fact, action.name)
            found.append({"action": action.name, "needs": list(action.needs), "codes": lists, "yes_no": asked})
    return found


def yes_no(fact: ReferralFact, action: str) -> list[str]:
    """Questions that this action may answer with yes or no: whether the child was seen (E46), whether village tasks may go (R6)."""
    if action not in {"accept", "start", "feedback", "complete"}:
        return []
    police_or_county = fact.agency.kind in POLICE or (fact.agency.kind, fact.agency.level) == (
        "civil_affairs",
        "county",
    )
    absence = fact.event_type.startswith("education.absence.") and fact.agency.kind == "township_government"
    return (["child_seen"] if absence else []) + (
        ["release_village"] if fact.family == "harm" and police_or_county else []
    )


def act(case: Case, referral: Referral, deed: Act, terms: Terms) -> None:
    """Do what needs no other referral, by the terms of the case's edition; `answer.py` adds returns and redirects. Raises Refused."""
    action = ACTIONS.get(deed.action)
    if action is None:
        raise Refused(f"unknown action {deed.action}", (("action", "known", ", ".join(ACTIONS)),))
    reason = why_not(referral, action, deed.who, deed.at)
    if reason is not None:
        raise Refused(reason, forbidden=not action.who & deed.who)
    missing = lacking(action, deed.data)
    if missing:
        raise Refused("something is missing", missing)
    fact = referral.fact
    if action.name == "close" and referral.note.get("completed_by") == deed.by:
        raise Refused("who completed a referral does not close it", forbidden=True)
    update: dict[str, Any] = {"clocks": _clocks_after(action, fact, deed, terms)}
    if action.to is not None and (action.name != "consent" or referral.note.get("consent_pending")):
        update["state"] = action.to  # consent for some items of a referral that runs already changes no state
    if action.name not in {"consent", "close", "reopen", "cancel", "void", "resume"}:
        referral.note["acted"] = True
    if action.name == "accept" and deed.data.get("handler"):
        referral.handler = str(deed.data["handler"])
    if action.name in {"complete", "fail"}:
        referral.outcome = str(deed.data["reason"])
        referral.note["completed_by"] = deed.by
    if action.name == "consent":
        referral.note.pop("consent_pending", None)
        referral.note.pop("consent_items", None)
    who = next((w for w in ("officer", "co_ordinator", "operations", "system") if w in deed.who & action.who), "system")
    referral.change(action.name, deed.at, who, **update)
    case.note(deed.at, f"referral.{action.name}", referral.id, by=deed.by, detail=_told(deed.data))


def lacking(action: Action, data: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """What is missing or wrong in an action's data: (field, rule, expected)."""
    faults = [
        (f"data.{need}", "required", _EXPECTED.get(need, "a text")) for need in action.needs if not data.get(need)
    ]
    reason = data.get("reason")
    if action.codes and reason:
        chosen = next((c for c in codes()[action.codes] if c["code"] == reason), None)
        if chosen is None:
            faults.append(("data.reason", "code", ", ".join(c["code"] for c in codes()[action.codes])))
        else:
            faults += [(f"data.{need}", "required", _EXPECTED.get(need, "a text")) for need in chosen.get("needs", ())
                       if not data.get(need) and need not in action.needs]  # fmt: skip
    if action.name == "fail" and data.get("attempts") and not isinstance(data["attempts"], list):
        faults.append(("data.attempts", "list", "a list of what was tried"))
    if action.name == "hold" and data.get("review_on"):
        try:
            date.fromisoformat(str(data["review_on"]))
        except ValueError:
            faults.append(("data.review_on", "date", "a date YYYY-MM-DD"))
    return tuple(faults)


_EXPECTED = {
    "reason": "a code", "kind": "a kind of agency", "area": "an area code of 6 digits", "summary": "a text",
    "attempts": "a list of what was tried", "review_on": "a date YYYY-MM-DD",
}  # fmt: skip


def _told(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        k: v
        for k, v in data.items()
        if k in {"reason", "kind", "area", "review_on", "text", "summary", "attempts", "handler", "child_seen"}
    }


def _clocks_after(action: Action, fact: ReferralFact, deed: Act, terms: Terms) -> tuple[ClockFact, ...]:
    clocks = []
    for clock in fact.clocks:
        if action.name in {"cancel", "void", "return", "close"}:  # a term of law outlasts completing, not closing
            clock = clock_life.cancel(clock, deed.at)
        elif clock.name in action.stops or ended_by_law(clock, action.name, terms):
            clock = clock_life.stop(clock, deed.at)
        elif action.name == "hold" and clock.name in {"feedback", "close"}:
            clock = clock_life.pause(clock, deed.at)
        elif action.name == "resume" and clock.state == "paused":
            clock = clock_life.resume(clock, deed.at)
        clocks.append(clock)
    return tuple(clocks)


# An answer does what an earlier one would have done too.
_IMPLIES = {
    "accept": ("acknowledge",),
    "start": ("acknowledge", "start"),
    "complete": ("acknowledge", "start", "feedback", "complete", "handed_over"),
}


def ended_by_law(clock: ClockFact, action: str, terms: Terms) -> bool:
    """Whether an answer does what a legal clock waits for (profiles_legal.yaml: ended_by)."""
    limit = terms.limit(clock.name)
    return limit is not None and limit.ended_by in _IMPLIES.get(action, (action,))


def end(case: Case, referral: Referral, state: str, at: datetime, by: str, why: str, terms: Terms) -> None:
    """Put a referral into an end state because of something else: its redirection was acknowledged, a rule ended it."""
    done = state == "redirected"  # the limit for passing it on was kept or not; everything else is the receiver's now
    clocks = tuple(
        clock_life.stop(c, at) if done and ended_by_law(c, "handed_over", terms) else clock_life.cancel(c, at)
        for c in referral.fact.clocks
    )
    referral.change(state, at, by, state=state, clocks=clocks, redirecting_to=None)
    case.note(at, f"referral.{state}", referral.id, detail={"why": why})


def end_by_rule(
    case: Case, referral: Referral, outcome: str, at: datetime, rule: str, to: Literal["closed", "completed"] = "closed"
) -> None:
    """Complete a referral, and close it unless somebody still has to, because a rule says that its matter is over."""
    if referral.fact.state == to:
        return
    referral.outcome = outcome
    clocks = tuple(clock_life.stop(c, at) for c in referral.fact.clocks)
    action = "close" if to == "closed" else "complete"
    referral.change(action, at, "system", state=to, clocks=clocks)
    case.note(at, f"referral.{action}", referral.id, detail={"reason": outcome, "rule": rule})


def review_moment(review_on: str) -> datetime:
    """The beginning of the review day."""
    return datetime.combine(date.fromisoformat(review_on), time(0), SHANGHAI)
