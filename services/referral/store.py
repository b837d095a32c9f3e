"""All SQL of the cases: a batch's open cases are read with a handful of statements, changed in memory, and written back the same way."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from events.referral import ReferralFact
from services.chassis.database import Db
from services.referral import ids
from services.referral.case import Case, Referral, Timer
from services.referral.join import ADDRESS_HOURS, Desk
from services.referral.life import Refused
from services.referral.waiting import binding, breached, next_due

LOCKS = "select pg_advisory_xact_lock(k) from (select unnest($1::bigint[]) k order by 1) s"
KNOWN = """select source, event_id from referral.decision d
  join unnest($1::text[], $2::text[]) e(s, i) on d.source = e.s and d.event_id = e.i"""
CASES = """select c.* from referral.case c where c.state = 'open' and (
    c.id in (select case_id from referral.case_child where open and child_ref = any($1::text[]))
    or c.household = any($2::text[])
    or (c.address_hash = any($3::text[]) and c.opened_at >= $4)) order by c.id for update"""
BY_ID = "select * from referral.case where id = any($1::text[]) order by id for update"
REFERRALS = "select * from referral.referral where case_id = any($1::text[])"
TIMERS = "select * from referral.timer where case_id = any($1::text[]) and state = 'set'"
CHILDREN = "select child_ref, facts from referral.child where child_ref = any($1::text[])"
OTHER_OPEN = "select 1 from referral.case_child where open and child_ref = any($1::text[]) and case_id <> $2"
TAKEN = "select number from referral.referral where number = any($1::text[])"

SAVE_CASE = """insert into referral.case values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
  on conflict (id) do update set state = excluded.state, closed_at = excluded.closed_at, children = excluded.children,
    exercise = excluded.exercise, version = excluded.version, held = excluded.held"""
SAVE_CASE_CHILD = "insert into referral.case_child values ($1, $2, $3) on conflict (case_id, child_ref) do update set open = excluded.open"
SAVE_CHILD = """insert into referral.child values ($1, $2, $3) on conflict (child_ref) do update set facts = excluded.facts,
  updated_at = excluded.updated_at where referral.child.facts is distinct from excluded.facts"""
SAVE_REFERRAL = """insert into referral.referral values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
    $19, $20, $21, $22)
  on conflict (id) do update set case_id = excluded.case_id, child = excluded.child, role = excluded.role,
    state = excluded.state, version = excluded.version,
    binding = excluded.binding, next_due = excluded.next_due, breached = excluded.breached, fact = excluded.fact, detail = excluded.detail"""
SAVE_TIMER = (
    "insert into referral.timer values ($1, $2, $3, $4, $5, $6) on conflict (id) do update set state = excluded.state"
)
SAVE_LOG = "insert into referral.log (at, case_id, referral_id, what, ids, detail) values ($1, $2, $3, $4, $5, $6)"
SAVE_DECISION = "insert into referral.decision values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
SAVE_EXTERNAL = "insert into referral.external_notice values ($1, $2, $3, $4) on conflict do nothing"


async def known_events(db: Db, keys: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these (source, id) were decided already."""
    rows = await db.fetch(KNOWN, [s for s, _ in keys], [i for _, i in keys])
    return {(row["source"], row["event_id"]) for row in rows}


async def open_desk(db: Db, children: set[str], households: set[str], addresses: set[str], earliest: datetime) -> Desk:
    """Every open case that these children, households and addresses may touch, locked. Two batches about one child wait for each other,
    also when there is no case yet to lock."""
    keys = sorted({ids.lock_key(text) for text in children | households | addresses})
    if keys:
        await db.execute(LOCKS, keys)
    rows = await db.fetch(CASES, list(children), list(households), list(addresses), earliest - ADDRESS_HOURS)
    desk = await _assemble(db, rows)
    known = children | {child for case in desk.cases.values() for child in case.children}
    desk.registry = {row["child_ref"]: row["facts"] for row in await db.fetch(CHILDREN, list(known))}
    return desk


async def desk_of(db: Db, case_ids: Iterable[str]) -> Desk:
    """These cases, open or closed, locked."""
    desk = await _assemble(db, await db.fetch(BY_ID, sorted(set(case_ids))))
    children = [child for case in desk.cases.values() for child in case.children]
    desk.registry = {row["child_ref"]: row["facts"] for row in await db.fetch(CHILDREN, children)}
    return desk


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
                row["id"], row["what"], row["due_at"], doc["again"], doc["child"], doc["event"], tuple(doc["cancelled_by"]),
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


async def settle_numbers(db: Db, desk: Desk) -> None:
    """Give another number to a new referral whose number is taken (8 base32 characters can collide)."""
    new = [r for case in desk.cases.values() for r in case.referrals.values() if r.is_new]
    attempt = 0
    while new:
        numbers = [r.fact.number for r in new]
        taken = {row["number"] for row in await db.fetch(TAKEN, numbers)}
        seen: set[str] = set()
        clash = []
        for referral in new:
            if referral.fact.number in taken or referral.fact.number in seen:
                clash.append(referral)
            seen.add(referral.fact.number)
        attempt += 1
        for referral in clash:
            referral.fact = referral.fact.model_copy(
                update={"number": ids.number(referral.id, referral.fact.opened_at, attempt)}
            )
        new = clash


async def save(db: Db, desk: Desk, touched: set[str], now: datetime) -> None:
    """Write back what a decision changed."""
    await settle_numbers(db, desk)
    cases = [case for case in desk.cases.values() if changed(case)]
    await db.executemany(SAVE_CASE, [_case_row(case) for case in cases])
    ties = [(c.id, child, c.state == "open") for c in cases for child in c.children]
    await db.executemany(SAVE_CASE_CHILD, ties)
    await db.executemany(
        SAVE_CHILD, [(child, desk.registry[child], now) for child in sorted(touched) if child in desk.registry]
    )
    # What ends comes first, so that a new primary never meets the old one it replaces.
    referrals = [r for c in cases for r in c.referrals.values() if r.is_new or r.changes or r.note.pop("_dirty", False)]
    referrals.sort(key=lambda r: binding(r.fact))
    await db.executemany(SAVE_REFERRAL, [referral_row(r) for r in referrals])
    timers = [(t, c) for c in cases for t in c.timers.values() if t.is_new or t.state != "set"]
    await db.executemany(SAVE_TIMER, [_timer_row(t, c.id) for t, c in timers])
    await db.executemany(SAVE_LOG, [(e.at, c.id, e.referral, e.what, e.ids, e.detail) for c in cases for e in c.log])
    await db.executemany(SAVE_EXTERNAL, [(c.id, x["event"], x["to_area"], x["at"]) for c in cases for x in c.external])


def changed(case: Case) -> bool:
    """Whether there is anything to write."""
    return bool(case.is_new or case.log or any(r.note.get("_dirty") for r in case.referrals.values()))


def _case_row(c: Case) -> tuple[Any, ...]:
    return (c.id, c.state, c.opened_at, c.closed_at, c.county, c.children, c.address_hash, c.household, c.incident, c.organisation,
            c.exercise, c.edition, c.version + 1, c.held)  # fmt: skip


def referral_row(r: Referral) -> tuple[Any, ...]:
    """A referral as a row: what people search by, then the whole fact."""
    f = r.fact
    detail = {
        "rules": r.rules,
        "caused_by": r.caused_by,
        "returns": r.returns,
        "handler": r.handler,
        "outcome": r.outcome,
        "note": r.note,
        "trace": r.trace,
    }
    return (f.id, f.number, f.case, f.child, f.family, f.role, f.agency.kind, f.agency.level, f.agency.area, f.severity, f.profile, f.state,
            f.version, f.opened_at, f.event_source, f.event_id, f.exercise, binding(f), next_due(f), breached(f), f.model_dump(mode="json"),
            detail)  # fmt: skip


def _timer_row(t: Timer, case: str) -> tuple[Any, ...]:
    doc = {
        "again": t.again,
        "child": t.child,
        "event": t.event,
        "cancelled_by": t.cancelled_by,
        "cancelled_by_acts": t.cancelled_by_acts,
        "cancelled_if": t.cancelled_if,
    }
    return (t.id, case, t.what, t.due_at, t.state, doc)
