"""Who hears of a referral, at which step and by what: the table of domain analysis 4.3 as data."""

from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from events.agency import Level
from events.referral import LadderClass, Role, Severity

Channel = str  # a name of the channels file: sms, wecom, voice


class LadderFault(ValueError):
    """The ladder file is wrong; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Citation(_Strict):
    source: str
    clause: str
    label: Literal["policy", "law", "default", "unverified"]


class FirstNotice(_Strict):
    """By what the first notice of a referral goes out."""

    roles: tuple[Role, ...]
    severities: tuple[Severity, ...] | None = None  # none = every severity
    channels: tuple[Channel, ...] = Field(min_length=1)
    at_once: bool = False
    cite: Citation


class ToldOf(_Strict):
    """An answer of somebody else that the recipient learns of."""

    reason: str
    channels: tuple[Channel, ...] | None = None  # none = as the first notice
    cite: Citation


class Tell(_Strict):
    """One post of a step of the ladder."""

    agency: str
    at: Level | None = None
    function: str
    head_if_late: str | None = None
    text: str = "breached"


class Step(_Strict):
    """One level of the ladder for some classes of profiles."""

    level: int = Field(ge=1, le=4)
    classes: tuple[LadderClass, ...]
    profiles: tuple[str, ...] | None = None  # none = every profile
    tell: tuple[Tell, ...] = Field(min_length=1)
    channels: tuple[Channel, ...] = Field(min_length=1)
    cite: Citation


class Reminder(_Strict):
    """By what somebody hears who need not act: a copy's reminder, a reporter's feedback."""

    channels: tuple[Channel, ...] = Field(min_length=1)
    cite: Citation


class Receipts(_Strict):
    """For how long a receipt is waited for, by class of ladder, in minutes."""

    minutes: dict[LadderClass, int]
    others: int = Field(ge=1)
    cite: Citation

    def within(self, ladder: str) -> timedelta:
        """How long without a receipt is as good as a refusal."""
        return timedelta(minutes=next((n for name, n in self.minutes.items() if name == ladder), self.others))


class Ladder(_Strict):
    """The whole table."""

    edition: str
    first_notice: tuple[FirstNotice, ...]
    told_of: dict[str, ToldOf]
    steps: tuple[Step, ...]
    reminder: Reminder
    feedback: Reminder
    receipts: Receipts
    legal_overlays_as: LadderClass
    channel_order: tuple[Channel, ...] = Field(min_length=1)

    def first(self, role: Role, severity: Severity) -> FirstNotice:
        """The entry for a referral's first notice; the last one where none fits, so that nobody is left untold."""
        fits = (e for e in self.first_notice if role in e.roles and (e.severities is None or severity in e.severities))
        return next(fits, self.first_notice[-1])

    def at(self, level: int, ladder: LadderClass, profile: str) -> tuple[Step, ...]:
        """The steps of a level for a class and profile, in the order of the file."""
        return tuple(
            step
            for step in self.steps
            if step.level == level and ladder in step.classes and (step.profiles is None or profile in step.profiles)
        )


def read_ladder(text: str) -> Ladder:
    """A ladder file's text as a Ladder; raises LadderFault with every fault."""
    try:
        return Ladder.model_validate(yaml.load(text, yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise LadderFault([f"not YAML: {error}"]) from None
    except ValidationError as error:
        raise LadderFault([f"{'.'.join(map(str, f['loc']))}: {f['msg']}" for f in error.errors()]) from None


@cache
def ladder() -> Ladder:
    """The ladder that this edition ships."""
    return read_ladder(files("services.notifier").joinpath("ladder.yaml").read_text(encoding="utf-8"))
