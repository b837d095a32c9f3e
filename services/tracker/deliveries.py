"""Lists that departments hand over (E104): they complete T18, and T05, T06 and T08 wait for the base lists of their period."""

import re
from collections.abc import Iterable
from datetime import date, datetime

import asyncpg

from events.data_exchange import BASE_LISTS
from events.envelope import Event
from services.chassis.work import Work
from services.directory.territory import territory
from services.law.calendar import local_day
from services.tracker import obligation_store
from services.tracker.obligation_rows import closed, row_from
from services.tracker.spans import corresponding_day

KEEP = """insert into tracker.delivered_list values ($1, $2, $3, $4, $5) on conflict do nothing"""
# The duty of the department itself, or of its county's where a unit of it delivered.
OWED = """
select * from tracker.obligation where child_ref is null and code = 'T18' and kind = $1 and area = $2 and state in ('open', 'warned', 'overdue')
  and opens_on <= $3 and (part = 'monthly' or $4) order by id for update"""
HAVE = (
    "select distinct list_kind from tracker.delivered_list where area = any($1::text[]) and month >= $2 and month <= $3"
)
PERIOD = re.compile(r"(20\d\d)(?:[-_ ]?(?:(H|h)([12])|(Q|q)([1-4])|(0[1-9]|1[0-2])))?")


async def delivered(work: Work, event: Event, at: datetime) -> None:
    """Remember a delivery, and end the duties that it fulfils: of the newest period that is open, and of any overdue one."""
    _, kind, area, _ = event.source.split("/")
    where = territory().county(area) or area
    listed = str(event.data.get("list_kind") or "unknown")
    for month in months_of(event.data.get("period"), local_day(at)):
        await work.db.execute(KEEP, kind, where, listed, month, at)
    rows = await work.db.fetch(OWED, kind, where, local_day(at), listed in BASE_LISTS)
    await obligation_store.keep(work.db, [closed(row_from(row), "done", "list", work.now) for row in rows])


def months_of(period: object, on: date) -> list[date]:
    """The first days of the months that a delivery is of: `2026-11`, `2026-Q4`, `2026-H2`, `2026`; else the month of a day."""
    found = PERIOD.fullmatch(str(period or ""))
    if found is None:
        return [on.replace(day=1)]
    year = int(found[1])
    if found[2]:
        first, count = 6 * (int(found[3]) - 1), 6
    elif found[4]:
        first, count = 3 * (int(found[5]) - 1), 3
    elif found[6]:
        first, count = int(found[6]) - 1, 1
    else:
        first, count = 0, 12
    return [corresponding_day(date(year, 1, 1), first + n) for n in range(count)]


async def missing_base_lists(db: asyncpg.Connection, area: str, due_on: date, months: int) -> list[str]:
    """The base lists (A§2.1) of a period that nobody has delivered to a county; `months` is the length of the period."""
    last = due_on.replace(day=1)
    first = corresponding_day(last, 1 - months)
    rows = await db.fetch(HAVE, [area, territory().province, *_cities(area, due_on)], first, last)
    have = {row["list_kind"] for row in rows}
    return [name for name in BASE_LISTS if name not in have]


def _cities(area: str, on: date) -> Iterable[str]:
    city = territory().city(area, on)
    return [] if city is None else [city]
