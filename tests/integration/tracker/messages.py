"""Messages of topic `referrals` as records, and what the tracker published, read back from the outbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from events.codec import from_kafka, to_kafka
from events.envelope import Event
from events.referral import Message, ReferralChanged, ReferralFact, ReferralOpened
from services.chassis.context import Context
from services.chassis.record import StoredRecord
from services.chassis.work import transaction
from services.tracker.handlers import on_referrals
from services.tracker.tick import fire_due

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def record(message: Message, offset: int = 0) -> StoredRecord:
    """A message as it lies in Kafka."""
    event = Event(id=f"e{offset}", source="/shouhu/220000/referral", type=message.TYPE, traceparent=TRACE,
                  data=message.model_dump(mode="json"))  # fmt: skip
    headers, value = to_kafka(event)
    return StoredRecord("referrals", 0, offset, 0, b"case1", value, headers)


def opened(fact: ReferralFact) -> ReferralOpened:
    """The first word of a referral."""
    return ReferralOpened(referral=fact)


def changed(fact: ReferralFact, at: datetime) -> ReferralChanged:
    """A later word of it."""
    return ReferralChanged(referral=fact, action="acknowledge", at=at, by="officer")


async def hear(context: Context, *messages: Message) -> None:
    """The tracker handles messages in one transaction, as from one batch."""
    async with transaction(context, "tracker") as work:
        await on_referrals(context, work, [record(message, n) for n, message in enumerate(messages)])


async def fire(context: Context, now: datetime, limit: int = 200) -> int:
    """One piece of what is due at a moment."""
    async with transaction(context, "tracker") as work:
        return await fire_due(work, now, limit)


async def published(context: Context) -> list[Event]:
    """Everything on topic `sla`, in order."""
    rows: Sequence[Any] = await context.pool.fetch(
        "select headers, value from chassis.outbox where topic = 'sla' order by id"
    )
    return [from_kafka([(name, _bytes(raw)) for name, raw in row["headers"]], row["value"]) for row in rows]


def _bytes(raw: str | bytes) -> bytes:
    return raw if isinstance(raw, bytes) else raw.encode()


async def said(context: Context) -> list[tuple[str, str, int]]:
    """(referral, clock, step) of what was published, 0 for a warning."""
    events = [event.data for event in await published(context) if event.type != "timer.due.v1"]
    return [(data["referral"]["id"], data["clock"], data.get("level", 0)) for data in events]
