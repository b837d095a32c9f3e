"""Of which months a delivered list is."""

from datetime import date

import pytest

from services.tracker.deliveries import months_of


@pytest.mark.parametrize(
    ("period", "first", "count"),
    [("2026-11", "2026-11-01", 1), ("2026-H2", "2026-07-01", 6), ("2026h1", "2026-01-01", 6), ("2026-Q4", "2026-10-01", 3),
     ("2026", "2026-01-01", 12), (None, "2026-09-01", 1), ("autumn", "2026-09-01", 1)],
)  # fmt: skip
def test_a_period_names_its_months_and_none_is_the_month_of_the_delivery(
    period: str | None, first: str, count: int
) -> None:
    months = months_of(period, date(2026, 9, 20))
    assert (months[0], len(months)) == (date.fromisoformat(first), count)
