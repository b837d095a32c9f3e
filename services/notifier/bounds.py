"""How many messages a person can take in, and when what was held together is told: bounds.yaml as data."""

from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from services.chassis.clock import SHANGHAI
from services.law.rulebook_file import load_yaml
from services.notifier.ladder import Citation


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Storm(_Strict):
    """Messages of their own that a person gets; whatever comes beyond is told together."""

    alone_in_a_minute: int = Field(ge=1)
    alone_in_an_hour: int = Field(ge=1)
    together_every_minutes: int = Field(ge=1, le=30)
    cite: Citation

    def next_together(self, now: datetime) -> datetime:
        """The next moment at which what was held is told: the same for everybody, so that it needs no memory."""
        every = self.together_every_minutes * 60
        return datetime.fromtimestamp((now.timestamp() // every + 1) * every, now.tzinfo)


class ShiftChange(_Strict):
    """How far ahead a hand-over is looked for."""

    days_ahead: int = Field(ge=1, le=60)
    cite: Citation

    @property
    def ahead(self) -> timedelta:
        return timedelta(days=self.days_ahead)


class Daily(_Strict):
    """When the day's digest goes out (time in Jilin)."""

    at: time
    cite: Citation

    def last(self, now: datetime) -> datetime:
        """The latest such moment that has come."""
        local = now.astimezone(SHANGHAI)
        today = datetime.combine(local.date(), self.at, SHANGHAI)
        return today if today <= local else today - timedelta(days=1)


class Bounds(_Strict):
    """The whole file."""

    edition: str
    storm: Storm
    shift_change: ShiftChange
    daily: Daily


@cache
def bounds() -> Bounds:
    """The bounds that this edition ships."""
    text = files("services.notifier").joinpath("bounds.yaml").read_text(encoding="utf-8")
    return Bounds.model_validate(load_yaml("bounds.yaml", text))
