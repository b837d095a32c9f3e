"""What the tracker publishes on topic `sla`, keyed by case: facts about time, each exactly once."""

from datetime import datetime
from typing import ClassVar

from events.referral import Message, ReferralFact


class SlaWarned(Message):
    """A clock will soon be due."""

    TYPE: ClassVar[str] = "referral.sla.warned.v1"
    referral: ReferralFact
    clock: str
    due_at: datetime
    at: datetime  # the moment the warning was due
    fired_at: datetime  # when the tracker said so; later than `at` after an outage


class SlaBreached(Message):
    """A clock passed its due time without its step (level 1), or went on without it to a higher level (2–4). Event E99."""

    TYPE: ClassVar[str] = "referral.sla.breached.v1"
    referral: ReferralFact
    clock: str
    level: int
    due_at: datetime
    at: datetime
    fired_at: datetime


class TimerDue(Message):
    """A moment that the referral service asked for has come."""

    TYPE: ClassVar[str] = "timer.due.v1"
    timer: str
    case: str
    what: str
    at: datetime
    fired_at: datetime
