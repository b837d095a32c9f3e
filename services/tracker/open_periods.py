"""Puts agencies' duties before them when their periods open, once each; a period that is over is put before nobody."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import date, datetime

from services.chassis.service import Context
from services.chassis.transient import transient
from services.chassis.work import Work, transaction
from services.law.calendar import local_day
from services.tracker import obligation_store
from services.tracker.agency_duties import duties, opening, periods
from services.tracker.duties import Duties, refreshed
from services.tracker.obligation_rows import Row, closed, recounted, row_from, row_of
from services.tracker.registry import settle
from services.tracker.said import NAME

log = logging.getLogger(__name__)
OPEN = "insert into tracker.opened_period values ($1, $2, $3, $4) on conflict do nothing returning period"
OPEN_ROWS = """
select * from tracker.obligation where child_ref is null and code = $1 and part = $2 and state in ('open', 'warned', 'overdue')
order by id for update"""
LOOK_AGAIN = 60.0  # seconds; periods open with days, a holiday notice may be loaded at any moment
PATIENCE = 1.0


async def open_due(work: Work, law: Duties, now: datetime) -> int:
    """Make the rows of every period that is open now and has none; returns how many."""
    made = 0
    if not law.agencies:
        return made
    for entry, part, period in opening(law.rules, local_day(now), law.calendar, law.notices):
        if await work.db.fetchval(OPEN, entry.code, part.name, period.name, now) is not None:
            rows = [row_of(one, now, skip_past_reminders=True) for one in duties(entry, part, period)]
            await obligation_store.add(work.db, rows)
            made += len(rows)
    return made


async def calendar_loaded(work: Work, law: Duties) -> None:
    """The duty to load a year's holiday notice (T31) is done once the calendar has it."""
    for entry, part in law.rules.parts("agency"):
        if "calendar" in part.completed_by:
            rows = [row_from(row) for row in await work.db.fetch(OPEN_ROWS, entry.code, part.name)]
            loaded = [row for row in rows if law.calendar.loaded(date(row.due_on.year + 1, 1, 1))]
            await obligation_store.keep(work.db, [closed(row, "done", "calendar", work.now) for row in loaded])


async def recount(work: Work, law: Duties) -> None:
    """Count again what was counted before the holidays of its year were known."""
    known_until = law.calendar.horizon()
    if known_until is None:
        return
    files = await obligation_store.open_files(work.db, await obligation_store.children_guessed(work.db, known_until))
    await settle(work, law, files.values())
    rows = await obligation_store.duties_guessed(work.db, known_until)
    await obligation_store.keep(work.db, list(_recounted(law, {row.id: row for row in rows})))


def _recounted(law: Duties, rows: dict[str, Row]) -> Iterator[Row]:
    years = sorted({row.due_on.year for row in rows.values()})
    for entry, part in law.rules.parts("agency"):
        named = {row.period for row in rows.values() if (row.code, row.part) == (entry.code, part.name)}
        for year in years if named else ():
            for period in periods(part.period, year, law.calendar, law.notices) if part.period else ():
                again = duties(entry, part, period) if period.name in named else []
                yield from (recounted(rows[one.id], one) for one in again if one.id in rows)


async def open_periods(context: Context) -> None:
    """For ever: open what has come, then sleep."""
    while True:
        try:
            async with transaction(context, NAME) as work:
                law = await refreshed(context, work.db)
                await recount(work, law)
                made = await open_due(work, law, work.now)
                await calendar_loaded(work, law)
            if made:
                log.info("%d duties of agencies are open", made)
        except Exception as fault:
            if not transient(fault):
                raise
            log.warning("the database did not answer, periods wait: %r", fault)
            await asyncio.sleep(PATIENCE)
            continue
        await asyncio.sleep(LOOK_AGAIN)
