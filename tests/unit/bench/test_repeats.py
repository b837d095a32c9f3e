"""Which repeats of a message the reckoning of the fault run explains (promise 2's one exception)."""

import pytest

from infra.bench.faults.messages import unexplained
from infra.bench.faults.provider import Taken
from infra.bench.faults.tree import Death


def taken(at: float) -> Taken:
    return Taken("m1", "wecom", at)


@pytest.mark.parametrize(
    ("deaths", "second", "explained"),
    [
        ([("notifier", 101.0)], 103.4, True),  # its claims were set free at once
        ([("notifier", 101.0)], 159.0, True),  # … or with the lease
        ([], 103.4, False),
        ([("tracker", 101.0)], 103.4, False),
        ([("notifier", 97.0)], 103.4, False),  # it had died before the first
        ([("notifier", 110.0)], 103.4, False),  # it lived until after the second
    ],
)
def test_a_repeat_needs_a_notifier_that_died_between(
    deaths: list[tuple[str, float]], second: float, explained: bool
) -> None:
    died = [Death(name, at, "SIGKILL", ours=True) for name, at in deaths]
    assert (unexplained([taken(100.0), taken(second)], died) == []) == explained
