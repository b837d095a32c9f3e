"""What the tracker says of a clock is taken in once, however often it arrives."""

from datetime import UTC, datetime, timedelta

from events.sla import SlaBreached, SlaWarned
from services.referral.join import Desk
from services.referral.overdue import after_breach, mark
from tests.unit.referral.story_desk import HARM, LAW, do, event, only_case, tell

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def test_a_warning_that_is_sent_again_is_written_down_once() -> None:
    desk = Desk()
    tell(desk, event(HARM, AT))
    case = only_case(desk)
    referral = next(iter(case.referrals.values()))
    clock = referral.fact.clocks[0]
    soon = AT + timedelta(minutes=1)
    fact = SlaWarned(referral=referral.fact, clock=clock.name, due_at=clock.due_at, at=soon, fired_at=soon)
    assert [mark(case, fact), mark(case, fact)] == [True, False]
    assert [entry.what for entry in case.log if entry.what.startswith("clock.")] == ["clock.warned"]


def test_each_level_of_a_breach_counts_once_and_brings_no_closed_helper_back() -> None:
    desk = Desk()
    tell(desk, event(HARM, AT, immediate_danger=True))
    case = only_case(desk)
    referral = next(r for r in case.referrals.values() if r.fact.severity == "CRITICAL" and r.fact.role != "cc")
    clock = next(c for c in referral.fact.clocks if c.name == "ack")

    def breach(level: int) -> bool:
        at = clock.due_at + timedelta(minutes=level)
        fact = SlaBreached(referral=referral.fact, clock="ack", level=level, due_at=clock.due_at, at=at, fired_at=at)
        if taken := mark(case, fact):
            after_breach(LAW, case, fact)
        return taken

    before = set(case.referrals)
    assert [breach(1), breach(2), breach(3)] == [True, True, True]
    (helper,) = (case.referrals[id_] for id_ in case.referrals.keys() - before)
    do(case, helper, "cancel", clock.due_at + timedelta(hours=1), reason="duplicate")
    state = helper.fact.state
    assert [breach(3), breach(2), breach(1)] == [False, False, False]
    assert case.referrals[helper.id].fact.state == state == "cancelled"
    levels = [entry.detail["level"] for entry in case.log if entry.what == "clock.breached"]
    assert levels == [1, 2, 3]
