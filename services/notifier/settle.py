"""Records what became of deliveries, in batches, and takes the step that follows for each message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.chassis.service import Context
from services.chassis.work import Work, transaction
from services.notifier import store
from services.notifier.attempt import after
from services.notifier.claim import Claimed
from services.notifier.compose import masked
from services.notifier.desk import Desk, desk_of
from services.notifier.follow import Known, follow
from services.notifier.outcome import Outcome
from services.notifier.receipts import first_question

_SETTLE = """
update notifier.delivery d set state = s.state, detail = s.detail, slow = s.slow, next_at = s.next_at, at = s.at,
       contact_masked = s.contact, reason = s.reason, provider_id = s.provider_id, promised = s.promised,
       receipt_by = s.receipt_by, ask_at = s.ask_at, handed_at = coalesce(s.at, d.handed_at), claimed_by = null
from (select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::timestamptz[],
      $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::bool[], $12::timestamptz[], $13::timestamptz[])
      as s(message_id, channel, state, detail, slow, next_at, at, contact, reason, provider_id, promised, receipt_by, ask_at)) s
where d.message_id = s.message_id and d.channel = s.channel and d.state in ('queued', 'sending')
"""


@dataclass(frozen=True, slots=True)
class Result:
    """A delivery that was tried, and its outcome."""

    claimed: Claimed
    outcome: Outcome

    @property
    def final(self) -> bool:
        return not self.outcome.transient


async def settle(context: Context, results: Sequence[Result]) -> None:
    """Record outcomes in one transaction with what follows: told, the next channel, or the next person."""
    desk = desk_of(context)
    async with transaction(context, "notifier") as work:
        ordered = sorted(results, key=lambda each: (each.claimed.parcel.message_id, each.claimed.parcel.channel))
        await _write(work, desk, ordered)
        known = [
            Known(
                each.claimed.parcel.message_id, each.claimed.parcel.channel, each.outcome.result, each.claimed.attempts
            )
            for each in ordered
            if each.final
        ]
        await follow(work, desk, {each.claimed.parcel.message_id for each in ordered}, known)


async def _write(work: Work, desk: Desk, results: Sequence[Result]) -> None:
    promising = {(lane.channel, lane.exercise) for lane in desk.channels.lanes() if lane.promises}
    awaited = [
        each.claimed.parcel.message_id for each in results if each.outcome.promised or each.outcome.result == "unknown"
    ]
    ladders = await store.ladders(work.db, awaited) if awaited else {}
    rows = []
    for each in results:
        then = after(each.outcome, each.claimed.attempts)
        parcel, outcome = each.claimed.parcel, each.outcome
        promised = (parcel.channel, parcel.exercise) in promising
        within = desk.table.receipts.within(ladders.get(parcel.message_id, ""))
        receipt_by = work.now + within if outcome.promised and then.state == "sent" else None
        asked = promised and then.state in ("sent", "unknown")
        rows.append(
            (
                parcel.message_id,
                parcel.channel,
                then.state,
                outcome.detail,
                then.slow,
                work.now + (then.retry_in or timedelta()),
                None if then.state == "queued" else work.now,
                masked(parcel.to),
                outcome.reason,
                outcome.provider_id,
                promised,
                receipt_by,
                first_question(work.now, receipt_by) if asked else None,
            )
        )
    await work.db.execute(_SETTLE, *(list(column) for column in zip(*rows, strict=True)))
