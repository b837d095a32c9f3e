"""How the gateway treats a message: takes it, refuses it, is slow, or keeps it and says nothing."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.phone.inbox import Arrival

Mode = Literal["take", "refuse", "refuse_for_now", "slow", "silent"]


class Behaviour(BaseModel):
    """From now on this `mode` for messages to `to` on `channel`; either may be left out. `slow` waits `seconds`."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    mode: Mode
    to: str | None = None
    channel: str | None = None
    seconds: float = Field(default=5.0, ge=0, le=600)

    def agrees(self, arrival: Arrival) -> bool:
        """Whether it speaks of this message."""
        return self.to in (None, arrival.to) and self.channel in (None, arrival.channel)


class Behaviours:
    """What was set; the last one that agrees counts."""

    def __init__(self) -> None:
        self.settings: list[Behaviour] = []

    def set(self, behaviour: Behaviour) -> None:
        """Set one more; `take` for everybody forgets all the others."""
        if behaviour.mode == "take" and behaviour.to is None and behaviour.channel is None:
            self.settings.clear()
        else:
            self.settings.append(behaviour)

    def of(self, arrival: Arrival) -> Behaviour:
        """How this message is treated."""
        found = (each for each in reversed(self.settings) if each.agrees(arrival))
        return next(found, Behaviour(mode="take"))
