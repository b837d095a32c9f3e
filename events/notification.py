"""What the notifier publishes on topic `notifications`: what became of each message, and who answered one from a phone."""

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


class ReceiptRecorded(Message):
    """What became of a message that a provider had taken: on the phone, not on the phone, or nothing heard in time."""

    TYPE: ClassVar[str] = "receipt.recorded.v1"
    message_id: str
    referral: str
    agency: Agency
    to_role: str
    level: int
    reason: str
    channel: str
    result: Literal["delivered", "failed", "missing"]
    at: datetime


class ReplyReceived(Message):
    """A person on duty acknowledged referrals from a phone; a sender can be forged, so it acknowledges and does nothing else."""

    TYPE: ClassVar[str] = "reply.received.v1"
    reply: str  # the same for a repeat
    referrals: tuple[str, ...]
    person: str
    person_name: str
    channel: str  # sms, wecom
    at: datetime
