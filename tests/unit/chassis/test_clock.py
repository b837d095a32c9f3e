"""A clock that a scenario moves."""

from datetime import UTC, datetime, timedelta

import pytest

from services.chassis.clock import SHANGHAI, SimulatedClock, SystemClock

AT = datetime(2026, 10, 2, 20, 14, tzinfo=SHANGHAI)


def test_the_machines_clock_is_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_simulated_clock_stands_still_until_it_is_moved() -> None:
    clock = SimulatedClock(AT)
    assert clock.now() == clock.now() == AT
    clock.move_to(AT + timedelta(minutes=31))
    assert clock.now() == datetime(2026, 10, 2, 12, 45, tzinfo=UTC)


def test_a_simulated_clock_never_goes_back() -> None:
    with pytest.raises(ValueError, match="cannot go back"):
        SimulatedClock(AT).move_to(AT - timedelta(seconds=1))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        SimulatedClock(AT.replace(tzinfo=None))
