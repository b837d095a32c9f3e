"""Records what became of deliveries, in batches, and takes the step that follows for each message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from events.agency import Agency
from events.envelope import Event
from events.notification import NotificationRecorded
from services.chassis.service import Context
from services.chassis.work import Work, transaction
from services.notifier import store
from services.notifier.attempt import Tried, after, next_step
from services.notifier.claim import Claimed
from services.notifier.compose import delivery, masked
from services.notifier.desk import Desk, desk_of
from services.notifier.outcome import Outcome
from services.notifier.rows import DeliveryRow, MessageRow, NoticeRow, derived
from services.notifier.telling import pass_on

TOPIC = "notifications"
SOURCE = "/shouhu/220000/notifier"

_SETTLE = """
update notifier.delivery d set state = s.state, detail = s.detail, slow = s.slow, next_at = s.next_at, at = s.at,
       contact_masked = s.contact
from (select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::timestamptz[],
      $7::timestamptz[], $8::text[]) as s(message_id, channel, state, detail, slow, next_at, at, contact)) s
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
        await _write(work, ordered)
        ids = {each.claimed.parcel.message_id for each in ordered}
        found = await store.messages(work.db, ids)
        await _follow(work, desk, found)
        about = await store.notices(work.db, {message.notice_id for message in found.values()})
        for each in ordered:
            message = found[each.claimed.parcel.message_id]
            if each.final:
                _publish(work, each, message, about[message.notice_id])


async def _write(work: Work, results: Sequence[Result]) -> None:
    rows = []
    for each in results:
        then = after(each.outcome, each.claimed.attempts)
        parcel = each.claimed.parcel
        next_at = work.now + (then.retry_in or timedelta())
        at = None if then.state == "queued" else work.now
        rows.append(
            (
                parcel.message_id,
                parcel.channel,
                then.state,
                each.outcome.detail,
                then.slow,
                next_at,
                at,
                masked(parcel.to),
            )
        )
    await work.db.execute(_SETTLE, *(list(column) for column in zip(*rows, strict=True)))


async def _follow(work: Work, desk: Desk, found: dict[str, MessageRow]) -> None:
    reached, unreached, more = [], [], []
    states = await store.tried(work.db, found)
    again = []
    for id_, message in found.items():
        rows = states[id_]
        step = next_step({row.channel: _tried(row) for row in rows}, message.usable)
        if step.do == "reached":
            reached.append(message)
        elif message.state == "open" and step.do == "channel" and step.channel is not None:
            again.append((message, step.channel, len(rows)))
        elif message.state == "open" and step.do == "next_person":
            unreached.append(message)
    if again:
        about = await store.notices(work.db, {message.notice_id for message, _, _ in again})
        more = [delivery(m, about[m.notice_id], channel, n, work.now) for m, channel, n in again]
        await store.keep(work.db, [], deliveries=more)
    if reached:
        await store.end_messages(work.db, [message.id for message in reached], "reached")
        await store.end_notices(work.db, [message.notice_id for message in reached], "told")
    if unreached:
        await store.end_messages(work.db, [message.id for message in unreached], "unreached")
        await pass_on(work, desk, unreached)


def _tried(row: DeliveryRow) -> Tried:
    return Tried("refused" if row.state == "not_needed" else row.state, row.slow)


def _publish(work: Work, result: Result, message: MessageRow, notice: NoticeRow) -> None:
    parcel = result.claimed.parcel
    fact = NotificationRecorded(
        message_id=message.id,
        referral=notice.referral_id,
        agency=Agency(message.kind, message.agency_level, message.area),
        to_role=message.to_role,
        level=message.level,
        reason=message.reason,
        channel=parcel.channel,
        outcome=result.outcome.result,
        at=work.now,
    )
    event = Event(
        id=derived("notification", message.id, parcel.channel, result.claimed.attempts),
        source=SOURCE,
        type=NotificationRecorded.TYPE,
        time=work.now,
        correlationid=notice.case_id,
        causationid=notice.cause,
        traceparent=notice.traceparent,
        exercise=message.exercise,
        data=fact.model_dump(mode="json"),
    )
    work.publish(TOPIC, notice.case_id, event)
