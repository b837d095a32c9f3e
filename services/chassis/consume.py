"""The delivery rule: a service handles every record of its topics exactly once, whatever its consumer skips or repeats.

Table chassis.position says which offset of a partition comes next. It moves in the transaction that handles the
records, so it can neither run ahead of the work nor fall behind it. A record below it is a repeat; offsets missing in
front of a record are read from Kafka by a reader of our own; sweep.py does the same for what never arrives. The group's
committed offsets are only a hint about where Faust starts. Free of Faust.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from aiokafka.structs import TopicPartition

from services.chassis import metrics
from services.chassis.attempts import Attempts
from services.chassis.context import Context
from services.chassis.log_reader import LogReader
from services.chassis.record import Record
from services.chassis.stretch import Progress, Stretch, advance, one, single_records
from services.chassis.telemetry import handling_batch
from services.chassis.transient import transient
from services.chassis.work import Handle, Work, transaction

log = logging.getLogger(__name__)
# One row lock per partition, always taken in the same order, so that two workers cannot wait for each other.
LOCK = """select p.topic, p.part, p.next_offset from chassis.position p
  join unnest($2::text[], $3::int[]) w(topic, part) using (topic, part)
  where p.service = $1 order by p.topic, p.part for update of p"""
MOVE = """update chassis.position p set next_offset = m.next, touched = clock_timestamp()
  from unnest($2::text[], $3::int[], $4::bigint[]) m(topic, part, next)
  where p.service = $1 and p.topic = m.topic and p.part = m.part"""
FIRST = """insert into chassis.position(service, topic, part, next_offset)
  select $1, * from unnest($2::text[], $3::int[], $4::bigint[]) order by 2, 3 on conflict do nothing"""
LOST = """insert into chassis.not_consumed(service, topic, part, from_offset, to_offset, reason)
  values ($1, $2, $3, $4, $5, $6)"""
PATIENCE = 8.0  # seconds for failures that pass by themselves; then the batch is left to the sweep
Gap = tuple[TopicPartition, int, int]


class Consumption:
    """One service's reading of all its topics. `handler_of(topic)` gives the handler, called inside the transaction."""

    def __init__(self, context: Context, service: str, handler_of: Callable[[str], Handle], reader: LogReader) -> None:
        self.context, self.service, self.handler_of, self.reader = context, service, handler_of, reader
        self.attempts = Attempts(context, service)

    async def take(self, records: Sequence[Record]) -> None:
        """Handle what the consumer handed over; anything missing in front of it first.

        Raises a transient error after 8 s of them: nothing is lost, the position did not move.
        """
        await self.cover([one(record) for record in records])

    async def cover(self, stretches: Sequence[Stretch], patience: float = PATIENCE) -> None:
        """Handle what lies in these stretches and in the gaps before them."""
        read: list[Stretch] = []
        end, wait = time.monotonic() + patience, 0.1
        while True:
            try:
                try:
                    unseen, gaps = await self.apply([*stretches, *read])
                except Exception as error:
                    if transient(error):
                        raise
                    unseen, gaps = await self._one_by_one([*stretches, *read], error)
                if not unseen and not gaps:
                    return
                await self.first_sight(unseen)
                read = [
                    await self.reader.read(*gap) for gap in gaps
                ]  # outside the transaction: no lock waits for Kafka
                metrics.REREAD.labels(self.service).inc(sum(len(stretch.records) for stretch in read))
            except Exception as error:
                if not transient(error) or time.monotonic() > end:
                    raise
                log.warning("%s: %r, again in %.1f s", self.service, error, wait)
                await asyncio.sleep(wait)
                wait = min(2 * wait, 2.0)

    async def apply(self, stretches: Iterable[Stretch]) -> tuple[set[TopicPartition], list[Gap]]:
        """One transaction: handle each partition up to its first gap. Returns partitions not seen before, and gaps."""
        started = time.perf_counter()
        parts: dict[TopicPartition, list[Stretch]] = {}
        for stretch in sorted(stretches, key=lambda s: s[:3]):
            parts.setdefault(stretch.where, []).append(stretch)
        async with transaction(self.context, self.service) as work:
            rows = await work.db.fetch(LOCK, self.service, [w.topic for w in parts], [w.partition for w in parts])
            at = {TopicPartition(topic, part): position for topic, part, position in rows}
            ahead = {where: advance(position, parts[where]) for where, position in at.items()}
            await self._handle(work, [record for progress in ahead.values() for record in progress.todo])
            await self._record_lost(work, ahead)
            moved = {where: p.position for where, p in ahead.items() if p.position > at[where]}
            if moved:
                topics, partitions = zip(*moved, strict=True)
                await work.db.execute(MOVE, self.service, topics, partitions, list(moved.values()))
        self._count(parts, ahead, len(work.burials), time.perf_counter() - started)
        return parts.keys() - at.keys(), [(where, *p.gap) for where, p in ahead.items() if p.gap]

    async def first_sight(self, where: Iterable[TopicPartition]) -> None:
        """A partition without a position starts at its earliest offset."""
        if unseen := list(where):
            low = await self.reader.beginnings(unseen)
            topics, partitions = zip(*low, strict=True)
            async with transaction(self.context, self.service) as work:
                await work.db.execute(FIRST, self.service, topics, partitions, list(low.values()))

    async def _handle(self, work: Work, todo: list[Record]) -> None:
        if not todo:
            return
        with handling_batch(todo, self.service):
            for topic, records in groupby(todo, key=lambda record: record.topic):
                await self.handler_of(topic)(work, list(records))

    async def _record_lost(self, work: Work, ahead: dict[TopicPartition, Progress]) -> None:
        for where, progress in ahead.items():
            if progress.lost:
                start, stop = progress.lost
                log.critical("%s lost offsets %s to %s of %s before it had handled them: deleted by retention",
                             self.service, start, stop - 1, where)  # fmt: skip
                metrics.LOST.labels(self.service, where.topic).inc(stop - start)
                await work.db.execute(LOST, self.service, *where, start, stop, "deleted by retention")

    async def _one_by_one(self, stretches: list[Stretch], error: Exception) -> tuple[set[TopicPartition], list[Gap]]:
        """A batch failed: handle each record in a transaction of its own, so that only the guilty one is counted."""
        log.error("%s: a batch failed, handling its records one by one: %r", self.service, error)
        unseen: set[TopicPartition] = set()
        gaps: dict[TopicPartition, Gap] = {}
        for stretch in single_records(stretches):
            if stretch.where in gaps:
                continue
            try:
                new, holes = await self.apply([stretch])
            except Exception as failure:
                if transient(failure) or not stretch.records:
                    raise
                await self.attempts.failed(stretch, failure)
                continue
            unseen |= new
            stop = max(s.stop for s in stretches if s.where == stretch.where)
            gaps |= {where: (where, start, stop) for where, start, _ in holes}
            await self.attempts.succeeded(stretch)
        return unseen, list(gaps.values())

    def _count(self, parts: dict[TopicPartition, list[Stretch]], ahead: dict[TopicPartition, Progress], buried: int,
               seconds: float) -> None:  # fmt: skip
        handled = 0
        for where, progress in ahead.items():
            if progress.todo:
                handled += len(progress.todo)
                metrics.HANDLED.labels(self.service, where.topic).inc(len(progress.todo))
        offered = sum(len(stretch.records) for where in ahead if not ahead[where].gap for stretch in parts[where])
        metrics.REPEATED.labels(self.service).inc(max(0, offered - handled))
        if handled:
            metrics.BATCH_SECONDS.labels(self.service).observe(seconds)
            metrics.BATCH_RECORDS.labels(self.service).observe(handled)
        if buried:
            metrics.BURIED.labels(self.service).inc(buried)
