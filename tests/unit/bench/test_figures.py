"""The benchmark's arithmetic: percentiles by nearest rank, ratios, budgets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.bench.figures import Figure, percentile, ratio, spread


def test_percentiles_are_values_that_were_measured() -> None:
    hundred = [float(n) for n in range(1, 101)]
    assert spread(hundred) == {"p50": 50.0, "p95": 95.0, "p99": 99.0}
    assert percentile(hundred, 1) == 100.0
    assert percentile([7.0], 0.01) == 7.0
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.0


def test_a_slow_event_among_few_is_not_hidden_by_the_99th_percentile() -> None:
    assert percentile([1.0] * 50 + [900.0], 0.99) == 900.0
    assert percentile([1.0] * 200 + [900.0], 0.99) == 1.0


def test_a_percentile_of_nothing_is_no_good_percentile() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        percentile([], 0.99)
    with pytest.raises(ValueError, match="share"):
        percentile([1.0], 0)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300), st.integers(1, 100))
def test_so_many_values_are_not_above_a_percentile_and_fewer_below_it(values: list[float], percent: int) -> None:
    found = percentile(values, percent / 100)
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)


def test_a_ratio_needs_something_to_compare_with() -> None:
    assert ratio(500, 250) == 2
    assert ratio(500, 0) is None


def test_a_budget_is_kept_on_its_better_side_and_exactly_at_it() -> None:
    assert Figure("p50", 40, "ms", 40).kept is True
    assert Figure("p50", 40.1, "ms", 40).kept is False
    assert Figure("drain", 500, "events/s", 500, "more").kept is True
    assert Figure("drain", 499, "events/s", 500, "more").kept is False
    assert Figure("floor", 1, "messages/s").kept is None
