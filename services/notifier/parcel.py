"""What is handed to a channel, and what a channel is to the rest of the notifier."""

from dataclasses import dataclass
from typing import Protocol

from services.notifier.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message for one person on one channel: all that a receiver gets."""

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


@dataclass(frozen=True, slots=True)
class Lane:
    """A channel with its own connections, so that a dead provider delays nobody else's messages."""

    channel: str
    exercise: bool
    connections: int

    @property
    def name(self) -> str:
        """`sms`, or `drill sms`: what NOTIFY calls it."""
        return f"drill {self.channel}" if self.exercise else self.channel


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
