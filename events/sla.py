"""What the tracker publishes on topic `sla`, keyed by case, or by obligation: facts about time, each exactly once."""

from datetime import date, datetime
from typing import ClassVar

from events.agency import Agency
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


class ObligationWarned(Message):
    """An obligation will soon be due: its owner is reminded. What is overdue is an event of its own (E84, E100)."""

    TYPE: ClassVar[str] = "obligation.warned.v1"
    obligation: str
    number: str  # V26-XXXXXXXX, for people
    code: str  # T01 … T37
    visit: bool
    agency: Agency
    to_role: str  # the function of the person whose task it is
    county: str  # for the message; 6 digits
    child: str | None = None  # child_ref; None for an agency's own duty
    due_on: date
    due_at: datetime
    sealed: bool = False  # C4: its owner is a named post
    at: datetime  # the moment the reminder was due
    fired_at: datetime
