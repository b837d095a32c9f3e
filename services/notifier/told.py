"""What a provider told us of messages: it is asked about each of ours; where it cannot be, its word is kept."""

import logging
from collections.abc import Sequence

import asyncpg

from services.chassis.context import Context
from services.chassis.work import transaction
from services.notifier import roster_store, store
from services.notifier.news import Told
from services.notifier.outcome import Receipt
from services.notifier.parcel import Question
from services.notifier.plugins.numbers import national
from services.notifier.receipts import Asked, record

log = logging.getLogger(__name__)
MOST = 60  # questions about one message: whoever tells us the same for ever costs no more
_OURS = """
select message_id, channel, exercise, person_id, provider_id, state, handed_at, receipt_by, asked from notifier.delivery
where channel = $1 and state in ('sent', 'unknown', 'missing') and asked < $4
  and ((provider_id <> '' and provider_id = any($2)) or message_id = any($3))
order by message_id
"""
_ASK = """
with now_due as (
    update notifier.delivery set ask_at = least(ask_at, $3)
    where channel = $1 and message_id = any($2) and state in ('sent', 'unknown', 'missing') returning message_id)
select pg_notify($4, $5) from (select count(*) as n from now_due) c where n > 0
"""


async def take_receipts(context: Context, channel: str, told: Sequence[Told]) -> bool:
    """Act on receipts; False if none of them is about a message of ours that still waits for one."""
    async with transaction(context, "notifier") as work:
        ids = [each.provider_id for each in told if each.provider_id]
        rows = await work.db.fetch(_OURS, channel, ids, [each.message_id for each in told if each.message_id], MOST)
        words = {each.provider_id: each for each in told if each.arrived is not None}
        asked = [row["message_id"] for row in rows if row["provider_id"] not in words]
        if asked:
            await work.db.execute(_ASK, channel, asked, work.now, store.WAKE, store.ASK)
        taken = [row for row in rows if row["provider_id"] in words]
        contacts = await roster_store.contacts(work.db, {row["person_id"] for row in taken}, channel)
    found = [_believed(row, contacts.get(row["person_id"], ""), words[row["provider_id"]]) for row in taken]
    kept = [each for each in found if each is not None]
    if kept:
        await record(context, kept)
    return bool(asked or kept)


def _believed(row: asyncpg.Record, contact: str, word: Told) -> tuple[Asked, Receipt] | None:
    """The word of a provider that cannot be asked: it must know our call's id and whom it went to."""
    if national(contact) != word.to:
        log.warning("a receipt of channel %s names another number than ours and was refused", row["channel"])
        return None
    question = Question(
        row["message_id"], row["channel"], row["exercise"], contact, row["provider_id"], row["handed_at"]
    )
    asked = Asked(question, row["state"], row["receipt_by"], row["asked"])
    if word.arrived:
        return asked, Receipt("delivered")
    return asked, Receipt("failed", "the call was not taken", "unreachable")
