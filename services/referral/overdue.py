"""What silence changes in a case: clocks are marked late; the ladder may add a receiver, never replace one (domain 4.3). Pure."""

from events.referral import Basis
from events.sla import SlaBreached, SlaWarned
from services.directory.agencies import same_line
from services.referral import clock_life
from services.referral.answer import follow
from services.referral.case import Case, Referral
from services.referral.copies import legal_breach, tell_superior, watch_start
from services.referral.decide import Law
from services.referral.facts import SHANGHAI

LADDER_BASIS = (Basis(source="PROP", clause="4.3", label="default"),)


def mark(case: Case, fact: SlaWarned | SlaBreached) -> bool:
    """Note on the referral's clock what the tracker said; False when the clock had stopped before that moment, or it was said before."""
    referral = case.referrals.get(fact.referral.id)
    clock = next((c for c in referral.fact.clocks if c.name == fact.clock), None) if referral else None
    if referral is None or clock is None:
        return False
    if clock.stopped_at is not None and clock.stopped_at < fact.at:
        return False
    said = f"{fact.clock} {0 if isinstance(fact, SlaWarned) else fact.level} {fact.at.isoformat()}"
    if said in (known := referral.note.get("said", [])):
        return False  # a relay that died sends a fact again
    referral.note["said"] = [*known, said]
    referral.noted = True
    if isinstance(fact, SlaWarned):
        marked = clock_life.warned(clock, fact.at)
    else:
        marked = clock_life.breached(clock, fact.due_at) if fact.level == 1 else clock
    if marked != clock:
        clocks = tuple(marked if c.name == fact.clock else c for c in referral.fact.clocks)
        referral.fact = referral.fact.model_copy(update={"clocks": clocks})
    what = "clock.warned" if isinstance(fact, SlaWarned) else "clock.breached"
    level = {} if isinstance(fact, SlaWarned) else {"level": fact.level}
    case.note(fact.at, what, referral.id, detail={"clock": fact.clock, "due_at": fact.due_at.isoformat(),
                                                   "late_seconds": int((fact.fired_at - fact.at).total_seconds()), **level})  # fmt: skip
    return clock.stopped_at is None


def after_breach(law: Law, case: Case, fact: SlaBreached) -> None:
    """At level 3 of `ack` on a CRITICAL event the next higher command of the same line gets a referral too, once; supervisors get copies."""
    referral = case.referrals[fact.referral.id]
    if fact.level == 1 and fact.clock.startswith("LEG-"):
        legal_breach(case, referral, fact.clock, fact.at, law.terms)
    if fact.level == 1 and fact.clock == "start":
        watch_start(case, referral, fact.due_at)
    if fact.level == 2:
        tell_superior(case, referral, fact.at, law.terms)
    if fact.clock == "ack" and fact.level == 3 and referral.fact.severity == "CRITICAL" and referral.fact.role != "cc":
        parallel(law, case, referral, fact)


def parallel(law: Law, case: Case, late: Referral, fact: SlaBreached) -> None:
    """The parallel referral: co, same profile, T = this moment; not twice for the same agency and child (R12)."""
    on = fact.at.astimezone(SHANGHAI).date()
    if late.fact.agency.level in ("city", "province"):
        return  # made once, to the city; above it the ladder tells people, it opens nothing (domain 4.3)
    target = same_line(late.fact.agency, "city", on)
    if any(r.open and r.fact.agency == target and r.fact.role != "cc" and r.fact.family == late.fact.family
           and r.fact.child == late.fact.child for r in case.referrals.values()):  # fmt: skip
        return
    made = follow(case, late, target, "co", fact.at, law.terms, f"{late.id}|{fact.clock}|L{fact.level}")
    made.rules = (*late.rules, "4.3 L3")
    made.fact = made.fact.model_copy(update={"basis": (*late.fact.basis, *LADDER_BASIS)})
