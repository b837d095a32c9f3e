"""What is written of the cases: everything that a batch decided goes back in one statement, whatever the number of cases."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from services.chassis.database import Db
from services.referral import ids
from services.referral.case import Case, Referral, Timer
from services.referral.join import Desk
from services.referral.waiting import binding, breached, next_due

TAKEN = "select number from referral.referral where number = any($1::text[])"
# One round trip instead of eight; each table's own row type says how its rows are given. Rows are written in the order
# in which they stand in their array; references between the tables are checked when all are written.
SAVE = """
with saved_case as (
  insert into referral.case select * from unnest($1::referral.case[])
  on conflict (id) do update set state = excluded.state, closed_at = excluded.closed_at, children = excluded.children,
    exercise = excluded.exercise, version = excluded.version, held = excluded.held
), saved_case_child as (
  insert into referral.case_child select * from unnest($2::referral.case_child[])
  on conflict (case_id, child_ref) do update set open = excluded.open
), saved_child as (
  insert into referral.child select * from unnest($3::referral.child[])
  on conflict (child_ref) do update set facts = excluded.facts, updated_at = excluded.updated_at
  where referral.child.facts is distinct from excluded.facts
), saved_referral as (
  insert into referral.referral select * from unnest($4::referral.referral[])
  on conflict (id) do update set case_id = excluded.case_id, child = excluded.child, role = excluded.role, state = excluded.state,
    version = excluded.version, binding = excluded.binding, next_due = excluded.next_due, breached = excluded.breached,
    fact = excluded.fact, detail = excluded.detail
), saved_timer as (
  insert into referral.timer select * from unnest($5::referral.timer[]) on conflict (id) do update set state = excluded.state
), saved_notice as (
  insert into referral.external_notice select * from unnest($6::referral.external_notice[]) on conflict do nothing
), saved_decision as (
  insert into referral.decision select * from unnest($7::referral.decision[])
)
insert into referral.log (at, case_id, referral_id, what, ids, detail)
select at, case_id, referral_id, what, ids, detail from unnest($8::referral.log[])"""


async def save(
    db: Db, desk: Desk, touched: Iterable[str], now: datetime, decisions: Sequence[tuple[Any, ...]] = ()
) -> None:
    """Write back what a decision changed: the desk's cases, the `touched` children on file, and rows of referral.decision."""
    await settle_numbers(db, desk)
    cases = [case for case in desk.cases.values() if changed(case)]
    children = [(child, desk.registry[child], now) for child in sorted(touched) if child in desk.registry]
    # What ends comes first, so that a new primary never meets the old one it replaces.
    referrals = [r for c in cases for r in c.referrals.values() if r.noted or r.is_new or r.changes]
    referrals.sort(key=lambda r: binding(r.fact))
    timers = [(t, c) for c in cases for t in c.timers.values() if t.is_new or t.state != "set"]
    if not (cases or children or decisions):
        return
    await db.execute(
        SAVE,
        [_case_row(case) for case in cases],
        [(c.id, child, c.state == "open") for c in cases for child in dict.fromkeys(c.children)],
        children,
        [referral_row(r) for r in referrals],
        [_timer_row(t, c.id) for t, c in timers],
        list({(c.id, x["event"], x["to_area"]): (c.id, x["event"], x["to_area"], x["at"]) for c in cases for x in c.external}.values()),
        decisions,
        [(None, e.at, c.id, e.referral, e.what, e.ids, e.detail) for c in cases for e in c.log],
    )  # fmt: skip


async def keep_on_file(db: Db, children: Sequence[tuple[str, dict[str, Any], datetime]]) -> None:
    """What is known of children apart from any event: (child_ref, facts, since when)."""
    await db.execute(SAVE, [], [], children, [], [], [], [], [])


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


def changed(case: Case) -> bool:
    """Whether there is anything to write."""
    return bool(case.is_new or case.log or any(r.noted for r in case.referrals.values()))


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
        "outlives": t.outlives,
        "cancelled_by": t.cancelled_by,
        "cancelled_by_acts": t.cancelled_by_acts,
        "cancelled_if": t.cancelled_if,
    }
    return (t.id, case, t.what, t.due_at, t.state, doc)
