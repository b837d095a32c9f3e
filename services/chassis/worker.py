"""The reading side of a service: Faust, the delivery rule, the sweep, and a guard against a Faust that seems alive."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from services.chassis import metrics
from services.chassis.consume import Consumption
from services.chassis.context import Context
from services.chassis.faust_source import FaustSource
from services.chassis.hard_exit import STALLED, UNEXPECTED, end_process
from services.chassis.log_reader import LogReader
from services.chassis.record import Record
from services.chassis.sweep import Sweep
from services.chassis.transient import transient
from services.chassis.work import Handle

log = logging.getLogger(__name__)
SWEEP_ALIVE = 20.0  # seconds since its last look
FAUST_IDLE = 60.0  # seconds without a batch while the sweep finds work: Faust is not reading


class Worker:
    """Reads the topics of one service."""

    def __init__(
        self, context: Context, service: str, topics: Sequence[str], handler_of: Callable[[str], Handle]
    ) -> None:
        self.context, self.service, self.topics = context, service, topics
        self.reader = LogReader(context.settings.broker, topics)
        self.consumption = Consumption(context, service, handler_of, self.reader)
        self.sweep = Sweep(self.consumption)
        self.source: FaustSource | None = None
        self._batch_at = time.monotonic()
        self._sweeping: asyncio.Task[None] | None = None
        self._stopping = False

    async def run(self) -> None:
        """Read until cancelled. Kafka may be away at the start, and whenever it likes."""
        if not self.topics:
            await asyncio.Event().wait()
        await self._kafka_is_there()
        settings = self.context.settings
        datadir = settings.directory / "faust" / self.service
        self.source = FaustSource(self.service, self.topics, settings.broker, datadir, settings.faults)
        self._sweeping = asyncio.create_task(self.sweep.run(), name="sweep")
        await self.source.start(self._take)
        while True:
            await asyncio.wait([self._sweeping], timeout=1)
            if self._stopping:
                await asyncio.Event().wait()
            if self._sweeping.done():
                end_process(UNEXPECTED, "the sweep ended", self._sweeping.exception())
            if self.source.crashed is not None:
                end_process(UNEXPECTED, "Faust crashed", self.source.crashed)
            self._guard()

    async def stop(self) -> None:
        """Finish the batch in hand and leave the group; the sweep needs no finishing."""
        self._stopping = True
        if self._sweeping is not None:
            self._sweeping.cancel()
            await asyncio.wait([self._sweeping])
        if self.source is not None:
            await self.source.stop()
        await self.reader.stop()

    async def wrong(self) -> str | None:
        """For readiness: None while Faust has partitions or the sweep is alive."""
        if not self.topics or (self.source is not None and self.source.assigned):
            return None
        if self.sweep.looked_at and time.monotonic() - self.sweep.looked_at < SWEEP_ALIVE:
            return None
        return "no partitions assigned, and the sweep has not looked lately"

    async def _take(self, records: Sequence[Record]) -> None:
        self._batch_at = time.monotonic()
        try:
            await self.consumption.take(records)
        except Exception as error:
            if not transient(error):
                raise
            metrics.GIVEN_UP.labels(self.service).inc()
            log.error("%s left a batch to the sweep: %r", self.service, error)  # the position did not move

    async def _kafka_is_there(self) -> None:
        while True:
            try:
                await self.reader.partitions()
                return
            except Exception as error:
                if not transient(error):
                    raise
                log.warning("%s waits for Kafka: %r", self.service, error)
                await asyncio.sleep(1)

    def _guard(self) -> None:
        """The sweep does Faust's work, slowly; when it had to again and again, begin anew."""
        now = time.monotonic()
        rescues = [at for at in self.sweep.rescues if now - at < FAUST_IDLE]
        if len(rescues) >= 3 and now - self._batch_at > FAUST_IDLE:
            end_process(STALLED, f"Faust handed nothing over for {FAUST_IDLE:.0f} s while records came in")
