"""What is read of the cases: a batch's open cases with a handful of statements; save.py writes back what was changed in memory."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import asyncpg

from events.referral import ReferralFact
from services.chassis.database import Db
from services.referral import ids
from services.referral.case import Case, Referral, Timer
from services.referral.join import ADDRESS_HOURS, Desk
from services.referral.life import Refused

LOCKS = "select pg_advisory_xact_lock(k) from (select unnest($1::bigint[]) k order by 1) s"
KNOWN = """select source, event_id from referral.decision d
  join unnest($1::text[], $2::text[]) e(s, i) on d.source = e.s and d.event_id = e.i"""
# Ids first, each by an index of its own: one condition with "or" would read every case that there ever was.
CASES = """select * from referral.case where state = 'open' and id in (
    select case_id from referral.case_child where open and child_ref = any($1::text[])
    union select id from referral.case where state = 'open' and household = any($2::text[])
    union select id from referral.case where state = 'open' and address_hash = any($3::text[]) and opened_at >= $4
    union select unnest($5::text[])) order by id for update"""
BY_ID = """select * from referral.case where id in (
    select unnest($1::text[])
    union select other.id from referral.case named join referral.case other on other.incident = named.incident
      where named.id = any($1::text[]) and other.state = 'open') order by id for update"""
REFERRALS = "select * from referral.referral where case_id = any($1::text[])"
TIMERS = "select * from referral.timer where case_id = any($1::text[]) and state = 'set'"
CHILDREN = "select child_ref, facts from referral.child where child_ref = any($1::text[])"
OTHER_OPEN = "select 1 from referral.case_child where open and child_ref = any($1::text[]) and case_id <> $2"


async def known_events(db: Db, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these (source, id) were decided already."""
    rows = await db.fetch(KNOWN, [s for s, _ in keys], [i for _, i in keys])
    return {(row["source"], row["event_id"]) for row in rows}


async def open_desk(
    db: Db, children: set[str], households: set[str], addresses: set[str], origins: set[str], earliest: datetime
) -> Desk:
    """Every open case that these children, households and addresses may touch, and those that derived events come from, locked.

    Two batches about one child wait for each other, also when there is no case yet to lock.
    """
    keys = sorted({ids.lock_key(text) for text in children | households | addresses})
    if keys:
        await db.execute(LOCKS, keys)
    rows = await db.fetch(
        CASES, list(children), list(households), list(addresses), earliest - ADDRESS_HOURS, list(origins)
    )
    desk = await _assemble(db, rows)
    known = children | {child for case in desk.cases.values() for child in case.children}
    desk.registry = {row["child_ref"]: row["facts"] for row in await db.fetch(CHILDREN, list(known))}
    return desk


async def desk_of(db: Db, case_ids: Iterable[str]) -> Desk:
    """These cases, open or closed, with the open ones of the same incidents, locked."""
    desk = await _assemble(db, await db.fetch(BY_ID, sorted(set(case_ids))))
    children = [child for case in desk.cases.values() for child in case.children]
    desk.registry = {row["child_ref"]: row["facts"] for row in await db.fetch(CHILDREN, children)}
    return desk


async def add_open_cases(db: Db, desk: Desk, children: Sequence[str]) -> None:
    """Put the open cases that these children have meanwhile on the desk, locked, without touching what lies there."""
    await db.execute(LOCKS, sorted(ids.lock_key(child) for child in children))
    rows = await db.fetch(CASES, list(children), [], [], datetime.max.replace(tzinfo=UTC), [])
    for case in (await _assemble(db, [row for row in rows if row["id"] not in desk.cases])).cases.values():
        desk.add(case)


async def no_other_open_case(db: Db, case: Case) -> None:
    """A child has at most one open case (R5): raises Refused if one of the children has another; none can be opened before the commit."""
    await db.execute(LOCKS, sorted(ids.lock_key(child) for child in case.children))
    if await db.fetchval(OTHER_OPEN, case.children, case.id):
        raise Refused("the child has another open case: report what is new there")


async def _assemble(db: Db, rows: Sequence[asyncpg.Record]) -> Desk:
    desk = Desk()
    for row in rows:
        desk.add(Case(
            id=row["id"], opened_at=row["opened_at"], children=list(row["children"]), county=row["county"], state=row["state"],
            version=row["version"], address_hash=row["address_hash"], household=row["household"], incident=row["incident"],
            organisation=row["organisation"], exercise=row["exercise"], edition=row["edition"], held=row["held"], closed_at=row["closed_at"],
        ))  # fmt: skip
    if desk.cases:
        names = list(desk.cases)
        for row in await db.fetch(REFERRALS, names):
            referral = referral_from(row)
            desk.cases[row["case_id"]].referrals[referral.id] = referral
        for row in await db.fetch(TIMERS, names):
            doc = row["doc"]
            desk.cases[row["case_id"]].timers[row["id"]] = Timer(
                row["id"], row["what"], row["due_at"], doc["again"], doc["child"], doc["event"], doc.get("outlives", False),
                tuple(doc["cancelled_by"]),
                tuple(doc["cancelled_by_acts"]), doc["cancelled_if"], row["state"],
            )  # fmt: skip
    return desk


def referral_from(row: asyncpg.Record) -> Referral:
    """A referral as it is stored."""
    detail = row["detail"]
    return Referral(
        fact=ReferralFact.model_validate(row["fact"]), rules=tuple(detail["rules"]), caused_by=detail["caused_by"],
        returns=detail["returns"], handler=detail["handler"], outcome=detail["outcome"], note=detail["note"], trace=detail.get("trace"),
    )  # fmt: skip
