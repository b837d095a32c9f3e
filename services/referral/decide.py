"""What an accepted event changes: cases opened or joined, referrals made, timers and legal clocks set, events derived.

Pure: facts and a time in, a changed desk out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from events.envelope import Event
from services.directory.territory import territory
from services.law.calendar import Calendar
from services.referral import ids, status_in_time
from services.referral.case import Case, Referral
from services.referral.case_life import cancel_all, roll_up
from services.referral.derive import SOURCE, Catalogue, derived
from services.referral.digest import tell
from services.referral.facts import SHANGHAI
from services.referral.history import remember
from services.referral.join import Desk, add_reporter, adopt, find_case, new_referrals
from services.referral.life import end_by_rule
from services.referral.matched import follow_ups, matches_of
from services.referral.overlays import start_and_stop
from services.referral.policy_match import Match
from services.referral.profiles import Profiles
from services.referral.read_service_list import packaged_services
from services.referral.receivers import Routing
from services.referral.route import route
from services.referral.row_clocks import clock_maker
from services.referral.rules import Aggregate, Rule, Rulebook
from services.referral.subjects import Subject, merge, subjects_of
from services.referral.terms import Terms
from services.referral.timers import cancel_timers, set_timer

SEEN = {"zh": "同一事项此前已经转介，不重复转介。", "en": "This matter was referred before; it is not referred again."}


@dataclass(frozen=True)
class Law:
    """Everything a decision needs that is not about the child: the rulebook, the calendar and the event catalogue."""

    rulebook: Rulebook
    calendar: Calendar
    catalogue: Catalogue
    profiles: Profiles | None = None  # of a rulebook of one's own; the packaged ones without

    @property
    def terms(self) -> Terms:
        """By what its answers and delays count."""
        return Terms(self.calendar, self.profiles)


@dataclass
class Outcome:
    """What became of one event (promise 1): referred, attached or no_referral."""

    outcome: str
    cases: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    why: Mapping[str, str] | None = None
    tried: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Taken:
    """One subject of an event, looked at: what is on file, who must be told, what adds up and what the child is due."""

    child: str | None  # whom it is about, also where only the case knows
    known: Mapping[str, Any]
    on_file: Mapping[str, Any]
    routing: Routing
    raised: list[tuple[Aggregate, list[str]]]
    matched: Match | None


def decide(law: Law, desk: Desk, event: Event, at: datetime) -> Outcome:
    """Take one accepted event whose clocks run from `at` (T); the desk holds every open case it may concern."""
    result = Outcome("no_referral")
    made_any = joined_any = False
    for subject in subjects_of(event):
        case = None if subject.organisation else find_case(desk, event, subject.child, subject.household, at)
        taken = take(law, desk, event, subject, case, at)
        result.rules += [rule.id for rule in taken.routing.rules if rule.id not in result.rules]
        result.why = taken.routing.no_referral or result.why
        result.tried += [vars(t) for t in taken.routing.tried if not t.matched][: 20 - len(result.tried)]
        # An event that only gives another (E90) opens the case that the other joins: nothing that was accepted is lost.
        if case is None and not taken.routing.recipients and not taken.routing.derive:
            continue
        if case is None:
            case = open_case(desk, law, event, subject, taken.routing, at)
        else:
            joined_any = True
            case.note(at, "event.attached", event=event.id, detail={"type": event.type, "source": event.source})
            add_reporter(case, taken.routing, event, taken.child)
        if subject.child:
            adopt(desk, case, subject.child, at)
        if subject.follows:  # the incident's one set of referrals stands in its first child's case
            case.note(at, "case.incident", event=event.id, detail={"incident": subject.incident})
        else:
            made_any = bool(act_on(law, case, event, subject, taken, at)) or made_any
            if case.is_new:
                close_if_only_copies(case, at)
            else:
                roll_up(case, at)
        if case.id not in result.cases:
            result.cases.append(case.id)
    result.outcome = "referred" if made_any else "attached" if joined_any else "no_referral"
    if made_any:
        result.why = None  # somebody was told after all
    return result


def take(law: Law, desk: Desk, event: Event, subject: Subject, case: Case | None, at: datetime) -> Taken:
    """Look at one subject, and put on file what the event tells about a child that it knows."""
    child = subject.child or only_child(case)
    # What a report guesses about a child it does not know is not put on file.
    known = desk.registry.get(child or "", {})
    on_file = merge(known, subject.facts) if subject.child else merge(subject.facts, known)
    routing = route(law.rulebook, event, on_file, at, law.catalogue)
    if subject.child is None:
        return Taken(child, known, on_file, routing, [], None)
    desk.registry[subject.child], raised = remember(on_file, event, routing, at, law.rulebook.aggregates)
    if seen_before(routing, on_file):
        routing.recipients, routing.timers, routing.derive, routing.no_referral = [], [], [], SEEN
    matched = matches_of(law.rulebook.services or packaged_services(), routing, event, on_file, at)
    tell(desk, matched, routing, event, subject.child, at)
    return Taken(child, known, on_file, routing, raised, matched)


def act_on(law: Law, case: Case, event: Event, subject: Subject, taken: Taken, at: datetime) -> list[Referral]:
    """Do in a case what one subject of an event asks for, and publish what follows from it."""
    about = None if subject.incident else taken.child
    made = apply(law, case, taken.routing, event, about, at, f"{event.source}|{event.id}")
    for rule, behind in taken.raised:
        publish_derived(law, case, rule.derive, event, taken.child, at, contributing_events=behind)
    if subject.child and not subject.incident:
        for follow in follow_ups(
            taken.routing, event, subject.child, taken.known, taken.on_file, at, made, taken.matched
        ):
            publish_derived(law, case, follow.type, event, taken.child, at, **follow.told)
    if subject.child and event.source != SOURCE:
        status_in_time.look_again(case, subject.child, taken.on_file, event, at)
    return made


def seen_before(routing: Routing, on_file: Mapping[str, Any]) -> bool:
    """Whether a rule takes a matter once, and this one was taken already (E73, E74: correlation_key)."""
    keys = (routing.facts[rule.once] for rule in routing.rules if rule.once)
    return any(key is not None and key in (on_file.get("keys") or ()) for key in keys)


def only_child(case: Case | None) -> str | None:
    """The child that a report about an unknown child at a case's address is about: the case's only one."""
    return case.children[0] if case is not None and len(case.children) == 1 else None


def close_if_only_copies(case: Case, at: datetime) -> None:
    """Copies never hold a case open: one that has nothing else, and gave no other event, is closed from birth."""
    if (
        case.state == "open"
        and not case.held
        and not case.derived
        and all(r.fact.role == "cc" for r in case.referrals.values())
    ):
        case.state, case.closed_at = "closed", at
        cancel_all(case)
        case.note(at, "case.closed", detail={"why": "copies only"})


def open_case(desk: Desk, law: Law, event: Event, subject: Subject, routing: Routing, at: datetime) -> Case:
    """A new case about a child, a household, an unknown child at an address, or an organisation."""
    about = subject.household or subject.child or subject.organisation or event.data.get("address_hash")
    places = ["holder"] if subject.organisation else []
    county = next(
        (found for where in (*places, "res", "occ") if (found := co_ordinated_at(routing.areas[where], at))), "220000"
    )
    case = Case(
        id=ids.case_id(event.source, event.id, about), opened_at=at, children=[], county=county,
        address_hash=event.data.get("address_hash"), household=subject.household, incident=subject.incident,
        organisation=subject.organisation, exercise=event.exercise, edition=law.rulebook.edition, is_new=True,
    )  # fmt: skip
    case.note(at, "case.opened", event=event.id, detail={"type": event.type, "source": event.source})
    desk.add(case)
    return case


def co_ordinated_at(code: str | None, at: datetime) -> str | None:
    """The county that co-ordinates for an area, or its city where the area is a whole city."""
    return territory().county(code) or territory().city(code or "", at.astimezone(SHANGHAI).date())


def apply(
    law: Law,
    case: Case,
    routing: Routing,
    event: Event,
    child: str | None,
    at: datetime,
    cause: str,
    own: Referral | None = None,
) -> list[Referral]:
    """Make the new referrals of a routing, set and cancel its timers and clocks, end what it ends, derive its events.

    `own`: the referral whose answer asks for it.
    """
    for rule in routing.rules:  # first, so that an agency whose earlier matter ends here is told the next one
        end_referrals(case, rule, routing, child, at)
    made = new_referrals(case, routing, event, child, at, cause, clock_maker(law.calendar, law.profiles))
    cancel_timers(case, event, child, at)
    start_and_stop(case, routing, child, at, law.calendar, law.profiles, own)
    for spec in routing.timers:
        set_timer(law.calendar, case, spec, event, child, at)
    for name in routing.derive:
        publish_derived(law, case, name, event, child, at)
    if routing.external_to and routing.recipients and (made or event.source != SOURCE):
        case.external.append({"at": at, "to_area": routing.external_to, "event": event.id})
        case.note(at, "external_notice", event=event.id, detail={"to_area": routing.external_to})
    if event.exercise:
        case.exercise = True
    return made


def publish_derived(
    law: Law, case: Case, name: str, event: Event, child: str | None, at: datetime, **told: Any
) -> None:
    """Publish what follows from an event, and say so in the case."""
    case.derived.append((follows(law, case, name, event, child, at, **told), at))
    case.note(at, "event.derived", event=event.id, detail={"type": name})


def follows(law: Law, case: Case, name: str, event: Event, child: str | None, at: datetime, **told: Any) -> Event:
    """What follows from an event of a case; the same again is the same event."""
    return derived(name, event, child, at, law.catalogue, **told).model_copy(update={"correlationid": case.id})


def another(referral: Referral, name: str, routing: Routing) -> bool:
    """Whether the referral's own event named another value than this one; what either leaves unsaid is no other."""
    told, now = (referral.note.get("told") or {}).get(name), routing.facts[name]
    return told is not None and now is not None and told != now


def end_referrals(case: Case, rule: Rule, routing: Routing, child: str | None, at: datetime) -> None:
    """Complete and close what these event types opened about the child, because a rule says that the matter is over."""
    for referral in case.referrals.values():
        fact = referral.fact
        other = rule.ends_same and another(referral, rule.ends_same, routing)
        meant = (
            referral.row in rule.ends
            and (not rule.ends_of or fact.agency.kind in rule.ends_of)
            and (not rule.ends_profiles or fact.profile in rule.ends_profiles)
        )
        if referral.open and fact.child == child and meant and not other:
            end_by_rule(case, referral, rule.outcome or "other", at, rule.id, rule.ends_to)
