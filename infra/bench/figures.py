"""The arithmetic of the benchmark. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 < share <= 1) of the values do not exceed (nearest rank).

    Raises ValueError for no values: a percentile of nothing would look like a good one.
    """
    if not values or not 0 < share <= 1:
        raise ValueError("a percentile needs at least one value, and a share above 0 and up to 1")
    ordered = sorted(values)
    rank = -(-len(ordered) * round(share * 1000) // 1000)  # rounded up, without the dust of floating point
    return ordered[max(rank, 1) - 1]


def ratio(value: float, other: float) -> float | None:
    """How many times `other` goes into `value`; None where there is nothing to compare with."""
    return value / other if other else None


@dataclass(frozen=True)
class Figure:
    """One line of the table. `budget` is the worst value that is still good; None where none was set."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    better: Literal["less", "more"] = "less"
    beside: str = ""  # what it is to be compared with, in words

    @property
    def kept(self) -> bool | None:
        """Whether the budget is kept; None without one."""
        if self.budget is None:
            return None
        return self.value <= self.budget if self.better == "less" else self.value >= self.budget


def spread(values: Sequence[float], shares: Sequence[float] = (0.5, 0.95, 0.99)) -> dict[str, float]:
    """Percentiles by name: `p50`, `p95`, `p99`."""
    return {f"p{round(share * 100)}": percentile(values, share) for share in shares}
