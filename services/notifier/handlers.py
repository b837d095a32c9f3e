"""What the notifier hears: referrals opened and changed, clocks warned and breached. Each becomes notices to posts."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import ValidationError

from events.codec import from_kafka
from events.envelope import Event
from events.faults import Unreadable
from events.heartbeat import PlatformHeartbeat
from events.referral import ReferralChanged, ReferralFact, ReferralOpened
from events.sla import ObligationWarned, SlaBreached, SlaWarned
from services.chassis.clock import SHANGHAI
from services.chassis.record import Record
from services.chassis.service import Context
from services.chassis.telemetry import current_traceparent
from services.chassis.work import Work
from services.notifier.desk import desk_of
from services.notifier.ladder import Ladder
from services.notifier.obligations import reminder_row
from services.notifier.pulse import arrived
from services.notifier.recipients import Notice, on_breached, on_changed, on_opened, on_warned
from services.notifier.rows import NoticeRow, notice_row
from services.notifier.telling import take


async def handle(context: Context, work: Work, records: Sequence[Record]) -> None:
    """Keep and tell what these records of `referrals` or `sla` ask for; what cannot be read is put aside."""
    desk = desk_of(context)
    rows: list[NoticeRow] = []
    for record in records:
        try:
            event = from_kafka(record.headers, record.value)
        except Unreadable as error:
            work.bury(record, reason=f"unreadable: {error}", rule="unreadable")
            continue
        if event.type == PlatformHeartbeat.TYPE:
            await arrived(work, event)
            continue
        try:
            with work.on(record):
                rows += notices(event, desk.table, work.now)
        except ValidationError as error:
            fields = ", ".join(sorted({".".join(map(str, fault["loc"])) for fault in error.errors()}))
            work.bury(
                record,
                reason=f"{event.type} does not keep its contract in: {fields}",
                rule="contract",
                event_source=event.source,
                event_id=event.id,
            )
    await take(work, desk, rows)


def notices(event: Event, table: Ladder, now: datetime) -> list[NoticeRow]:
    """The notices that an event asks for; none for the types that tell nobody. Raises ValidationError."""
    match event.type:
        case ReferralOpened.TYPE:
            opened = ReferralOpened.model_validate(event.data)
            return _rows(event, opened.referral, on_opened(opened.referral, table), now, opened.notify_at)
        case ReferralChanged.TYPE:
            changed = ReferralChanged.model_validate(event.data)
            on = changed.at.astimezone(SHANGHAI).date()
            return _rows(event, changed.referral, on_changed(changed.referral, changed.action, table, on), now)
        case SlaWarned.TYPE:
            warned = SlaWarned.model_validate(event.data)
            return _rows(event, warned.referral, on_warned(warned.referral, warned.clock, table), now)
        case SlaBreached.TYPE:
            breached = SlaBreached.model_validate(event.data)
            on = breached.at.astimezone(SHANGHAI).date()
            told = on_breached(breached.referral, breached.clock, breached.level, table, on)
            return _rows(event, breached.referral, told, now)
        case ObligationWarned.TYPE:
            return [reminder_row(event, ObligationWarned.model_validate(event.data), table, now)]
        case _:
            return []


def _rows(
    event: Event, referral: ReferralFact, told: Sequence[Notice], now: datetime, not_before: datetime | None = None
) -> list[NoticeRow]:
    trace = current_traceparent() or event.traceparent
    return [notice_row(event.id, referral, each, now=now, not_before=not_before, traceparent=trace) for each in told]
