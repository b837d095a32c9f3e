"""A record that makes its handler fail: counted, tried three times, then put aside so that the others can go on."""

import traceback
from pathlib import Path

from services.chassis.context import Context
from services.chassis.hard_exit import UNEXPECTED, end_process
from services.chassis.stretch import Stretch
from services.chassis.work import transaction

TRIES = 3
COUNT = """insert into chassis.attempt(service, topic, part, "offset", count, reason) values ($1, $2, $3, $4, 1, $5)
  on conflict (service, topic, part, "offset") do update set count = attempt.count + 1, reason = $5 returning count"""
FORGET = """delete from chassis.attempt where service = $1 and topic = $2 and part = $3 and "offset" = $4"""
# Only while the position stands exactly here is the record ours to bury: another process may have handled it meanwhile.
PASS = """update chassis.position set next_offset = $5, touched = clock_timestamp()
  where service = $1 and topic = $2 and part = $3 and next_offset between $4 and $5 - 1 returning 1"""


def described(error: BaseException) -> str:
    """The kind of failure and where it happened; not its message, which may quote what the record says."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


class Attempts:
    """Counts failures of single records in short transactions of their own, so that the count survives the failure."""

    def __init__(self, context: Context, service: str) -> None:
        self.context, self.service = context, service

    async def failed(self, stretch: Stretch, error: Exception) -> None:
        """One more failure of this one record: the process ends, and at the third the record is buried instead."""
        record = stretch.records[0]
        at = (self.service, record.topic, record.partition, record.offset)
        async with transaction(self.context, self.service) as work:
            count = await work.db.fetchval(COUNT, *at, described(error))
        if count < TRIES:
            where = f"{record.topic}/{record.partition}/{record.offset}"
            end_process(
                UNEXPECTED, f"{self.service} failed at {where}, attempt {count} of {TRIES}: {described(error)}", error
            )
        async with transaction(self.context, self.service) as work:
            mine = await work.db.fetchval(PASS, *at[:3], stretch.start, stretch.stop)
            if mine:
                work.bury(record, reason=f"handling it failed {count} times: {described(error)}", rule="handler_failed")
            await work.db.execute(FORGET, *at)

    async def succeeded(self, stretch: Stretch) -> None:
        """Forget earlier failures of these records."""
        for record in stretch.records:
            async with transaction(self.context, self.service) as work:
                await work.db.execute(FORGET, self.service, record.topic, record.partition, record.offset)
