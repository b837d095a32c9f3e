"""What follows once something is known of a delivery: told, the next channel, or the next person; and the account of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from events.agency import Agency
from events.envelope import Event
from events.notification import NotificationRecorded, ReceiptRecorded
from services.chassis.work import Work
from services.notifier import store
from services.notifier.attempt import Tried, next_step
from services.notifier.compose import delivery
from services.notifier.desk import Desk
from services.notifier.rows import DeliveryRow, MessageRow, NoticeRow, derived
from services.notifier.telling import pass_on

TOPIC = "notifications"
SOURCE = "/shouhu/220000/notifier"
Recorded = Literal["sent", "refused", "unknown", "delivered", "failed", "missing"]


@dataclass(frozen=True, slots=True)
class Known:
    """What is to be told of a delivery; `nth` sets apart what is told of the same one again."""

    message_id: str
    channel: str
    outcome: Recorded
    nth: object


async def follow(work: Work, desk: Desk, ids: Collection[str], known: Sequence[Known] = ()) -> None:
    """Take the step that follows for each of these messages, and publish what is known."""
    found = await store.messages(work.db, ids)
    await _steps(work, desk, found)
    if known:
        about = await store.notices(work.db, {message.notice_id for message in found.values()})
        for each in known:
            message = found[each.message_id]
            _publish(work, each, message, about[message.notice_id])


async def _steps(work: Work, desk: Desk, found: dict[str, MessageRow]) -> None:
    reached, unreached, again = [], [], []
    states = await store.tried(work.db, found)
    for id_, message in found.items():
        rows = states[id_]
        step = next_step({row.channel: _tried(row, work.now) for row in rows}, message.usable)
        if step.do == "reached":
            reached.append(message)
        elif message.state == "open":
            if step.channel is not None:
                again.append((message, step.channel, len(rows)))
            if step.do in ("next_person", "both"):
                unreached.append(message)
    if again:
        about = await store.notices(work.db, {message.notice_id for message, _, _ in again})
        more = [delivery(m, about[m.notice_id], channel, n, work.now) for m, channel, n in again]
        await store.keep(work.db, [], deliveries=more)
    if reached:
        await store.end_messages(work.db, [message.id for message in reached], "reached")
        await store.end_notices(work.db, await _answered_for(work, reached), "told")
    if unreached:
        await store.end_messages(work.db, [message.id for message in unreached], "unreached")
        await pass_on(work, desk, unreached)
        await store.told_after_all(work.db, {message.notice_id for message in unreached})


async def _answered_for(work: Work, reached: Sequence[MessageRow]) -> list[str]:
    """The notices that these messages end.

    Whoever was passed over and is reached late, by a further channel, ends none that somebody else is being told of:
    that person was said to take over, and the chain goes on until somebody who is to act is reached.
    """
    late = {message.notice_id for message in reached if message.state == "unreached"}
    taken_over = await store.being_told(work.db, late) if late else set()
    return [message.notice_id for message in reached if message.notice_id not in taken_over]


def _tried(row: DeliveryRow, now: datetime) -> Tried:
    state = "refused" if row.state == "not_needed" else row.state
    return Tried(state, row.slow, row.promised, row.receipt_by is not None and row.receipt_by > now)


def _publish(work: Work, known: Known, message: MessageRow, notice: NoticeRow) -> None:
    told = {
        "message_id": message.id, "referral": notice.referral_id, "to_role": message.to_role, "level": message.level,
        "agency": Agency(message.kind, message.agency_level, message.area), "reason": message.reason,
        "channel": known.channel, "at": work.now,
    }  # fmt: skip
    fact: NotificationRecorded | ReceiptRecorded
    if known.outcome in ("delivered", "failed", "missing"):
        fact = ReceiptRecorded.model_validate(told | {"result": known.outcome})
    else:
        fact = NotificationRecorded.model_validate(told | {"outcome": known.outcome})
    event = Event(
        id=derived("notification", message.id, known.channel, known.nth),
        source=SOURCE,
        type=fact.TYPE,
        time=work.now,
        correlationid=notice.case_id,
        causationid=notice.cause,
        traceparent=notice.traceparent,
        exercise=message.exercise,
        data=fact.model_dump(mode="json"),
    )
    work.publish(TOPIC, notice.case_id, event)
