"""Editions in the database: stored, proposed, approved, withdrawn, listed. What may be done is decided in activation.py."""

import logging
from dataclasses import astuple
from datetime import date, datetime
from typing import Any

from services.access.db import Db
from services.law.calendar import HolidayYear, local_day
from services.law.rulebook_file import Files, parse
from services.referral.activation import (
    Activation,
    NotAllowed,
    Person,
    Step,
    in_force,
    next_step,
    proposed,
    withdrawable,
)

log = logging.getLogger(__name__)
STORE = "insert into referral.edition values ($1, $2, $3, $4) on conflict do nothing returning id"
LISTED = "select id, loaded_at, loaded_by from referral.edition order by loaded_at, id"
STANDING = "select * from referral.activation order by proposed_at, id"
PROPOSE = "insert into referral.activation values ($1, $2, $3, $4, $5, $6, $7)"
APPROVE = "update referral.activation set approved_by = $2, approved_name = $3, approved_at = $4 where id = $1"
WITHDRAW = "update referral.activation set withdrawn_by = $2, withdrawn_name = $3, withdrawn_at = $4 where id = $1"
LOCK = "lock table referral.activation in share row exclusive mode"
NOTICE = """insert into referral.holiday_notice values ($1, $2, $3, $4)
  on conflict (year) do update set notice = excluded.notice, loaded_at = excluded.loaded_at, loaded_by = excluded.loaded_by
  where referral.holiday_notice.notice is distinct from excluded.notice returning year"""


async def store_edition(db: Db, edition: str, files: Files, by: str, now: datetime) -> bool:
    """Keep an edition that was checked; False if it is there already."""
    done = await db.fetchval(STORE, edition, dict(files), now, by) is not None
    if done:
        log.info("edition %s loaded by %s", edition, by)
    return done


async def files_of(db: Db, edition: str) -> Files | None:
    """The texts of a stored edition; None if there is no such one."""
    found: Files | None = await db.fetchval("select files from referral.edition where id = $1", edition)
    return found


async def activations(db: Db) -> list[Activation]:
    """Every activation that was ever proposed, oldest first."""
    return [Activation(**dict(row)) for row in await db.fetch(STANDING)]


async def activate(db: Db, edition: str, from_date: date, who: Person, now: datetime) -> Step:
    """Propose, or as a second person approve, that an edition holds from a day; inside a transaction. Raises NotAllowed."""
    await db.execute(LOCK)
    if not await db.fetchval("select exists (select 1 from referral.edition where id = $1)", edition):
        raise NotAllowed(
            f"edition: {edition} is not loaded, expected one of shouhu rulebook list; see shouhu rulebook load"
        )
    standing = await activations(db)
    step = next_step(standing, edition, from_date, who, local_day(now))
    if step == "propose":
        await db.execute(PROPOSE, *astuple(proposed(standing, edition, from_date, who, now))[:7])
    else:
        waiting = next(a for a in standing if (a.edition, a.from_date, a.state) == (edition, from_date, "proposed"))
        await db.execute(APPROVE, waiting.id, who.id, who.name, now)
    log.info("edition %s %sd from %s by %s", edition, step, from_date, who.id)
    return step


async def withdraw(db: Db, edition: str, from_date: date, who: Person, now: datetime) -> None:
    """Take an activation back before its day; inside a transaction. Raises NotAllowed."""
    await db.execute(LOCK)
    found = withdrawable(await activations(db), edition, from_date, local_day(now))
    await db.execute(WITHDRAW, found.id, who.id, who.name, now)
    log.info("edition %s from %s withdrawn by %s", edition, from_date, who.id)


async def listed(db: Db, now: datetime) -> dict[str, Any]:
    """Every edition, every activation, and which edition is in force today by activation (None: the one the services started with)."""
    known = await activations(db)
    holding = in_force(known, local_day(now))
    return {
        "in_force": holding.edition if holding else None,
        "editions": [dict(row) for row in await db.fetch(LISTED)],
        "activations": [{**vars(a), "state": a.state} for a in known],
    }


async def load_notice(db: Db, name: str, text: str, by: str, now: datetime) -> tuple[int, bool]:
    """Keep a year's holiday notice: its year, and whether it says anything new. Raises RulebookFault with every fault."""
    year = parse(name, text, HolidayYear).year
    done = await db.fetchval(NOTICE, year, text, now, by) is not None
    if done:
        log.info("holiday notice of %s loaded by %s", year, by)
    return year, done


async def notices(db: Db) -> tuple[HolidayYear, ...]:
    """The holiday notices that were loaded beside the editions."""
    rows = await db.fetch("select year, notice from referral.holiday_notice order by year")
    return tuple(parse(f"calendar/{row['year']}.yaml", row["notice"], HolidayYear) for row in rows)
