"""Every service in one process, on a real database and a clock that somebody moves; Kafka's place is taken by a list."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import asyncpg

from services.access import sources
from services.chassis.clock import SimulatedClock
from services.chassis.context import Context
from services.chassis.pump import Reader, pump
from services.chassis.record import Record
from services.chassis.seal import load_seal
from services.chassis.settings import Settings
from services.chassis.work import transaction
from services.intake.service import SERVICE as INTAKE
from services.notifier import daily, deliver
from services.notifier.desk import desk_of, scenario_holders, set_desk
from services.notifier.recorder import Recorder
from services.notifier.service import SERVICE as NOTIFIER
from services.referral.service import SERVICE as REFERRAL
from services.referral.service import law_of
from services.tracker import tick
from services.tracker.duties import duties_of, read_duties
from services.tracker.service import SERVICE as TRACKER

READS = (("child-events", REFERRAL), ("child-events", TRACKER), ("sla", REFERRAL), ("referrals", TRACKER), ("referrals", NOTIFIER), ("sla", NOTIFIER),
         ("notifications", REFERRAL), ("in.shouhu", INTAKE))  # fmt: skip


class World:
    """The services' own handlers; `move_to` lets every clock and message fall due on the way, in order."""

    def __init__(self, context: Context, recorder: Recorder) -> None:
        self.context, self.recorder = context, recorder
        assert isinstance(context.clock, SimulatedClock)
        self.clock: SimulatedClock = context.clock
        self._readers: dict[str, list[Reader]] = {}
        for topic, service in READS:
            self._readers.setdefault(topic, []).append(Reader(service.name, service.handler(context, topic)))

    @classmethod
    async def open(
        cls, pool: asyncpg.Pool, dsn: str, directory: Path, at: datetime, rulebook: Path | None = None
    ) -> "World":
        """A world on an empty, migrated database; one person on every post."""
        recorder = Recorder()
        settings = Settings(postgres=dsn, data=directory, http=("127.0.0.1", 0))
        context = Context(settings, pool, load_seal(directory), SimulatedClock(at))
        context.extras["law"] = law_of(rulebook)
        context.extras["duties"] = replace(read_duties(rulebook), agencies=False)
        set_desk(context, recorder, holders=scenario_holders)
        await sources.add(pool, sources.SAMPLE, at)
        return cls(context, recorder)

    async def take_in(self, record: Record) -> None:
        """A source's record arrives."""
        async with transaction(self.context, INTAKE.name) as work:
            with work.on(record):
                await INTAKE.handler(self.context, record.topic)(work, [record])
        await self.settle()

    async def settle(self) -> None:
        """Let everything that follows now happen, until nothing is left."""
        while True:
            pumped = await pump(self.context, self._readers)
            waiting = await deliver.next_due(self.context)
            if waiting is not None and waiting <= self.clock.now():
                await deliver.deliver_due(self.context)
            elif not pumped:
                break

    async def move_to(self, until: datetime) -> None:
        """Let time pass: what falls due on the way fires at its own moment, the end included."""
        while True:
            async with self.context.pool.acquire() as db:
                moments = (
                    await tick.next_moment(db), await deliver.next_due(self.context), await daily.next_moment(db, self.clock.now())
                )  # fmt: skip
            at = min((moment for moment in moments if moment is not None), default=None)
            if at is None or at > until:
                break
            self.clock.move_to(max(at, self.clock.now()))
            if moments[0] is not None and moments[0] <= at:
                async with transaction(self.context, TRACKER.name) as work:
                    await tick.fire_due(work, work.now, duties=duties_of(self.context))
            if moments[2] == at:
                async with transaction(self.context, NOTIFIER.name) as work:
                    await daily.tell_daily(work, desk_of(self.context))
            await self.settle()
        self.clock.move_to(max(until, self.clock.now()))
