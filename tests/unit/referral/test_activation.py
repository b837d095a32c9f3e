"""Which edition is in force on a day, whatever the order in which people proposed and approved."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.clock import SHANGHAI
from services.referral.activation import Activation, NotAllowed, Person, in_force, next_step, proposed, withdrawable

NOW = datetime(2026, 9, 9, 12, tzinfo=SHANGHAI)
DAY = NOW.date()
LI, WANG = Person("t_li", "Li"), Person("t_wang", "Wang")


def approved(edition: str, day: date, minute: int = 0, withdrawn_at: datetime | None = None) -> Activation:
    at = NOW + timedelta(minutes=minute)
    return Activation(
        f"{edition}{day}{minute}",
        edition,
        day,
        "t_li",
        "Li",
        None,
        NOW,
        "t_wang",
        "Wang",
        at,
        withdrawn_at=withdrawn_at,
    )


days = st.integers(1, 5).map(lambda n: DAY + timedelta(days=n))
many = st.lists(st.builds(approved, st.sampled_from("abc"), days, st.integers(0, 9)), max_size=6)


@given(many, st.integers(0, 7))
def test_the_latest_day_that_has_begun_holds_in_whatever_order_they_are_read(
    standing: list[Activation], n: int
) -> None:
    on = DAY + timedelta(days=n)
    found = in_force(standing, on)
    begun = [a for a in standing if a.from_date <= on]
    assert (found is None) == (not begun)
    if found is not None:
        assert found.from_date == max(a.from_date for a in begun)
        assert found == in_force(reversed(standing), on)


def test_what_is_only_proposed_or_withdrawn_does_not_hold() -> None:
    tomorrow = DAY + timedelta(days=1)
    only = proposed([], "a", tomorrow, LI, NOW)
    assert in_force([only, approved("b", tomorrow, withdrawn_at=NOW)], tomorrow) is None


def test_the_second_person_approves_and_a_third_has_nothing_to_do() -> None:
    tomorrow = DAY + timedelta(days=1)
    assert next_step([], "a", tomorrow, LI, DAY) == "propose"
    assert next_step([proposed([], "a", tomorrow, LI, NOW)], "a", tomorrow, WANG, DAY) == "approve"
    assert next_step([approved("a", tomorrow)], "b", tomorrow, LI, DAY) == "propose"
    with pytest.raises(NotAllowed, match="approved already"):
        next_step([approved("a", tomorrow)], "a", tomorrow, Person("t_3", "Zhao"), DAY)


@pytest.mark.parametrize("days", [0, -1])
def test_the_past_is_not_decided_anew(days: int) -> None:
    with pytest.raises(NotAllowed, match="has begun"):
        next_step([], "a", DAY + timedelta(days=days), LI, DAY)


def test_a_proposal_may_be_withdrawn_even_late_but_not_what_holds() -> None:
    late = proposed([], "a", DAY, LI, NOW)
    assert withdrawable([late], "a", DAY, DAY) is late
    with pytest.raises(NotAllowed, match="in force since"):
        withdrawable([approved("a", DAY)], "a", DAY, DAY)
    with pytest.raises(NotAllowed, match="nothing of that kind"):
        withdrawable([], "a", DAY, DAY)
