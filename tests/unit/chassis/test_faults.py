"""Faults happen on purpose only when they are asked for, and what is transient is told from what is a bug."""

import asyncpg
import pytest
from aiokafka.errors import NodeNotReadyError

from services.chassis.faults import drops
from services.chassis.transient import Disconnected, transient


def test_nothing_is_dropped_unless_asked_for() -> None:
    assert drops(None) is None
    assert drops("") is None


def test_the_asked_share_is_dropped_the_same_way_for_the_same_seed() -> None:
    one, two = drops("drop=0.1,seed=7"), drops("drop=0.1,seed=7")
    assert one is not None
    assert two is not None
    fell = [one() for _ in range(2000)]
    assert fell == [two() for _ in range(2000)]
    assert 120 < sum(fell) < 280


def test_a_share_beyond_one_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        drops("drop=5")


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (Disconnected(), True),
        (TimeoutError(), True),
        (NodeNotReadyError(), True),
        (asyncpg.LockNotAvailableError(), True),
        (asyncpg.CannotConnectNowError(), True),
        (asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"), True),
        (asyncpg.InterfaceError("the server expects 2 arguments for this query, 1 was passed"), False),
        (FileNotFoundError("rulebook.yaml"), False),
        (KeyError("child_ref"), False),
        (asyncpg.UniqueViolationError(), False),
    ],
)
def test_only_failures_of_the_database_and_of_kafka_pass_by_themselves(error: Exception, passes: bool) -> None:
    assert transient(error) is passes
