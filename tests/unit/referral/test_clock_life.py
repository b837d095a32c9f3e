"""What answers do to a clock."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from events.referral import ClockFact
from services.referral.clock_life import breached, cancel, pause, resume, stop, warned
from tests.unit.referral.clock_examples import clocks, jilin

ACK = clocks("P1-CIV", "10-02 20:14")["ack"]
FEEDBACK = clocks("P3-GEN", "09-23 16:00")["feedback"]
SPAN = FEEDBACK.due_at - FEEDBACK.started_at
SECONDS = st.integers(0, int(SPAN.total_seconds()) - 1).map(lambda n: timedelta(seconds=n))


def test_a_step_done_in_time_meets_its_clock() -> None:
    done = stop(ACK, jilin("10-02 20:28:59"))
    assert (done.state, done.stopped_at, done.breached_at) == ("met", jilin("10-02 20:28:59"), None)


def test_a_step_done_late_is_a_breach_at_the_due_time_even_if_nobody_noticed() -> None:
    done = stop(ACK, jilin("10-02 20:41"))
    assert (done.state, done.breached_at) == ("breached", jilin("10-02 20:29"))


def test_at_the_due_instant_the_clock_falls_due_before_the_step() -> None:
    assert stop(ACK, ACK.due_at).state == "breached"


def test_what_has_stopped_stays_as_it_is() -> None:
    done = stop(ACK, jilin("10-02 20:20"))
    later = jilin("10-02 23:00")
    assert stop(done, later) == cancel(done, later) == pause(done, later) == breached(done, later) == done


def test_a_cancelled_clock_keeps_the_breach_that_had_happened() -> None:
    assert cancel(ACK, jilin("10-02 20:20")).breached_at is None
    late = cancel(ACK, jilin("10-02 20:41"))
    assert (late.state, late.breached_at) == ("cancelled", jilin("10-02 20:29"))


def test_the_tracker_s_word_is_recorded_once() -> None:
    told = breached(warned(ACK, jilin("10-02 20:23")), jilin("10-02 20:29"))
    assert (told.state, told.warned_at, told.breached_at) == ("breached", jilin("10-02 20:23"), jilin("10-02 20:29"))
    assert warned(told, jilin("10-02 20:24")).warned_at == jilin("10-02 20:23")
    assert breached(told, jilin("10-02 20:30")).breached_at == jilin("10-02 20:29")


@given(SECONDS, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_a_pause_keeps_the_remaining_time(after: timedelta, pause_length: timedelta) -> None:
    at = FEEDBACK.started_at + after
    ran_on = resume(pause(FEEDBACK, at), at + pause_length)
    assert ran_on.due_at - (at + pause_length) == FEEDBACK.due_at - at
    assert [level.at - ran_on.due_at for level in ran_on.levels] == [
        level.at - FEEDBACK.due_at for level in FEEDBACK.levels
    ]
    assert FEEDBACK.warn_at is not None
    assert ran_on.warn_at == (FEEDBACK.warn_at + pause_length if FEEDBACK.warn_at > at else FEEDBACK.warn_at)
    assert (ran_on.state, ran_on.remaining_seconds) == ("running", None)


def test_a_pause_after_the_breach_moves_only_the_levels_still_ahead() -> None:
    late = breached(FEEDBACK, FEEDBACK.due_at)
    at: datetime = FEEDBACK.due_at + timedelta(hours=1)
    ran_on: ClockFact = resume(pause(late, at), at + timedelta(days=3))
    assert (ran_on.state, ran_on.due_at, ran_on.breached_at) == ("breached", FEEDBACK.due_at, FEEDBACK.due_at)
    assert [level.at for level in ran_on.levels] == [
        FEEDBACK.levels[0].at, *(level.at + timedelta(days=3) for level in FEEDBACK.levels[1:])
    ]  # fmt: skip


def test_a_clock_stopped_while_paused_is_met() -> None:
    assert stop(pause(FEEDBACK, jilin("09-30 10:00")), jilin("12-01 10:00")).state == "met"
