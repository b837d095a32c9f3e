"""Says what time has brought: claims what is due, tells it on topic `sla`, and sleeps until the next moment."""

import asyncio
import logging
from datetime import datetime

import asyncpg

from events.envelope import Event
from events.referral import ReferralFact
from events.sla import SlaBreached, SlaWarned, TimerDue
from services.chassis.database import Db
from services.chassis.service import Context
from services.chassis.transient import transient
from services.chassis.work import Work, transaction
from services.tracker import clocks, store
from services.tracker.duties import Duties, duties_of, read_duties
from services.tracker.metrics import LATENESS, LOOKED
from services.tracker.obligation_tick import fire_obligations
from services.tracker.said import NAME, SOURCE, TOPIC

log = logging.getLogger(__name__)
PIECE = 200  # referrals, and as many timers, per transaction
# A new clock may be due before the one we sleep for, and is committed by whoever handles it: so look again this often.
# One look is two probes of an index, whatever the number of clocks.
LOOK_AGAIN = 0.5
PATIENCE = 1.0  # seconds to wait after the database said no


async def fire_due(work: Work, now: datetime, limit: int = PIECE, duties: Duties | None = None) -> int:
    """Tell what is due at `now`, of up to `limit` referrals, timers and obligations, in order; returns how many rows were due.

    Without `duties` the packaged table of obligations applies.
    """
    told: list[tuple[datetime, str, Event]] = []
    moved = []
    rows = await store.claim(work.db, now, limit)
    for row in rows:
        referral = ReferralFact.model_validate(row["fact"])
        due = clocks.due(referral, row["progress"], now)
        moved.append((row["id"], due.progress, due.next_at))
        told += [
            (one.fact.at, row["case_id"], sla_event(one.id, one.fact, referral, row["traceparent"])) for one in due.told
        ]
    await store.move(work.db, moved)
    timers = await store.claim_timers(work.db, now, limit)
    told += [(row["due_at"], row["case_id"], timer_event(row, now)) for row in timers]
    for at, case, event in sorted(told, key=lambda one: one[0]):
        work.publish(TOPIC, case, event)
        LATENESS.observe((now - at).total_seconds())
    return len(rows) + len(timers) + await fire_obligations(work, now, limit, duties or read_duties(None))


async def next_moment(db: Db) -> datetime | None:
    """When something is due next; None when nothing runs."""
    return await store.next_moment(db)


async def tick(context: Context) -> None:
    """For ever: tell what is due, then sleep. A database that says no is asked again; nothing is skipped meanwhile."""
    while True:
        try:
            fired, at = PIECE, None
            while fired >= PIECE:
                async with transaction(context, NAME) as work:
                    fired = await fire_due(work, work.now, PIECE, duties_of(context))
                    at = await next_moment(work.db)
            LOOKED.set(context.clock.now().timestamp())
        except Exception as fault:
            if not transient(fault):
                raise
            log.warning("the database did not answer, clocks wait: %r", fault)
            await asyncio.sleep(PATIENCE)
            continue
        left = (at - context.clock.now()).total_seconds() if at else LOOK_AGAIN
        await asyncio.sleep(min(max(left, 0.005), LOOK_AGAIN))


def sla_event(name: str, fact: SlaWarned | SlaBreached, referral: ReferralFact, traceparent: str | None) -> Event:
    """A fact about a clock as an event; its time is the scheduled moment."""
    return Event(
        id=name, source=SOURCE, type=fact.TYPE, time=fact.at, subject=referral.child,
        correlationid=referral.case, causationid=referral.event_id, traceparent=traceparent,
        dataclassification=referral.classification, exercise=referral.exercise, data=fact.model_dump(mode="json"),
    )  # fmt: skip


def timer_event(row: asyncpg.Record, now: datetime) -> Event:
    """A timer's moment as an event."""
    fact = TimerDue(timer=row["id"], case=row["case_id"], what=row["what"], at=row["due_at"], fired_at=now)
    return Event(
        id=clocks.fact_id(f"{row['id']}|timer"), source=SOURCE, type=TimerDue.TYPE, time=fact.at,
        correlationid=fact.case, traceparent=row["traceparent"], data=fact.model_dump(mode="json"),
    )  # fmt: skip
