"""Measures what only the database knows: how far the relay is behind, how many dead letters wait."""

import asyncio
from collections.abc import Sequence

from services.chassis import metrics
from services.chassis.context import Context

EVERY = 2.0
OUTBOX = """select count(*), coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8
  from (select created_at from chassis.outbox where service = $1 and published_at is null order by id limit 10000) w"""
DEAD = "select count(*) from chassis.dead_letter where service = $1 and state = 'open'"


class Gauges:
    """The last measurement, for readiness; the same numbers go to Prometheus."""

    def __init__(self, context: Context, services: Sequence[str]) -> None:
        self.context, self.services = context, services
        self.outbox_age = 0.0  # seconds, the worst of the services

    async def run(self) -> None:
        """For ever."""
        while True:
            self.outbox_age = max([await self._measure(service) for service in self.services], default=0.0)
            await asyncio.sleep(EVERY)

    async def _measure(self, service: str) -> float:
        ((waiting, age),) = await self.context.pool.fetch(OUTBOX, service)
        metrics.OUTBOX_WAITING.labels(service).set(waiting)
        metrics.OUTBOX_AGE.labels(service).set(age)
        metrics.OPEN_DEAD_LETTERS.labels(service).set(await self.context.pool.fetchval(DEAD, service))
        return float(age)
