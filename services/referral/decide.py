"""What an accepted event changes: cases opened or joined, referrals made, timers set, events derived.

Pure: facts and a time in, a changed desk out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from events.envelope import Event
from events.referral import ClockFact
from services.directory.territory import territory
from services.law.calendar import Calendar
from services.referral import ids
from services.referral.answer import review_due
from services.referral.case import Case, Referral, Timer
from services.referral.deadlines import Circumstances, clocks_for
from services.referral.facts import SHANGHAI, as_moment
from services.referral.join import Clocks, Desk, adopt, find_case, new_referrals
from services.referral.life import end_by_rule
from services.referral.profiles import Profiles
from services.referral.route import Routing, route, source_agency
from services.referral.rules import Condition, Rulebook, TimerSpec
from services.referral.subjects import Subject, merge, subjects_of

Catalogue = Callable[[str], Any]
FILED = "reporting.mandatory.filed"
SOURCE = "/shouhu/220000/referral"  # what this service calls itself when it publishes


@dataclass(frozen=True)
class Law:
    """Everything a decision needs that is not about the child: the rulebook, the calendar and the event catalogue."""

    rulebook: Rulebook
    calendar: Calendar
    catalogue: Catalogue
    profiles: Profiles | None = None  # of a rulebook of one's own; the packaged ones without


@dataclass
class Outcome:
    """What became of one event (promise 1): referred, attached or no_referral."""

    outcome: str
    cases: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    why: Mapping[str, str] | None = None
    tried: list[dict[str, Any]] = field(default_factory=list)


def decide(law: Law, desk: Desk, event: Event, at: datetime) -> Outcome:
    """Take one accepted event whose clocks run from `at` (T); the desk holds every open case it may concern."""
    result = Outcome("no_referral")
    made_any = joined_any = False
    for subject in subjects_of(event):
        case = None if subject.organisation else find_case(desk, event, subject.child, subject.household, at)
        child = subject.child or only_child(case)
        # What a report guesses about a child it does not know is not put on file.
        known = desk.registry.get(child or "", {})
        on_file = merge(known, subject.facts) if subject.child else merge(subject.facts, known)
        if subject.child:
            desk.registry[subject.child] = on_file
        routing = route(law.rulebook, event, on_file, at, law.catalogue)
        result.rules += [rule.id for rule in routing.rules if rule.id not in result.rules]
        result.why = routing.no_referral or result.why
        result.tried += [vars(t) for t in routing.tried if not t.matched][: 20 - len(result.tried)]
        if case is None and not routing.recipients:
            continue
        if case is None:
            case = open_case(desk, law, event, subject, routing, at)
        else:
            joined_any = True
            case.note(at, "event.attached", event=event.id, detail={"type": event.type, "source": event.source})
        if subject.child:
            adopt(desk, case, subject.child, at)
        made = apply(law, case, routing, event, child, at, f"{event.source}|{event.id}")
        if case.is_new:
            close_if_only_copies(case, at)
        made_any = made_any or bool(made)
        if case.id not in result.cases:
            result.cases.append(case.id)
    result.outcome = "referred" if made_any else "attached" if joined_any else "no_referral"
    return result


def only_child(case: Case | None) -> str | None:
    """The child that a report about an unknown child at a case's address is about: the case's only one."""
    return case.children[0] if case is not None and len(case.children) == 1 else None


def close_if_only_copies(case: Case, at: datetime) -> None:
    """Copies never hold a case open: one that has nothing else is closed from birth."""
    if case.state == "open" and not case.held and all(r.fact.role == "cc" for r in case.referrals.values()):
        case.state, case.closed_at = "closed", at
        for timer in case.timers.values():
            timer.state = "cancelled"
        case.note(at, "case.closed", detail={"why": "copies only"})


def open_case(desk: Desk, law: Law, event: Event, subject: Subject, routing: Routing, at: datetime) -> Case:
    """A new case about a child, a household, an unknown child at an address, or an organisation."""
    about = subject.household or subject.child or subject.organisation or event.data.get("address_hash")
    county = territory().county(routing.areas["res"]) or territory().county(routing.areas["occ"]) or "220000"
    if subject.organisation:
        county = territory().county(routing.areas["holder"]) or county
    case = Case(
        id=ids.case_id(event.source, event.id, about), opened_at=at, children=[], county=county,
        address_hash=event.data.get("address_hash"), household=subject.household, organisation=subject.organisation,
        exercise=event.exercise, edition=law.rulebook.edition, is_new=True,
    )  # fmt: skip
    case.note(at, "case.opened", event=event.id, detail={"type": event.type, "source": event.source})
    desk.add(case)
    return case


def apply(
    law: Law, case: Case, routing: Routing, event: Event, child: str | None, at: datetime, cause: str
) -> list[Referral]:
    """Make the new referrals of a routing, set and cancel its timers, derive its events."""
    made = new_referrals(case, routing, event, child, at, cause, clock_maker(law))
    cancel_timers(case, event, child, at)
    for spec in routing.timers:
        set_timer(law, case, spec, event, child, at)
    for name in routing.derive:
        case.derived.append((derived(name, event, child, at), at))
        case.note(at, "event.derived", event=event.id, detail={"type": name})
    if routing.external_to and routing.recipients:
        case.external.append({"at": at, "to_area": routing.external_to, "event": event.id})
        case.note(at, "external_notice", event=event.id, detail={"to_area": routing.external_to})
    if event.exercise:
        case.exercise = True
    return made


def clock_maker(law: Law) -> Clocks:
    """How a profile's clocks are fixed at a moment."""

    def clocks(profile: str, routing: Routing, at: datetime) -> tuple[ClockFact, ...]:
        days = routing.facts["consecutive_school_days"]
        about = Circumstances(consecutive_school_days=days if isinstance(days, int) and days > 0 else 1)
        return clocks_for(profile, routing.severity, at, law.calendar, about, law.profiles)

    return clocks


def timer_fired(law: Law, desk: Desk, case: Case, timer: Timer, at: datetime) -> None:
    """The moment came: run the event's row anew, or the rules for this timer; the moment is T of what follows (promise 6)."""
    if timer.state != "set":
        return
    timer.state = "done"
    if case.state != "open":
        return
    case.note(at, "timer.due", timer=timer.id, detail={"what": timer.what})
    if timer.what.startswith("hold.review:"):
        review_due(case, timer.what.partition(":")[2], at)
        return
    event = Event.model_validate(timer.event)
    child = timer.child or only_child(case)  # it may have become known meanwhile
    on_file = desk.registry.get(child or "", {})
    known = {"sides_agreed": sides_agreed(case, event)}
    routing = route(law.rulebook, event, on_file, at, law.catalogue, None if timer.again else timer.what, known)
    routing.timers = [spec for spec in routing.timers if spec.what != timer.what]
    apply(law, case, routing, event, child, at, timer.id)
    for rule in routing.rules:
        end_referrals(case, rule.ends, rule.outcome, child, at, rule.id)


def sides_agreed(case: Case, event: Event) -> bool:
    """R2: every civil affairs bureau of a county that was told of this event has answered."""
    told = [r.fact for r in case.referrals.values() if r.fact.event_id == event.id and r.fact.agency.kind == "civil_affairs"
            and r.fact.agency.level == "county"]  # fmt: skip
    return all(fact.state != "sent" for fact in told)


def end_referrals(
    case: Case, types: tuple[str, ...], outcome: str | None, child: str | None, at: datetime, rule: str
) -> None:
    """Complete and close what these event types opened about the child, because a rule says that the matter is over."""
    for referral in case.referrals.values():
        name = referral.fact.event_type.rsplit(".v", 1)[0]
        if referral.open and referral.fact.child == child and name in types:
            end_by_rule(case, referral, outcome or "other", at, rule)


def set_timer(law: Law, case: Case, spec: TimerSpec, event: Event, child: str | None, at: datetime) -> None:
    """Set a timer of the case unless one for the same purpose and child already runs."""
    if any(t.what == spec.what and t.child == child and t.state == "set" for t in case.timers.values()):
        return
    tid = ids.timer_id(case.id, spec.what, f"{event.source}|{event.id}|{child}")
    if tid in case.timers:
        return
    due = moment_of(law, spec, event, at)
    case.timers[tid] = Timer(
        tid, spec.what, due, spec.again, child, event.model_dump(mode="json", exclude_none=True), spec.cancelled_by, spec.cancelled_by_acts,
        {name: c.model_dump(exclude_none=True) for name, c in spec.cancelled_if.items()}, is_new=True,
    )  # fmt: skip


def moment_of(law: Law, spec: TimerSpec, event: Event, at: datetime) -> datetime:
    """When a timer is due; never before the moment that set it."""
    start = at
    if spec.since and event.data.get(spec.since):
        start = as_moment(event.data[spec.since]) or at
    if spec.at is not None:
        due = datetime.combine(at.astimezone(SHANGHAI).date(), spec.at, SHANGHAI)
    elif spec.working_days is not None or spec.school_days is not None:
        due = law.calendar.add_working_days(start, spec.working_days or spec.school_days or 1).at
    else:
        due = start + (spec.after or timedelta(0))
    return max(due, at)


def cancel_timers(case: Case, event: Event, child: str | None, at: datetime) -> None:
    """Cancel what this event makes moot."""
    name = event.type.rsplit(".v", 1)[0]
    # A mandatory report that was filed is the report to police (E44), unless it says that police were not told.
    answer = event.data.get("reported_to_police")
    reported = (
        answer is True or bool(event.data.get("reported_to_police_at")) or (name == FILED and answer is not False)
    )
    for timer in case.timers.values():
        if timer.state != "set" or timer.is_new or timer.child not in (child, None):
            continue
        told = timer.what == "report.unmade" and (reported or source_agency(event.source)[0].startswith("police"))
        said = bool(timer.cancelled_if) and name == event_type_of(timer) and says(event, timer)
        if name in timer.cancelled_by or told or said:
            timer.state = "cancelled"
            case.note(at, "timer.cancelled", timer=timer.id, event=event.id, detail={"what": timer.what})


def event_type_of(timer: Timer) -> str:
    """The type, without version, of the event that set a timer."""
    return str(timer.event.get("type", "")).rsplit(".v", 1)[0]


def says(event: Event, timer: Timer) -> bool:
    """Whether a later event says what makes the timer moot."""
    return all(Condition.model_validate(c).holds(event.data.get(name)) for name, c in timer.cancelled_if.items())


CARRIED = ("residence_code", "hukou_code", "occurrence_code", "household_ref", "age_years", "sex", "child_categories", "pupil_at",
           "address_hash", "child_known")  # fmt: skip


def derived(name: str, event: Event, child: str | None, at: datetime) -> Event:
    """An event that follows from another at once or by a timer; it keeps T (design promise 6) and names its cause."""
    data: dict[str, Any] = {key: event.data[key] for key in CARRIED if key in event.data}
    data |= {"confidence": "suspected", "occurred_at": at.astimezone(SHANGHAI).isoformat()}
    if child:
        data["child_ref"] = child
    if name == "education.dropout.suspected":
        data["days_absent"] = event.data.get("consecutive_school_days")
        if "stage" in event.data:
            data["stage"] = event.data["stage"]
    elif name == "reporting.mandatory.missed":
        data = {"confidence": "suspected", "occurred_at": at.astimezone(SHANGHAI).isoformat(), "duty_holder_org": event.source,
                "known_at": event.data.get("occurred_at")}  # fmt: skip
    return Event(
        id=ids.derived_event_id(name, event.source, event.id, child or ""), source=SOURCE,
        type=f"{name}.v1", time=at, subject=data.get("child_ref"), causationid=event.id, correlationid=event.correlationid,
        traceparent=event.traceparent, exercise=event.exercise, acceptedtime=at,
        data={key: value for key, value in data.items() if value is not None},
    )  # fmt: skip
