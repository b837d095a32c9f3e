"""The only place that asks what time it is; everything else takes the time as an argument."""

from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")  # the time that people read; what is stored is UTC


class Clock(Protocol):
    """Says what time it is: aware, UTC."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands still until it is moved; it never goes back."""

    def __init__(self, at: datetime) -> None:
        self._now = _utc(at)

    def now(self) -> datetime:
        """The moment it was last moved to, in UTC."""
        return self._now

    def move_to(self, at: datetime) -> None:
        """Move on to `at`. Raises ValueError for a time without a zone or before the present one."""
        at = _utc(at)
        if at < self._now:
            raise ValueError(f"the clock stands at {self._now.isoformat()} and cannot go back to {at.isoformat()}")
        self._now = at


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"a time needs its zone, for example +08:00: {at.isoformat()}")
    return at.astimezone(UTC)
