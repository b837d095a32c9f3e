"""A provider's limits on how much it takes: per account and second, per number and minute, hour, day."""

from collections import defaultdict, deque
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.phone.behaviour import Provider

Span = Literal["second", "minute", "hour", "day"]
SPANS: dict[Span, timedelta] = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}


class Limit(BaseModel):
    """At most so many messages of a provider: `second` over all numbers, the others for each number."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    provider: Provider
    second: int | None = Field(default=None, ge=1)
    minute: int | None = Field(default=None, ge=1)
    hour: int | None = Field(default=None, ge=1)
    day: int | None = Field(default=None, ge=1)


class Limits:
    """What was set, and what was taken lately. Nothing is limited at first: a demo rings the same few phones all day."""

    def __init__(self) -> None:
        self.settings: dict[Provider, Limit] = {}
        self._taken: dict[tuple[str, str], deque[datetime]] = defaultdict(deque)

    def set(self, limit: Limit) -> None:
        """Set a provider's limits in the place of those that it had."""
        self.settings[limit.provider] = limit
        self._taken.clear()

    def hit(self, provider: Provider, to: str, now: datetime) -> Span | None:
        """The limit that this message would pass; None if it may be taken, which counts it."""
        limit = self.settings.get(provider)
        if limit is None:
            return None
        account, number = self._taken[provider, ""], self._taken[provider, to]
        bounds: dict[Span, int | None] = {
            "second": limit.second,
            "minute": limit.minute,
            "hour": limit.hour,
            "day": limit.day,
        }
        for span, bound in bounds.items():
            taken = account if span == "second" else number
            if bound is not None and sum(at > now - SPANS[span] for at in taken) >= bound:
                return span
        for taken, kept in ((account, SPANS["second"]), (number, SPANS["day"])):
            taken.append(now)
            while taken and taken[0] <= now - kept:
                taken.popleft()
        return None
