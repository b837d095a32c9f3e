"""What the notifier publishes on topic `notifications`: what became of each message."""

from datetime import datetime
from typing import ClassVar, Literal

from events.agency import Agency
from events.referral import Message


class NotificationRecorded(Message):
    """A message to one person by one channel reached an outcome."""

    TYPE: ClassVar[str] = "notification.recorded.v1"
    message_id: str
    referral: str
    agency: Agency
    to_role: str
    level: int
    reason: str  # opened, warned, breached, reminder, undelivered, closed
    channel: str
    outcome: Literal["sent", "refused", "unknown"]
    at: datetime
