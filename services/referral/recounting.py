"""Counts provisional due times anew as soon as a further year's holidays are known; runs beside the consumer of the referral service."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

import structlog

from services.chassis.context import Context
from services.chassis.work import Work, transaction
from services.law.calendar import Calendar
from services.referral import store
from services.referral.case import Case
from services.referral.laws import Laws, laws_of
from services.referral.metrics import CALENDAR_ENDS
from services.referral.publish import publish
from services.referral.recount import recount
from services.referral.save import save
from services.referral.source_review import publish_reviews

log = structlog.get_logger()
LOOK_EVERY = 15.0  # seconds
AT_ONCE = 50  # cases in one transaction
WAITING = """select distinct case_id from referral.referral
  where fact->'clocks' @> '[{"provisional": true}]' and case_id > $1 order by case_id limit $2"""
KNOWN = """insert into referral.calendar_year (year, known_since, notice) select y, $3, n from unnest($1::integer[], $2::jsonb[]) k(y, n)
  on conflict (year) do update set notice = excluded.notice where referral.calendar_year.notice is distinct from excluded.notice"""


async def keep_counting(context: Context) -> None:
    """For ever: when the calendar or the edition in force changes (the start counts as a change), publish what others show of it,
    and count anew what rests on the calendar."""
    known: Calendar | None = None
    edition: str | None = None
    while True:
        laws = laws_of(context)
        await laws.ready(context.pool, context.clock.now())
        if laws.calendar != known:
            await count_again(context)
            known = laws.calendar
        if (holding := laws.at(context.clock.now()).rulebook.edition) != edition:
            await publish_reviews(context)
            edition = holding
        await asyncio.sleep(LOOK_EVERY)


async def count_again(context: Context) -> int:
    """Confirm or move every provisional due time of open referrals; how many referrals were changed. The same again changes nothing."""
    laws = laws_of(context)
    await laws.ready(context.pool, context.clock.now())
    notices = [notice.model_dump(mode="json", by_alias=True) for notice in laws.years.values()]
    await context.pool.execute(KNOWN, list(laws.years), notices, context.clock.now())
    if (horizon := laws.calendar.horizon()) is not None:
        CALENDAR_ENDS.set(
            datetime(horizon.year, horizon.month, horizon.day, tzinfo=context.clock.now().tzinfo).timestamp()
        )
    after, changed = "", 0
    while True:
        async with transaction(context, "referral") as work:
            names = [row["case_id"] for row in await work.db.fetch(WAITING, after, AT_ONCE)]
            if not names:
                return changed
            changed += await _some(work, laws, names)
        after = names[-1]


async def _some(work: Work, laws: Laws, names: Iterable[str]) -> int:
    desk = await store.desk_of(work.db, names)
    await laws.ready(work.db, work.now, {case.edition for case in desk.cases.values()})
    changed = sum(_case(case, laws, work.now) for case in desk.cases.values() if case.state == "open")
    await save(work.db, desk, (), work.now)
    publish(work, desk)
    return changed


def _case(case: Case, laws: Laws, now: datetime) -> int:
    law, changed = laws.of(case.edition, now), 0
    for referral in case.referrals.values():
        found = recount(referral.fact, law.calendar, law.profiles, now) if referral.open else []
        if not any(found):
            continue
        before = referral.fact.clocks
        clocks = tuple(one.clock if one else clock for one, clock in zip(found, before, strict=True))
        referral.change("calendar", now, "system", clocks=clocks)
        changed += 1
        for one, clock in zip(found, before, strict=True):
            if one is None:
                continue
            detail = {"clock": clock.name, "due_at": one.clock.due_at.isoformat(), "was": clock.due_at.isoformat()}
            if one.moved:
                case.note(now, "clock.moved", referral.id, detail=detail)
            else:
                case.note(now, "clock.confirmed", referral.id, detail=detail)
    return changed
