"""Clocks that law starts and events or answers stop; supervisors who get a copy when one is late (domain analysis 4.3, 4.4)."""

from datetime import datetime, timedelta

from events.referral import ClockFact
from events.sla import SlaBreached
from services.referral.case import Case, Referral
from services.referral.facts import SHANGHAI
from services.referral.join import Desk
from services.referral.overdue import after_breach, mark
from tests.unit.referral.story_desk import HARM, LAW, do, event, only_case, referral_of, tell

T = datetime(2026, 6, 2, 9, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)


def clock(referral: Referral, name: str) -> ClockFact:
    return next(c for c in referral.fact.clocks if c.name == name)


def accepted_by_police(desk: Desk) -> Case:
    tell(desk, event(HARM, T, injury_level="multiple"))
    tell(
        desk,
        event("police.case.accepted", T + HOUR, "e2", source="/police_station/220122/p1"),
    )
    return only_case(desk)


def test_the_police_who_accept_a_case_owe_the_reporter_an_answer_within_three_days() -> None:
    police = referral_of(accepted_by_police(Desk()), "police_station")
    assert clock(police, "LEG-POL-FB3").kind == "legal"
    assert clock(police, "LEG-POL-FB3").due_at == datetime(2026, 6, 6, tzinfo=SHANGHAI)
    assert clock(police, "ack").due_at == T + timedelta(minutes=5)  # what was promised stands


def test_the_answer_that_law_asks_for_stops_its_clock_and_no_other() -> None:
    case = accepted_by_police(Desk())
    police = referral_of(case, "police_station")
    do(case, police, "feedback", T + 2 * HOUR, text="accepted as a case, scene examined")
    assert clock(police, "LEG-POL-FB3").state == "met"
    assert clock(police, "LEG-POL-ADM30").state == "running"


def test_the_same_act_of_the_police_told_twice_starts_no_second_clock() -> None:
    desk = Desk()
    case = accepted_by_police(desk)
    before = referral_of(case, "police_station").fact.clocks
    tell(
        desk,
        event("police.case.accepted", T + 3 * HOUR, "e3", source="/police_station/220122/p1"),
    )
    assert referral_of(case, "police_station").fact.clocks == before


def test_a_clock_that_nobody_can_bear_is_noted_and_changes_nothing() -> None:
    desk = Desk()
    tell(
        desk, event("livelihood.difficulty", T, source="/village_committee/220122100201/v1", indicators=["no_heating"])
    )
    tell(
        desk,
        event("police.case.accepted", T + HOUR, "e2", source="/police_station/220122/p1"),
    )
    case = only_case(desk)
    assert "clock.no_bearer" in {line.what for line in case.log}
    assert not any(c.name.startswith("LEG-") for r in case.referrals.values() for c in r.fact.clocks)


def late(case: Case, name: str, level: int = 1) -> None:
    """The tracker says that a clock of the police passed its due time."""
    police = referral_of(case, "police_station")
    due = clock(police, name).due_at
    said = SlaBreached(referral=police.fact, clock=name, level=level, due_at=due, at=due, fired_at=due)
    if mark(case, said):
        after_breach(LAW, case, said)


def test_whom_law_names_gets_a_copy_of_a_late_limit_once() -> None:
    desk = Desk()
    case = accepted_by_police(desk)
    late(case, "LEG-POL-ADM30")
    late(case, "LEG-POL-ADM30")
    copies = [r for r in case.referrals.values() if str(r.fact.agency) == "police@city/220100"]
    assert [(r.fact.role, r.fact.profile) for r in copies] == [("cc", "CC-URG")]
    assert any(b.source == "K13" for b in copies[0].fact.basis)


def test_a_late_clock_of_ours_copies_nobody() -> None:
    case = accepted_by_police(Desk())
    before = set(case.referrals)
    late(case, "ack")
    assert set(case.referrals) == before
