"""What a moment brings that a case asked for: its rules run, its hold ends, its late start is copied. Pure."""

from datetime import datetime

from events.envelope import Event
from services.referral import status_in_time
from services.referral.answer import review_due
from services.referral.case import Case, Timer
from services.referral.case_life import reopen_case
from services.referral.copies import LATE_START, start_still_late
from services.referral.decide import Law, apply, follows, only_child
from services.referral.join import Desk
from services.referral.route import route


def timer_fired(law: Law, desk: Desk, case: Case, timer: Timer, at: datetime) -> Case:
    """The moment came: run the event's row anew, or the rules for this timer; the moment is T of what follows (promise 6).

    Gives the case in which that happened: a timer that outlives its case goes on in the child's open one.
    """
    if timer.state != "set":
        return case
    timer.state = "done"
    if timer.what == status_in_time.WHAT:  # what follows opens a case or joins one by itself
        case.note(at, "timer.due", timer=timer.id, detail={"what": timer.what})
        case.derived += [
            (event, at) for event in status_in_time.came_true(timer, desk.registry.get(timer.child or "", {}), at)
        ]
        return case
    if case.state != "open" and timer.outlives:
        other = desk.of_child(timer.child) if timer.child else None
        if other is None:
            reopen_case(case, at)
        case = other or case
    if case.state != "open":
        return case
    case.note(at, "timer.due", timer=timer.id, detail={"what": timer.what})
    if timer.what.startswith("hold.review:"):
        review_due(case, timer.what.partition(":")[2], at, law.terms)
        return case
    if timer.what.startswith(LATE_START):
        start_still_late(case, timer.what.removeprefix(LATE_START), at, law.terms)
        return case
    event = Event.model_validate(timer.event)
    child = timer.child or only_child(case)  # it may have become known meanwhile
    on_file = desk.registry.get(child or "", {})
    known = {"sides_agreed": sides_agreed(case, event)}
    among = None if timer.again else law.rulebook.by_timer.get(timer.what, ())
    routing = route(law.rulebook, event, on_file, at, law.catalogue, among, known)
    routing.timers = [spec for spec in routing.timers if spec.what != timer.what]
    if timer.again:
        # What follows from the event followed when it was accepted: with its own T it is the same event, which the door knows.
        own = event.acceptedtime or at
        case.derived += [(follows(law, case, name, event, child, own), at) for name in routing.derive]
        routing.derive = []
    apply(law, case, routing, event, child, at, timer.id)
    return case


def sides_agreed(case: Case, event: Event) -> bool:
    """R2: every civil affairs bureau of a county that was told of this event has answered."""
    told = [r.fact for r in case.referrals.values() if r.fact.event_id == event.id and r.fact.agency.kind == "civil_affairs"
            and r.fact.agency.level == "county"]  # fmt: skip
    return all(fact.state != "sent" for fact in told)
