"""Whether more lies in the house than it can carry: then the door asks sources to wait (429) instead of piling up."""

import time
from collections.abc import Callable

import asyncpg

FRESH = 1.0  # seconds for which an answer holds; a source's request does not pay for the count
_SAMPLE = 20

_UNPUBLISHED = "select count(*) from (select 1 from chassis.outbox where published_at is null limit $1) waiting"
# Not a count over all events: if a few that came `bound` events ago are all undecided, the backlog is that long.
_UNDECIDED = """
select count(*) = $2 from (select source, id from intake.event order by seq desc offset $1 limit $2) old
where not exists (
    select 1 from referral.decision_view d where d.source = old.source and d.event_id = old.id)
and not exists (
    select 1 from chassis.dead_letter l where l.event_source = old.source and l.event_id = old.id)
"""


class Backlog:
    """Answers whether the backlog is beyond its bound, looking at most once a second."""

    def __init__(self, bound: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._bound = bound
        self._monotonic = monotonic
        self._until = float("-inf")
        self._over = False

    async def over(self, pool: asyncpg.Pool) -> bool:
        """True when unpublished messages or undecided events exceed the bound."""
        if self._monotonic() >= self._until:
            self._until = self._monotonic() + FRESH
            self._over = await self._look(pool)
        return self._over

    async def _look(self, pool: asyncpg.Pool) -> bool:
        if await pool.fetchval(_UNPUBLISHED, self._bound + 1) > self._bound:
            return True
        return bool(await pool.fetchval(_UNDECIDED, self._bound, _SAMPLE))
