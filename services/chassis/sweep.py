"""The sweep: handles what lies in Kafka but makes no progress: a skipped tail, or all of it while a group is dead.

Every process looks at every partition of its service, not only at its own; whoever claims a silent partition, by
touching its row, reads it. No lock is kept: a claimer that dies loses its claim when the partition was silent again.
"""

import asyncio
import logging
import random
import time
from collections import deque
from datetime import timedelta

from aiokafka.structs import TopicPartition

from services.chassis import metrics
from services.chassis.consume import LOST, Consumption
from services.chassis.transient import transient
from services.chassis.work import transaction

log = logging.getLogger(__name__)
EVERY, SILENT = 2.0, 4.0  # seconds
LATE = 30.0  # seconds a record may wait before that is an error
POSITIONS = "select topic, part, next_offset from chassis.position where service = $1"
CLAIM = """update chassis.position p set touched = clock_timestamp() from (
    select q.topic, q.part from chassis.position q join unnest($2::text[], $3::int[], $4::bigint[]) e(topic, part, stop)
      using (topic, part)
    where q.service = $1 and q.next_offset < e.stop and q.touched < clock_timestamp() - $5::interval
    for update of q skip locked) s
  where p.service = $1 and p.topic = s.topic and p.part = s.part returning p.topic, p.part, p.next_offset"""
BACK = """update chassis.position set next_offset = $4
  where service = $1 and topic = $2 and part = $3 and next_offset = $5 returning 1"""


class Sweep:
    """Looks at all partitions of a service every 2 s or so, and measures how far each is behind."""

    def __init__(self, consumption: Consumption, every: float = EVERY, silent: float = SILENT) -> None:
        self.consumption, self.every, self.silent = consumption, every, silent
        self.looked_at = 0.0  # monotonic time of the last complete look
        self.late = 0.0  # seconds for which the oldest unhandled offset has waited
        self.rescues: deque[float] = deque(maxlen=100)  # monotonic times at which it had to read
        self._still: dict[tuple[TopicPartition, int], float] = {}
        self._ends: dict[TopicPartition, deque[tuple[float, int]]] = {}

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                await self.look()
            except Exception as error:
                if not transient(error):
                    raise
                log.warning("sweep of %s: %r", self.consumption.service, error)
            await asyncio.sleep(self.every * random.uniform(0.5, 1.5))

    async def look(self) -> None:
        """Look once; handle what has been silent for too long."""
        use = self.consumption
        where = await use.reader.partitions()
        rows = await use.context.pool.fetch(POSITIONS, use.service)
        at = {TopicPartition(topic, part): position for topic, part, position in rows}
        await use.first_sight(where - at.keys())
        where &= at.keys()  # the new ones come next time
        ends = (
            await use.reader.ends(where) if where else {}
        )  # asked after the position, so a position beyond it is real
        for partition, end in ends.items():
            if at[partition] > end:
                await self._log_went_back(partition, at[partition], end)
        self._measure(at, ends)
        self.looked_at = time.monotonic()
        metrics.SWEPT.labels(use.service).set_to_current_time()
        # Silent: behind the end and at the same offset all the time. An idle partition is not.
        now = time.monotonic()
        behind = {(w, at[w]) for w, end in ends.items() if at[w] < end}
        self._still = {place: self._still.get(place, now) for place in behind}
        silent = [w for (w, _), since in self._still.items() if now - since >= self.silent]
        if silent:
            await self._claim(silent, ends)

    async def _claim(self, silent: list[TopicPartition], ends: dict[TopicPartition, int]) -> None:
        use = self.consumption
        topics, partitions = zip(*silent, strict=True)
        rows = await use.context.pool.fetch(
            CLAIM, use.service, topics, partitions, [ends[w] for w in silent], timedelta(seconds=self.silent)
        )
        for topic, part, position in rows:
            self.rescues.append(time.monotonic())
            where = TopicPartition(topic, part)
            log.warning(
                "%s made no progress in %s at %s for %s s: reading it from Kafka",
                use.service,
                where,
                position,
                self.silent,
            )
            while position < ends[where]:
                stretch = await use.reader.read(where, position, ends[where])
                metrics.REREAD.labels(use.service).inc(len(stretch.records))
                await use.cover([stretch])
                position = stretch.stop

    def _measure(self, at: dict[TopicPartition, int], ends: dict[TopicPartition, int]) -> None:
        """How long the oldest unhandled offset has waited: since we first saw an end beyond the position."""
        now, service = time.monotonic(), self.consumption.service
        ages: dict[str, float] = {}
        lags: dict[str, int] = {}
        for w, end in ends.items():
            seen = self._ends.setdefault(w, deque(maxlen=10_000))
            if not seen or seen[-1][1] < end:
                seen.append((now, end))
            while seen and seen[0][1] <= at[w]:
                seen.popleft()
            ages[w.topic] = max(ages.get(w.topic, 0.0), now - seen[0][0] if seen else 0.0)
            lags[w.topic] = lags.get(w.topic, 0) + max(0, end - at[w])
        for topic, age in ages.items():
            metrics.LAG_SECONDS.labels(service, topic).set(age)
            metrics.LAG_RECORDS.labels(service, topic).set(lags[topic])
            if age > LATE:
                log.error("%s: %s records of %s wait, the oldest for %.0f s", service, lags[topic], topic, age)
        self.late = max(ages.values(), default=0.0)

    async def _log_went_back(self, where: TopicPartition, position: int, end: int) -> None:
        """The topic was made anew, or the broker lost its tail: start over; event ids know what was handled."""
        use = self.consumption
        log.critical(
            "%s: position %s of %s is beyond the end of the log, %s; starting over", use.service, position, where, end
        )
        low = (await use.reader.beginnings([where]))[where]
        self._ends.pop(where, None)
        async with transaction(use.context, use.service) as work:
            if await work.db.fetchval(BACK, use.service, *where, low, position):
                metrics.LOST.labels(use.service, where.topic).inc(position - end)
                await work.db.execute(LOST, use.service, *where, end, position, "log ends before the position")
