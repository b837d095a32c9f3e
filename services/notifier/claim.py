"""Takes queued deliveries: marked and committed before anything is handed over, and only those still needed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from services.chassis.service import Context
from services.chassis.work import transaction
from services.notifier import roster_store
from services.notifier.need import Now, still_needed
from services.notifier.parcel import Lane, Parcel

# Longer than any hand-over (route.OVERALL): whatever is `sending` for longer belongs to a process that died or froze.
LEASE = timedelta(seconds=60)

_CLAIM = """
with due as (
    select message_id, priority, next_at from notifier.delivery
    where state = 'queued' and exercise = $1 and channel = $2 and next_at <= $3
    order by priority, next_at, message_id limit $4 for update skip locked
), allowed as (
    select message_id from (
        select message_id, priority, row_number() over (order by priority, next_at, message_id) as nth from due) d
    where priority = 0 or nth <= $5
), claimed as (
    update notifier.delivery d set state = 'sending', claimed_at = $3, claimed_by = $6, attempts = d.attempts + 1
    from allowed where d.message_id = allowed.message_id and d.channel = $2
    returning d.message_id, d.attempts, d.slow, d.priority, d.next_at, d.again
)
select c.message_id, c.attempts, c.slow, c.again, c.next_at, m.numbers, m.referral_ids, m.to_role, m.level, m.reason,
       m.exercise, m.text, m.template, m.params, m.kind, m.agency_level, m.area, m.person_id, m.created_at,
       case m.reason when 'digest' then 'digest' else n.reason end as why,
       case m.reason when 'digest' then null else n.clock end as clock, n.state as notice_state, n.traceparent
from claimed c join notifier.message m on m.id = c.message_id join notifier.notice n on n.id = m.notice_id
order by c.priority, c.next_at, c.message_id
"""
_DROP = """
with dropped as (
    update notifier.delivery set state = 'not_needed', detail = d.why, at = $3
    from unnest($1::text[], $4::text[]) as d(id, why)
    where message_id = d.id and channel = $2 returning message_id
), ended as (
    update notifier.message m set state = 'not_needed' from dropped
    where m.id = dropped.message_id and m.state = 'open' and not exists (
        select from notifier.delivery o
        where o.message_id = m.id and o.channel <> $2 and o.state in ('queued', 'sending', 'sent'))
    returning m.notice_id
)
update notifier.notice n set state = 'not_needed' from ended
where (n.id = ended.notice_id or n.merged_into = ended.notice_id) and n.state = 'telling'
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours now, its how-manieth attempt this is, and what is to be handed over."""

    parcel: Parcel
    attempts: int
    traceparent: str | None = None
    due_at: datetime | None = None  # since when it may go out
    since: datetime | None = None  # since when it may have been handed over


async def lanes_due(context: Context) -> set[tuple[str, bool]]:
    """Channel and `exercise` of each lane that has something to hand over now; a claim that finds nothing costs three round trips."""
    rows = await context.pool.fetch(
        "select distinct channel, exercise from notifier.delivery where state = 'queued' and next_at <= $1",
        context.clock.now(),
    )
    return {(row["channel"], row["exercise"]) for row in rows}


async def claim(
    context: Context, lane: Lane, limit: int, *, ordinary: int | None = None, holder: int | None = None
) -> tuple[list[Claimed], int]:
    """At most `limit` deliveries of a lane, the critical ones first, and how many turned out to be needed no more.

    At most `ordinary` of them are not critical. `holder` is the process whose claims they are, as alive.py names it.
    """
    async with transaction(context, "notifier") as work:
        now, db = work.now, work.db
        places = limit if ordinary is None else ordinary
        rows = await db.fetch(_CLAIM, lane.exercise, lane.channel, now, limit, places, holder)
        if not rows:
            return [], 0
        referrals = await _referrals(db, {id_ for row in rows for id_ in row["referral_ids"]})
        kept, dropped = [], {}
        for row in rows:
            if row["slow"] and row["notice_state"] == "told":
                dropped[row["message_id"]] = "somebody else was told"
            elif still_needed(row["why"], row["clock"], [referrals.get(id_) for id_ in row["referral_ids"]]):
                kept.append(row)
            else:
                dropped[row["message_id"]] = "no longer needed: it was answered"
        if dropped:
            await db.execute(_DROP, list(dropped), lane.channel, now, list(dropped.values()))
        contacts = await roster_store.contacts(db, {row["person_id"] for row in kept}, lane.channel)
    claimed = [
        Claimed(
            _parcel(row, lane, contacts, any(_open(referrals.get(id_)) for id_ in row["referral_ids"])),
            row["attempts"],
            row["traceparent"],
            row["next_at"],
            row["created_at"],
        )
        for row in kept
    ]
    return claimed, len(dropped)


async def release_stuck(context: Context, dead: Collection[int] = ()) -> int:
    """Queue again what processes that died had claimed (promise 2's one exception); returns how many.

    `dead`: holders that are known to be gone; of any other, what is held for longer than the lease.
    """
    async with transaction(context, "notifier") as work:
        done = await work.db.execute(
            "update notifier.delivery set state = 'queued', next_at = $1, again = true, claimed_by = null"
            " where state = 'sending' and (claimed_at < $2 or claimed_by = any($3::bigint[]))",
            work.now,
            work.now - LEASE,
            list(dead),
        )
    return int(done.rpartition(" ")[2])


async def _referrals(db: asyncpg.Connection, ids: Collection[str]) -> dict[str, Now]:
    rows = await db.fetch("select id, state, clocks from referral.current_view where id = any($1)", sorted(ids))
    return {row["id"]: Now(row["state"], row["clocks"]) for row in rows}


def _open(referral: Now | None) -> bool:
    return referral is None or referral.state == "sent"


def _parcel(row: asyncpg.Record, lane: Lane, contacts: dict[str, str], acknowledge: bool) -> Parcel:
    return Parcel(
        message_id=row["message_id"],
        referral=row["numbers"][0],
        to_role=row["to_role"],
        level=row["level"],
        exercise=row["exercise"],
        to=contacts.get(row["person_id"], ""),
        channel=lane.channel,
        text=row["text"],
        reason=row["reason"],
        kind=row["kind"],
        agency_level=row["agency_level"],
        area=row["area"],
        template=row["template"],
        params=row["params"],
        acknowledge=acknowledge,
        again=row["again"],
    )
