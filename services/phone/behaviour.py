"""How the gateway treats a message: takes it, refuses it, is slow, dies half way, or lies about it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Provider = Literal["json", "wecom", "aliyun-sms", "aliyun-voice", "tencent-sms", "tencent-voice"]
Mode = Literal[
    "take",
    "refuse",  # with `code`, else with the provider's code for a number that does not exist
    "refuse_for_now",  # with `code`, else with the provider's code for its own trouble
    "slow",  # takes it after `seconds`
    "silent",  # takes it at once, and answers only after `seconds`
    "half_dead",  # the connection opens, and no answer ever comes
    "no_receipt",  # takes it, the phone has it, nobody ever says so
    "undelivered",  # takes it, and says later (`code`) that the phone did not get it
    "forged",  # takes it, the phone does not get it, and somebody who is not the provider says that it did
]
ARRIVES = frozenset({"take", "slow", "silent", "no_receipt"})


class Behaviour(BaseModel):
    """From now on this `mode` for messages to `to`, on `channel`, by `provider`; each may be left out.

    `receipt_after`: seconds until the carrier says what became of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    mode: Mode
    to: str | None = None
    channel: str | None = None
    provider: Provider | None = None
    seconds: float = Field(default=5.0, ge=0, le=600)
    code: str = Field(default="", max_length=64)
    receipt_after: float = Field(default=1.0, ge=0, le=3600)

    def agrees(self, to: str | None, channel: str, provider: str) -> bool:
        """Whether it speaks of this message; `to` None asks about a provider as a whole."""
        return self.to in (None, to) and self.channel in (None, channel) and self.provider in (None, provider)

    @property
    def of_all(self) -> bool:
        """Whether it names no one and nothing."""
        return self.to is None and self.channel is None and self.provider is None


class Behaviours:
    """What was set; the last one that agrees counts."""

    def __init__(self) -> None:
        self.settings: list[Behaviour] = []

    def set(self, behaviour: Behaviour) -> None:
        """Set one more; `take` for everybody forgets all the others."""
        if behaviour.of_all:
            self.settings.clear()
        if behaviour != Behaviour(mode="take"):
            self.settings.append(behaviour)

    def of(self, to: str, channel: str, provider: Provider) -> Behaviour:
        """How this message is treated."""
        found = (each for each in reversed(self.settings) if each.agrees(to, channel, provider))
        return next(found, Behaviour(mode="take"))

    def of_provider(self, provider: Provider, channel: str) -> Behaviour:
        """How a provider treats calls that are no messages: those for a token, a state or a receipt."""
        found = (each for each in reversed(self.settings) if each.to is None and each.agrees(None, channel, provider))
        return next(found, Behaviour(mode="take"))
