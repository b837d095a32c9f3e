"""What is handed to a channel, and what a channel is to the rest of the notifier."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.notifier.outcome import Outcome, Receipt


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message for one person on one channel: all that a receiver gets.

    `template` and `params` are the text again, as the name of a template and what fills it (texts.py): providers of SMS
    and calls take no free text. `acknowledge`: one of its referrals still waits for that. `again`: a process that died
    may have handed it over already.
    """

    message_id: str
    referral: str  # number
    to_role: str
    level: int
    exercise: bool
    to: str
    channel: str
    text: str
    reason: str
    kind: str
    agency_level: str
    area: str
    template: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    acknowledge: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What became of a message that was handed over at `since` (or may have been)?"""

    message_id: str
    channel: str
    exercise: bool
    to: str
    provider_id: str  # "" when no answer came
    since: datetime


@dataclass(frozen=True, slots=True)
class Lane:
    """A channel with its own connections, so that a dead provider delays nobody else's messages."""

    channel: str
    exercise: bool
    connections: int
    promises: bool = False  # its provider says what became of a message

    @property
    def name(self) -> str:
        """`sms`, or `drill sms`: what NOTIFY calls it."""
        return f"drill {self.channel}" if self.exercise else self.channel

    @property
    def ordinary(self) -> int:
        """How many places others than CRITICAL may take: a quarter is kept free for those."""
        return self.connections - self.connections // 4


class Channels(Protocol):
    """Every way out of one process."""

    def configured(self, exercise: bool) -> frozenset[str]:
        """Names of the channels that messages, or drill messages, can go out by."""
        ...

    def lanes(self) -> tuple[Lane, ...]:
        """All of them, with how many messages each may have under way."""
        ...

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand it over once; never raises for what the outside does."""
        ...

    async def ask(self, question: Question) -> Receipt | None:
        """What the provider knows of a message; None if it cannot be asked, does not answer or knows of none."""
        ...
