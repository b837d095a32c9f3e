"""The channel of a simulation: it keeps what it is given and answers at once, as the scenario says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from services.notifier.outcome import Outcome, Receipt, refused, sent
from services.notifier.parcel import Lane, Parcel, Question

Answer = Literal["delivered", "failed", "no_receipt"]
NAMES = ("sms", "wecom", "voice")


@dataclass(frozen=True, slots=True)
class Setting:
    """From now on this answer, for whatever agrees with every key that is named: kind, level, area, role, channel."""

    answer: Answer
    agrees: Mapping[str, str]


@dataclass
class Recorder:
    """Implements `parcel.Channels`. The last setting that agrees decides; without one everything is delivered.

    `no_receipt` is taken and nothing is ever heard of it: the window for a receipt decides what follows.
    """

    settings: list[Setting] = field(default_factory=list)
    received: list[Parcel] = field(default_factory=list)

    def answer(self, answer: Answer, **agrees: str) -> None:
        """Set the answer for an agency (kind, level, area), a role and a channel, each of which may be left out."""
        self.settings.append(Setting(answer, agrees))

    def configured(self, exercise: bool) -> frozenset[str]:
        return frozenset(NAMES)

    def lanes(self) -> tuple[Lane, ...]:
        return tuple(Lane(name, exercise, 64, promises=True) for exercise in (False, True) for name in NAMES)

    async def send(self, parcel: Parcel) -> Outcome:
        has = {"kind": parcel.kind, "level": parcel.agency_level, "area": parcel.area,
               "role": parcel.to_role, "channel": parcel.channel}  # fmt: skip
        agreeing = (s.answer for s in reversed(self.settings) if all(has.get(k) == v for k, v in s.agrees.items()))
        answer = next(agreeing, "delivered")
        if answer == "failed":
            return refused("the scenario says so", "unreachable")
        self.received.append(parcel)
        return Outcome("delivered") if answer == "delivered" else sent(promised=True)

    async def ask(self, question: Question) -> Receipt | None:
        return None
