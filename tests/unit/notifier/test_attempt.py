"""What follows an outcome, for every history that can happen."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.attempt import QUICK_RETRIES, SLOW_RETRIES, Tried, after, next_step, plan
from services.notifier.outcome import SENT, Outcome, refused, refused_for_now, unknown

NAMES = ("wecom", "sms", "voice")
OUTCOMES = st.sampled_from([SENT, refused("no"), refused_for_now("busy"), unknown("silence")])


def run(wanted: tuple[str, ...], usable: tuple[str, ...], outcomes: list[Outcome]) -> tuple[list[str], str]:
    """Play one person's message to its end: each channel call in order, and how it ended."""
    chosen = plan(wanted, NAMES, frozenset(usable), frozenset(usable)).channels
    tried = {name: Tried("queued") for name in chosen}
    attempts = dict.fromkeys(NAMES, 0)
    calls: list[str] = []
    answers = iter(outcomes)
    for _ in range(100):
        waiting = [name for name, each in tried.items() if each.pending]
        if not waiting:
            step = next_step(tried, [name for name in NAMES if name in usable])
            if step.do not in ("channel", "both"):
                return calls, step.do
            assert step.channel is not None
            tried[step.channel] = Tried("queued")
            continue
        name = waiting[0]
        calls.append(name)
        attempts[name] += 1
        then = after(next(answers, SENT), attempts[name])
        tried[name] = Tried(then.state, then.slow)
    raise AssertionError("it never ends")


@given(st.permutations(NAMES), st.sets(st.sampled_from(NAMES)), st.lists(OUTCOMES, max_size=40))
def test_a_message_ends_with_somebody_reached_or_with_the_next_person(
    wanted: list[str], usable: set[str], outcomes: list[Outcome]
) -> None:
    calls, end = run(tuple(wanted[:2]), tuple(usable), outcomes)
    assert end in ("reached", "next_person")
    assert (end == "reached") == any(
        outcomes[n].result == "sent" if n < len(outcomes) else True for n in range(len(calls))
    )


@given(st.permutations(NAMES), st.sets(st.sampled_from(NAMES), min_size=1), st.lists(OUTCOMES, max_size=40))
def test_nobody_is_told_twice_on_a_channel(wanted: list[str], usable: set[str], outcomes: list[Outcome]) -> None:
    calls, _ = run(tuple(wanted[:2]), tuple(usable), outcomes)
    handed_over = [
        name
        for n, name in enumerate(calls)
        if (outcomes[n] if n < len(outcomes) else SENT).result in ("sent", "unknown")
    ]
    assert len(handed_over) == len(set(handed_over))


@given(st.sets(st.sampled_from(NAMES), min_size=1), st.lists(st.just(refused("no")), min_size=9, max_size=9))
def test_before_the_next_person_every_channel_of_this_one_was_tried(usable: set[str], outcomes: list[Outcome]) -> None:
    calls, end = run(("wecom",), tuple(usable), outcomes)
    assert end == "next_person"
    assert set(calls) == usable


def test_a_transient_refusal_is_tried_again_a_bounded_number_of_times_before_others_are() -> None:
    waits = [after(refused_for_now("busy"), n) for n in range(1, 12)]
    assert [each.retry_in for each in waits[:3]] == list(QUICK_RETRIES)
    assert [each.slow for each in waits] == [False] * 3 + [True] * 8
    assert waits[-1].retry_in == SLOW_RETRIES[-1] == timedelta(minutes=5)


@pytest.mark.parametrize("outcome", [unknown("silence"), refused("no"), SENT])
def test_what_is_certain_or_unknown_is_never_tried_again(outcome: Outcome) -> None:
    assert after(outcome, 1).retry_in is None


def test_a_channel_that_is_not_configured_is_replaced_by_the_next_and_warned_about() -> None:
    made = plan(("voice", "sms"), NAMES, frozenset({"wecom", "sms"}), frozenset(NAMES))
    assert set(made.channels) == {"wecom", "sms"}
    assert (
        made.warnings == ("voice is not configured; nothing instead",) or "voice is not configured" in made.warnings[0]
    )
    made = plan(("wecom",), NAMES, frozenset({"sms", "voice"}), frozenset(NAMES))
    assert made.channels == ("sms",)
    assert made.warnings == ("wecom is not configured; sms instead",)


def test_a_channel_without_a_contact_is_replaced_too() -> None:
    made = plan(("wecom",), NAMES, frozenset(NAMES), frozenset({"voice"}))
    assert made.channels == ("voice",)
    assert made.warnings == ("wecom has no contact of this person; voice instead",)


def test_a_receipt_is_waited_for_and_its_failure_brings_the_next_channel() -> None:
    taken = {"wecom": Tried("sent"), "sms": Tried("sent", promised=True, awaited=True)}
    assert next_step(taken, NAMES).do == "wait"
    assert next_step(taken | {"sms": Tried("delivered", promised=True)}, NAMES).do == "reached"
    off = taken | {"sms": Tried("failed", promised=True)}
    assert (next_step(off, NAMES).do, next_step(off, NAMES).channel) == ("channel", "voice")
    assert next_step(off | {"voice": Tried("delivered", promised=True)}, NAMES).do == "reached"
    assert next_step(off | {"voice": Tried("failed", promised=True)}, NAMES).do == "next_person"


def test_a_receipt_that_stayed_out_has_cost_time_so_that_channel_and_person_follow_together() -> None:
    silent = {"wecom": Tried("sent"), "sms": Tried("missing", promised=True)}
    assert (next_step(silent, NAMES).do, next_step(silent, NAMES).channel) == ("both", "voice")
    assert next_step(silent, ("wecom", "sms")).do == "next_person"


def test_who_is_lost_on_every_channel_so_far_is_followed_at_once_while_the_last_one_is_tried() -> None:
    lost = {"wecom": Tried("refused"), "sms": Tried("failed", promised=True)}
    assert (next_step(lost, NAMES).do, next_step(lost, NAMES).channel) == ("both", "voice")
    assert next_step(lost | {"sms": Tried("unknown")}, NAMES).do == "channel"  # it may have arrived


def test_a_channel_without_receipts_counts_while_nothing_speaks_against_it() -> None:
    assert next_step({"wecom": Tried("sent")}, NAMES).do == "reached"
    assert next_step({"wecom": Tried("sent"), "sms": Tried("refused")}, NAMES).do == "reached"
    assert next_step({"wecom": Tried("sent"), "sms": Tried("refused", promised=True)}, NAMES).do == "channel"


def test_a_contact_that_had_its_share_waits_while_the_next_way_follows() -> None:
    then = after(refused_for_now("too many", "throttled", timedelta(seconds=60)), 1)
    assert (then.state, then.retry_in, then.slow) == ("queued", timedelta(seconds=60), True)
    assert next_step({"sms": Tried("queued", slow=True)}, NAMES).channel == "wecom"
