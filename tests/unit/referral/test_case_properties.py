"""What holds of every case, whatever comes in whatever order: one owner, no lost promise, no way back from an end."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from events.agency import Agency
from events.envelope import Event
from events.referral import ReferralFact
from services.referral.answer import answer
from services.referral.case import END_STATES, Case
from services.referral.deadlines import strictness
from services.referral.join import Desk
from services.referral.life import ACTIONS, Act, Refused, Who, allowed
from tests.unit.referral.clock_examples import jilin
from tests.unit.referral.story_desk import LAW, event, tell

START = jilin("09-09 09:00")
FLAG = st.sampled_from([True, False, None])
SAID = {
    "abuse.domestic_violence.suspected": ("ongoing", "immediate_danger", "needs_medical", "school_related"),
    "abuse.guardian_harm.suspected": ("ongoing", "immediate_danger", "needs_medical"),
    "abuse.sexual.suspected": ("needs_medical", "school_related"),
    "abuse.unlawful_harm.suspected": ("immediate_danger", "guardian_absent", "needs_medical"),
    "abuse.unlawful_harm.imminent": (), "abuse.forced_begging.suspected": (), "child.trafficking.suspected": (),
    "child.abandoned": ("infant",), "child.self_harm.risk": ("needs_medical", "act_in_progress", "child_alone", "in_school"),
    "guardian.duty.refused": ("child_in_peril", "serious_consequence"), "guardian.deceased": (), "guardian.imprisoned": ("caregiver_known",),
    "child.living_alone": ("reachable_parent", "heating_ok"), "child.missing": (), "child.found": (),
    "education.absence.unexplained": ("guardian_reachable",), "education.dropout.suspected": (),
    "education.dropout.confirmed": ("guardian_refuses",), "education.returned": (),
}  # fmt: skip
SILENT = {"child.found"}
SOURCES = [
    "/hospital/220122/h1",
    "/school/220122/s1",
    "/police/220122/p1",
    "/village_committee/220122100201/v1",
    "/court/220122/c1",
]
HUKOU = ["220122100", "220182", "220322", "150500", None]


@st.composite
def reports(draw: st.DrawFn, id_: str = "e1", at: datetime = START) -> Event:
    """Any event of these families about one child."""
    name = draw(st.sampled_from(sorted(SAID)))
    data: dict[str, Any] = {field: draw(FLAG) for field in SAID[name]}
    data["hukou_code"] = draw(st.sampled_from(HUKOU))
    made = event(name, at, id_, source=draw(st.sampled_from(SOURCES)), **data)
    return made.model_copy(update={"data": {k: v for k, v in made.data.items() if v is not None}})


def invariants(desk: Desk) -> None:
    """Promise 3 and rule R5, of every case on the desk."""
    children = Counter(child for case in desk.cases.values() if case.state == "open" for child in case.children)
    assert all(number == 1 for number in children.values())
    for case in desk.cases.values():
        owners = Counter(
            (r.fact.child, r.fact.family) for r in case.referrals.values() if r.open and r.fact.role == "primary"
        )
        assert all(number == 1 for number in owners.values()), owners
        numbers = [r.fact.number for r in case.referrals.values()]
        assert len(set(numbers)) == len(numbers)


@settings(max_examples=200, deadline=None)
@given(reports())
def test_every_event_ends_in_one_outcome_with_somebody_responsible(told: Event) -> None:
    desk = Desk()
    outcome = tell(desk, told)
    name = told.type.rsplit(".v", 1)[0]
    if name in SILENT:
        assert (outcome.outcome, desk.cases) == ("no_referral", {})
        assert outcome.why
        return
    assert outcome.outcome == "referred"
    (case,) = desk.cases.values()
    assert outcome.cases == [case.id]
    roles = [r.fact.role for r in case.referrals.values()]
    assert roles.count("primary") == (0 if name == "education.returned" else 1)
    assert all(r.fact.basis and r.rules for r in case.referrals.values())
    invariants(desk)


@settings(max_examples=200, deadline=None)
@given(reports())
def test_the_same_event_decided_again_makes_nothing_new(told: Event) -> None:
    desk = Desk()
    tell(desk, told)
    before = {r.id: r.fact for case in desk.cases.values() for r in case.referrals.values()}
    timers = {t.id for case in desk.cases.values() for t in case.timers.values()}
    if any(case.state == "open" for case in desk.cases.values()):
        assert tell(desk, told).outcome == "attached"
    assert {r.id: r.fact for case in desk.cases.values() for r in case.referrals.values()} == before
    assert {t.id for case in desk.cases.values() for t in case.timers.values()} == timers


Share = dict[tuple[str, Agency], int]


def shares(desk: Desk) -> Share:
    """Who acts in which family at which strictness, and who has a copy (0); services are offered by what was known then."""
    found: Share = {}
    for case in desk.cases.values():
        for r in (r for r in case.referrals.values() if not r.fact.list_items):
            key = (r.fact.family, r.fact.agency)
            found[key] = max(found.get(key, 0), 0 if r.fact.role == "cc" else strictness(r.fact.profile))
    return found


@settings(max_examples=200, deadline=None)
@given(reports("e1"), reports("e2"))
def test_the_order_of_two_reports_does_not_change_who_is_responsible(a: Event, b: Event) -> None:
    # What is on file about the child must be the same for both orders: the second report would else know more.
    same = {"hukou_code": "220122100", "pupil_at": "/school/220122/s1"}
    a = a.model_copy(update={"data": {**a.data, **same}})
    b = b.model_copy(update={"data": {**b.data, **same}})
    one, other = Desk(), Desk()
    tell(one, a), tell(one, b)
    tell(other, b), tell(other, a)
    assert shares(one) == shares(other)
    invariants(one)
    invariants(other)


@settings(max_examples=200, deadline=None)
@given(reports("e1"), reports("e2", START + timedelta(hours=1)))
def test_another_report_never_moves_a_promise(a: Event, b: Event) -> None:
    desk = Desk()
    tell(desk, a)
    before = {r.id: r.fact for case in desk.cases.values() for r in case.referrals.values()}
    tell(desk, b)
    after = {r.id: r.fact for case in desk.cases.values() for r in case.referrals.values()}
    assert all(
        promised(after[id_]) >= promised(fact) and after[id_].profile == fact.profile for id_, fact in before.items()
    )


def promised(fact: ReferralFact) -> set[tuple[object, ...]]:
    """Every moment of every clock; an event may start another one, or do what one waited for."""
    return {(c.name, c.kind, c.started_at, c.due_at, c.legal_due_at, c.warn_at, c.levels) for c in fact.clocks}


# Which referral, which of the actions (allowed ones, or any), how many minutes later, by whom.
TRIES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 400), st.booleans(), st.integers(0, 2000), st.sampled_from("abc")),
    max_size=40,
)
RECEIVERS = ("women_children_committee", "education", "youth_league")
DATA = {"text": "t", "summary": "s", "attempts": ["a"], "review_on": "2026-09-20", "area": "220122"}
EVERYBODY: frozenset[Who] = frozenset({"officer", "co_ordinator", "operations"})
REASONS = {"return": "not_our_remit", "hold": "papers", "complete": "helped", "fail": "unreachable"}


def check_step(action: str, before: ReferralFact, after: ReferralFact) -> None:
    """What one deed may have done to one referral."""
    if before != after and before.state != after.state:
        assert after.version > before.version
    if before.state in END_STATES and before.state != after.state:
        assert (action, before.state) == ("reopen", "closed")
    was = {c.name: c for c in before.clocks}
    for clock in after.clocks:
        old = was.get(clock.name)
        if old is None or action in ("reopen", "consent"):
            continue
        if old.stopped_at is not None:
            assert clock == old
        if action != "resume":
            assert clock.due_at == old.due_at
    assert after.version >= before.version


@settings(max_examples=200, deadline=None)
@given(reports("e1"), reports("e2"), TRIES)
def test_no_sequence_of_answers_breaks_a_case(a: Event, b: Event, tries: list[tuple[int, int, bool, int, str]]) -> None:
    desk = Desk()
    tell(desk, a)
    tell(desk, b)
    cases: list[Case] = list(desk.cases.values())
    at = START + timedelta(minutes=1)
    for turn, (which, pick, any_at_all, minutes, by) in enumerate(tries):
        everything = [(case, r) for case in cases for r in case.referrals.values()]
        if not everything:
            return
        case, referral = everything[which % len(everything)]
        at += timedelta(minutes=minutes if any_at_all else minutes % 7)
        offered = [str(entry["action"]) for entry in allowed(referral, EVERYBODY, at)]
        names = sorted(ACTIONS) if any_at_all or not offered else offered
        action = names[pick % len(names)]
        others = [c for c in cases if c is not case and c.state == "open" and set(c.children) & set(case.children)]
        if action == "reopen" and case.state == "closed" and others:
            continue  # the store refuses it: a child has one open case
        before = {r.id: r.fact for _, r in everything}
        data = {**DATA, "reason": REASONS.get(action, "other"), "kind": RECEIVERS[pick % len(RECEIVERS)]}
        try:
            answer(case, referral, Act(action, EVERYBODY, by, at, f"r{turn}", data), LAW.terms)
        except Refused:
            assert {r.id: r.fact for c in cases for r in c.referrals.values()} == before
            continue
        for c in cases:
            for r in c.referrals.values():
                if r.id in before:
                    check_step(action, before[r.id], r.fact)
        invariants(desk)
        if case.state == "closed":
            assert all(r.fact.state in END_STATES for r in case.referrals.values() if r.fact.role != "cc")
