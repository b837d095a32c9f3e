"""What any service publishes on topic `dead-letters`: where a record stands that it could not handle, and why."""

from datetime import datetime
from typing import ClassVar

from events.referral import Message


class RecordBuried(Message):
    """A record was put aside; its bytes lie encrypted in the service's database, nothing of them stands here."""

    TYPE: ClassVar[str] = "record.buried.v1"
    service: str
    topic: str
    partition: int
    offset: int
    reason: str
    rule: str
    event_source: str | None = None
    event_id: str | None = None
    record_at: datetime
