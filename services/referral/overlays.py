"""Clocks that law itself sets running on a referral, and events that stop them (domain analysis 4.4). Pure."""

from collections.abc import Iterable
from datetime import datetime

from events.referral import ClockFact
from services.law.calendar import Calendar
from services.referral import clock_life
from services.referral.case import END_STATES, Case, Referral
from services.referral.deadlines import legal_clock
from services.referral.facts import as_moment
from services.referral.matching import holds
from services.referral.profiles import Profiles
from services.referral.receivers import Routing
from services.referral.rules import Overlay, Stop

ROLES = ("primary", "co")


def legal_clocks(
    names: Iterable[str], since: datetime, calendar: Calendar, profiles: Profiles | None
) -> tuple[ClockFact, ...]:
    """The clocks that these limits start; one for which law names no figure starts none."""
    found = (legal_clock(name, since, calendar, profiles) for name in names)
    return tuple(clock for clock in found if clock is not None)


def start_and_stop(
    case: Case,
    routing: Routing,
    child: str | None,
    at: datetime,
    calendar: Calendar,
    profiles: Profiles | None,
    answered: Referral | None = None,
) -> None:
    """What the rules of an event, or of an answer to `answered`, do to legal clocks of the child's referrals.

    Stops come first, so that a limit can begin anew.
    """
    for rule in routing.rules:
        for stop in rule.stops:
            stop_clock(case, stop, child, at, rule.id)
        for overlay in rule.overlays:
            if not holds(overlay.when, routing.facts):
                continue
            bearer = bearer_of(case, overlay, child, answered)
            since = as_moment(routing.facts[overlay.since]) if overlay.since else None
            clocks = legal_clocks((overlay.clock,), since or at, calendar, profiles)
            if bearer is None:
                case.note(at, "clock.no_bearer", detail={"clock": overlay.clock, "rule": rule.id})
            elif clocks and all(c.name != overlay.clock or clock_life.stopped(c) for c in bearer.fact.clocks):
                kept = tuple(c for c in bearer.fact.clocks if c.name != overlay.clock)
                bearer.change("legal_clock", at, "system", clocks=(*kept, *clocks))
                case.note(at, "clock.started", bearer.id, detail={"clock": overlay.clock, "rule": rule.id,
                                                                  "due_at": clocks[0].due_at.isoformat()})  # fmt: skip


def bearer_of(case: Case, overlay: Overlay, child: str | None, answered: Referral | None = None) -> Referral | None:
    """Whose referral carries the clock: the one that was answered, else the first kind that there is, a primary before a co, the oldest first."""
    if answered is not None and answered.open and answered.fact.agency.kind in overlay.of:
        return answered
    for kind in overlay.of:
        own = [r for r in case.referrals.values() if r.fact.agency.kind == kind and r.fact.child in (child, None)
               and r.fact.role in ROLES and r.fact.state not in END_STATES]  # fmt: skip
        if own:
            return min(own, key=lambda r: (ROLES.index(r.fact.role), r.fact.opened_at, r.id))
    return None


def stop_clock(case: Case, stop: Stop, child: str | None, at: datetime, rule: str) -> None:
    """The event did what the clock waited for, on every referral that carries it."""
    for referral in case.referrals.values():
        fact = referral.fact
        if fact.child not in (child, None) or (stop.of and fact.agency.kind not in stop.of):
            continue
        if any(c.name == stop.clock and not clock_life.stopped(c) for c in fact.clocks):
            clocks = tuple(clock_life.stop(c, at) if c.name == stop.clock else c for c in fact.clocks)
            referral.change("legal_clock", at, "system", clocks=clocks)
            case.note(at, "clock.stopped", referral.id, detail={"clock": stop.clock, "rule": rule})
