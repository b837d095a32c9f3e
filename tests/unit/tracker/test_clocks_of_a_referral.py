"""What the tracker says of a referral at a moment."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from events.sla import SlaBreached, SlaWarned
from services.tracker.clocks import Due, due, next_moment
from tests.unit.tracker.referrals import T, minutes, referral


def said(found: Due) -> list[tuple[str, int, datetime]]:
    return [(o.fact.clock, getattr(o.fact, "level", 0), o.fact.at) for o in found.told]


def test_nothing_is_said_before_its_moment() -> None:
    found = due(referral(), {}, minutes(8))
    assert (found.told, found.next_at) == ((), minutes(9))
    assert next_moment(referral(), {}) == minutes(9)


def test_a_warning_then_the_breach_then_level_by_level() -> None:
    first = due(referral(), {}, minutes(9))
    assert said(first) == [("ack", 0, minutes(9))]
    assert isinstance(first.told[0].fact, SlaWarned)
    second = due(referral(), first.progress, minutes(15))
    assert said(second) == [("ack", 1, minutes(15))]
    assert isinstance(second.told[0].fact, SlaBreached)
    assert said(due(referral(), second.progress, minutes(25))) == [("start", 0, minutes(18)), ("ack", 2, minutes(25))]


def test_what_was_said_is_not_said_again() -> None:
    found = due(referral(), {}, minutes(15))
    assert due(referral(), found.progress, minutes(15)).told == ()


def test_after_an_outage_every_step_comes_once_and_in_order_and_says_when_it_was_due() -> None:
    now = minutes(300)
    found = due(referral(), {}, now)
    assert said(found) == sorted(said(found), key=lambda one: one[2])
    assert [step for name, step, _ in said(found) if name == "ack"] == [0, 1, 2, 3, 4]
    assert {o.fact.fired_at for o in found.told} == {now}


def test_ids_are_the_same_whenever_a_fact_is_computed() -> None:
    early, late = due(referral(), {}, minutes(9)), due(referral(), {}, minutes(99))
    assert early.told[0].id == late.told[0].id
    assert len({o.id for o in late.told}) == len(late.told)


def test_a_stopped_clock_is_silent_and_the_others_go_on() -> None:
    found = due(referral(ack={"state": "met", "stopped_at": minutes(3)}), {}, minutes(40))
    assert {name for name, _, _ in said(found)} == {"start"}


def test_a_breached_clock_that_was_not_stopped_climbs_on() -> None:
    late = referral(ack={"state": "breached", "breached_at": minutes(15)})
    assert [step for name, step, _ in said(due(late, {}, minutes(26))) if name == "ack"] == [0, 1, 2]


def test_a_paused_clock_and_an_ended_referral_have_no_next_moment() -> None:
    paused = {"state": "paused", "remaining_seconds": 60}
    assert next_moment(referral(ack=paused, start=paused), {}) is None
    assert next_moment(referral(state="cancelled"), {}) is None
    assert due(referral(state="cancelled"), {}, minutes(99)).told == ()


def test_a_clock_that_starts_anew_begins_its_ladder_anew() -> None:
    told = due(referral(), {}, minutes(15)).progress
    anew = referral(ack={"started_at": T + timedelta(days=1), "due_at": T + timedelta(days=1, minutes=15),
                         "warn_at": T + timedelta(days=1, minutes=9)}, start={"state": "met"})  # fmt: skip
    assert next_moment(anew, told) == T + timedelta(days=1, minutes=9)


@given(st.lists(st.integers(0, 400), max_size=12))
def test_however_often_one_looks_each_step_is_said_exactly_once(looks: list[int]) -> None:
    progress: dict[str, int] = {}
    heard: list[str] = []
    for at in [*sorted(looks), 400]:
        found = due(referral(), progress, minutes(at))
        progress = found.progress
        heard += [o.id for o in found.told]
        assert found.next_at is None or found.next_at > minutes(at)
    assert heard == list(dict.fromkeys(heard))
    assert sorted(heard) == sorted(o.id for o in due(referral(), {}, minutes(400)).told)


def test_times_are_told_in_utc_or_with_their_zone() -> None:
    assert all(
        o.fact.at.tzinfo is not None and o.fact.at.astimezone(UTC) == o.fact.at
        for o in due(referral(), {}, minutes(99)).told
    )
