"""Receipts: the provider is asked what became of messages, and silence beyond the channel's window counts as a failure."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import asyncpg

from services.chassis.service import Context
from services.chassis.work import transaction
from services.notifier import roster_store, store
from services.notifier.desk import desk_of
from services.notifier.follow import Known, Recorded, follow
from services.notifier.metrics import RECEIPTS
from services.notifier.outcome import Receipt
from services.notifier.parcel import Question

log = logging.getLogger(__name__)
FIRST = timedelta(seconds=3)  # after the hand-over; then twice as long each time
LONGEST = timedelta(minutes=10)
UNCLEAR_FOR = timedelta(minutes=30)  # a message without an answer is asked for during this time
BATCH = 100  # questions in one round; those that are late first
LEAVE = timedelta(seconds=45)  # whoever takes a question has this long to ask it: longer than a question can last

# What is taken is put off at once, so that no other process asks the same.
_TAKE = """
with due as (
    select message_id, channel from notifier.delivery where ask_at <= $1
    order by ask_at, message_id, channel limit $2 for update skip locked
)
update notifier.delivery d set ask_at = $3, asked = d.asked + 1 from due
where d.message_id = due.message_id and d.channel = due.channel
returning d.message_id, d.channel, d.exercise, d.person_id, d.provider_id, d.state, d.handed_at, d.receipt_by, d.asked
"""
_RECORD = """
update notifier.delivery d set state = s.state, detail = s.detail, reason = s.reason, at = $6, receipt_by = null, ask_at = null,
       provider_id = coalesce(nullif(s.provider_id, ''), d.provider_id)
from (select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $7::text[])
      as s(message_id, channel, state, detail, reason, provider_id)) s
where d.message_id = s.message_id and d.channel = s.channel
  and (d.state in ('sent', 'unknown') or (d.state = 'missing' and s.state <> 'missing'))
returning d.message_id, d.channel
"""
_ON_ITS_WAY = """
update notifier.delivery set state = 'sent', detail = '', reason = '', receipt_by = $3,
       provider_id = coalesce(nullif($4, ''), provider_id)
where message_id = $1 and channel = $2 and state = 'unknown'
"""
_PUT_OFF = "update notifier.delivery set ask_at = $3 where message_id = $1 and channel = $2 and ask_at is not null"


@dataclass(frozen=True, slots=True)
class Asked:
    """A delivery that is asked for now."""

    question: Question
    state: str
    receipt_by: datetime | None
    times: int


def first_question(now: datetime, receipt_by: datetime | None) -> datetime:
    """When a provider is first asked."""
    return now + FIRST if receipt_by is None else min(now + FIRST, receipt_by)


def next_question(asked: Asked, now: datetime) -> datetime | None:
    """When it is asked again, the end of the window at the latest; None: never, it is given up."""
    wait = min(FIRST * 2 ** min(asked.times, 10), LONGEST)
    if asked.state == "missing":  # a late callback: one look is enough
        return None
    if asked.receipt_by is not None:
        return min(now + wait, asked.receipt_by) if now < asked.receipt_by else None
    return now + wait if now < asked.question.since + UNCLEAR_FOR else None


async def ask_due(context: Context) -> int:
    """Ask for everything that is due to be asked for, and record what is known; returns how many questions there were."""
    async with transaction(context, "notifier") as work:
        now = work.now
        rows = await work.db.fetch(_TAKE, now, BATCH, now + LEAVE)
        asked = await _asked(work.db, rows)
    if not asked:
        return 0
    channels = desk_of(context).channels
    receipts = await asyncio.gather(*(channels.ask(each.question) for each in asked))
    await record(context, list(zip(asked, receipts, strict=True)))
    return len(asked)


async def record(context: Context, found: Sequence[tuple[Asked, Receipt | None]]) -> None:
    """Keep what is known of messages, with what follows; a window that ended in silence counts as a failure."""
    async with transaction(context, "notifier") as work:
        found_again: list[str] = []
        rows: list[tuple[str, ...]] = []
        for asked, receipt in sorted(found, key=lambda each: (each[0].question.message_id, each[0].question.channel)):
            at = (asked.question.message_id, asked.question.channel)
            if receipt is not None and receipt.result != "waiting":
                rows.append((*at, receipt.result, receipt.detail, receipt.reason, receipt.provider_id))
                continue
            if receipt is not None and asked.state == "unknown":  # the provider has it after all
                window = desk_of(context).table.receipts.within((await store.ladders(work.db, [at[0]])).get(at[0], ""))
                await work.db.execute(_ON_ITS_WAY, *at, work.now + window, receipt.provider_id)
                found_again.append(at[0])
            then = next_question(asked, work.now)
            if then is None and asked.state == "sent":
                rows.append((*at, "missing", "no receipt in time", "no_answer", ""))
            else:
                await work.db.execute(_PUT_OFF, *at, then)
        known = await _keep(work.db, rows, work.now) if rows else []
        if known or found_again:
            await follow(work, desk_of(context), {*found_again, *(each.message_id for each in known)}, known)
    for each in known:
        RECEIPTS.labels(each.channel, each.outcome).inc()


async def _keep(db: asyncpg.Connection, rows: Sequence[tuple[str, ...]], now: datetime) -> list[Known]:
    ids, channels, states, details, reasons, provider_ids = (list(column) for column in zip(*rows, strict=True))
    kept = await db.fetch(_RECORD, ids, channels, states, details, reasons, now, provider_ids)
    changed = {(row["message_id"], row["channel"]) for row in kept}
    return [
        Known(id_, channel, cast(Recorded, state), state)
        for id_, channel, state in zip(ids, channels, states, strict=True)
        if (id_, channel) in changed
    ]


async def _asked(db: asyncpg.Connection, rows: Sequence[asyncpg.Record]) -> list[Asked]:
    contacts: dict[tuple[str, str], str] = {}
    for channel in {row["channel"] for row in rows}:
        people = {row["person_id"] for row in rows if row["channel"] == channel}
        contacts |= {(p, channel): to for p, to in (await roster_store.contacts(db, people, channel)).items()}
    return [
        Asked(
            Question(
                row["message_id"], row["channel"], row["exercise"],
                contacts.get((row["person_id"], row["channel"]), ""), row["provider_id"], row["handed_at"],
            ),
            row["state"], row["receipt_by"], row["asked"],
        )
        for row in rows
    ]  # fmt: skip
