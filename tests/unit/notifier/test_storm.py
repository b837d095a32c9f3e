"""A storm leaves people able to act: beyond a bound messages are told together, critical ones alone and first."""

from datetime import timedelta
from typing import Any

from services.notifier.bounds import bounds
from services.notifier.ladder import ladder
from services.notifier.recipients import on_opened
from services.notifier.rows import NoticeRow, notice_row
from services.notifier.storm import MANY, Had, channels_of, held, in_order
from tests.unit.notifier.referrals import T, referral

STORM = bounds().storm
MINUTE, HOUR = STORM.alone_in_a_minute, STORM.alone_in_an_hour


def _group(n: int, **given: Any) -> list[NoticeRow]:
    fact = referral(
        id=f"r{n}", number=f"JL26-{n:08d}", event_id=f"e{n}", **({"severity": "HIGH", "ladder": "P2"} | given)
    )
    return [notice_row(f"cause{n}", fact, on_opened(fact, ladder())[0], now=T)]


def test_up_to_the_bound_each_message_goes_alone_and_the_next_ones_wait_for_one_moment() -> None:
    groups = [_group(n) for n in range(MINUTE + 3)]
    found = held(groups, ["a"] * len(groups), {}, STORM, T)
    assert [rows is None for rows in found] == [True] * MINUTE + [False] * 3
    waiting = [rows[0] for rows in found if rows is not None]
    assert len({row.gathering for row in waiting}) == 1
    assert {(row.state, row.text) for row in waiting} == {("waiting", MANY)}
    assert timedelta() < waiting[0].not_before - T <= timedelta(minutes=STORM.together_every_minutes)


def test_what_is_critical_is_never_held_however_much_a_person_had() -> None:
    groups = [_group(n, severity="CRITICAL", ladder="P1") for n in range(5)]
    assert held(groups, ["a"] * 5, {"a": Had(MINUTE * 9, HOUR * 9)}, STORM, T) == [None] * 5


def test_what_is_critical_takes_its_place_before_what_came_earlier_and_is_less_urgent() -> None:
    groups = [*(_group(n) for n in range(MINUTE)), _group(99, severity="CRITICAL", ladder="P1")]
    found = held(groups, ["a"] * len(groups), {}, STORM, T)
    assert found[-1] is None
    assert sum(rows is not None for rows in found) == 1


def test_one_persons_storm_holds_nothing_of_anybody_else() -> None:
    assert held([_group(1)], ["b"], {"a": Had(MINUTE, HOUR)}, STORM, T) == [None]


def test_the_hour_has_a_bound_of_its_own() -> None:
    assert held([_group(1)], ["a"], {"a": Had(0, HOUR - 1)}, STORM, T) == [None]
    assert held([_group(1)], ["a"], {"a": Had(0, HOUR)}, STORM, T) != [None]


def test_what_was_held_once_is_not_held_again() -> None:
    (waiting,) = held([_group(1)], ["a"], {"a": Had(MINUTE, 0)}, STORM, T)
    assert waiting is not None
    assert held([waiting], ["a"], {"a": Had(MINUTE, HOUR)}, STORM, waiting[0].not_before) == [None]


def test_drills_and_sealed_matters_are_told_apart_from_the_rest() -> None:
    rows = [_group(1), _group(2, exercise=True), _group(3, classification="C4")]
    found = held(rows, ["a"] * 3, {"a": Had(MINUTE, 0)}, STORM, T)
    assert len({each[0].gathering for each in found if each is not None}) == 3


def test_the_most_urgent_is_named_and_every_channel_that_one_of_them_wanted_is_used() -> None:
    low, high = _group(1, severity="LOW", ladder="P4")[0], _group(2)[0]
    assert in_order([low, high]) == [high, low]
    assert channels_of([low, high]) == ("wecom", "sms")
