"""Service items that are only told (domain analysis 6): once a day, one message to each child director with all of them.

The message says how many there are; whose they are stands on the page alone.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import asyncpg

from services.chassis.clock import SHANGHAI
from services.chassis.database import Db
from services.chassis.service import Context
from services.chassis.work import Work, transaction
from services.directory.territory import territory
from services.notifier.bounds import bounds
from services.notifier.desk import Desk, desk_of
from services.notifier.ladder import Ladder
from services.notifier.rows import NoticeRow, derived
from services.notifier.telling import take

log = logging.getLogger(__name__)
TEXT = "family_items"
REASON = "family_items"
LOOK = 60.0  # seconds at most between looks
_UNTIL = "select told_until from notifier.daily where what = 'family_items' for update"
_MOVE = """
insert into notifier.daily (what, told_until) values ('family_items', $1)
on conflict (what) do update set told_until = $1
"""
_ITEMS = """
select child_ref, event_source, event_id, kind, level, area, to_role, list_items, exercise from referral.digest_view
where at < $1 and ($2::timestamptz is null or at >= $2) order by kind, area, at, child_ref, event_id
"""
_WAITING = """
select exists (select from referral.digest_view
    where at >= coalesce((select told_until from notifier.daily where what = 'family_items'), '-infinity'))
"""


async def keep_telling(context: Context) -> None:
    """For ever: when the day's moment comes, tell."""
    while True:
        async with transaction(context, "notifier") as work:
            if told := await tell_daily(work, desk_of(context)):
                log.info("%d service items told to child directors", told)
        ahead = (next_after(context.clock.now()) - context.clock.now()).total_seconds()
        await asyncio.sleep(min(max(ahead, 0.05), LOOK))


async def tell_daily(work: Work, desk: Desk) -> int:
    """Tell what was found until the latest moment that has come and was not told before; returns how many items."""
    until = bounds().daily.last(work.now)
    since: datetime | None = await work.db.fetchval(_UNTIL)
    if since is not None and since >= until:
        return 0
    rows = notices(await work.db.fetch(_ITEMS, until, since), desk.table, until, work.now)
    await work.db.execute(_MOVE, until)
    await take(work, desk, rows)
    return len(rows)


async def next_moment(db: Db, now: datetime) -> datetime | None:
    """When something is to be told next; None while there is nothing. For a clock that somebody moves."""
    return next_after(now) if await db.fetchval(_WAITING) else None


def next_after(now: datetime) -> datetime:
    """The next moment of the day's digest."""
    return bounds().daily.last(now) + timedelta(days=1)


def notices(items: Sequence[asyncpg.Record], table: Ladder, until: datetime, now: datetime) -> list[NoticeRow]:
    """A notice for each item; those of one post and day become one message, whose list is named by the day."""
    day = until.astimezone(SHANGHAI).date()
    found = []
    for row in items:
        post = f"{row['kind']}@{row['level']}/{row['area']}/{row['to_role']}"
        list_ = derived("family_items", post, day.isoformat())
        for code in row["list_items"]:
            name = derived("family_item", row["event_source"], row["event_id"], row["child_ref"], code)
            found.append(
                NoticeRow(
                    id=name, cause=row["event_id"], gathering=f"{list_}{'x' if row['exercise'] else ''}", merged_into=None,
                    referral_id=name, number=f"D{day:%y-%m%d}-{name[:5].upper()}", case_id=list_,
                    county=territory().county(row["area"]) or row["area"], role="primary", severity="LOW",
                    classification="C3", kind=row["kind"], agency_level=row["level"], area=row["area"],
                    function=row["to_role"], level=0, reason=REASON, text=TEXT, clock=None, due_at=None,
                    channels=table.first("primary", "LOW").channels, exercise=row["exercise"], not_before=now,
                    created_at=now, traceparent=None, state="waiting", failed=(), ladder="P4",
                )
            )  # fmt: skip
    return found
