"""The shape of a rule, and whether its conditions hold. Conditions are `fact: {operator: value}`; there is no language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from events.referral import Basis, Role, Severity

if TYPE_CHECKING:
    from services.referral.profiles import Profiles
    from services.referral.service_list import ServiceList

Scalar = bool | int | float | str
Where = Literal["res", "huk", "occ", "source", "school", "holder", "addressee", "owner"]


class RuleModel(BaseModel):
    """Base of everything read from the rulebook: frozen, and a word it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(RuleModel):
    """One fact compared by exactly one of four operators; `unknown` says what an absent fact means."""

    equals: Scalar | None = None
    any_of: tuple[Scalar, ...] | None = None
    below: float | None = None
    at_least: float | None = None
    unknown: Literal["match", "no_match"] = "no_match"

    @model_validator(mode="after")
    def _one_operator(self) -> "Condition":
        given = [name for name in ("equals", "any_of", "below", "at_least") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("a condition has exactly one of equals, any_of, below, at_least")
        return self

    def holds(self, value: Any) -> bool:
        """Whether a fact's value satisfies this condition; None is unknown."""
        if value is None or value == "unknown":
            return self.unknown == "match" or self.equals == "unknown"
        if self.equals is not None:
            return bool(value == self.equals) and isinstance(value, bool) == isinstance(self.equals, bool)
        if self.any_of is not None:
            return value in self.any_of
        if self.below is not None:
            return bool(value < self.below)
        return bool(value >= self.at_least)


Conditions = Mapping[str, Condition]


class Recipient(RuleModel):
    """Who is told: a kind of agency, at a level, for whose area, in which role and with which clocks.

    Without `profile` the severity decides for that kind; without `level` a county body, a single institution or a township as the
    kind has it.
    """

    role: Role
    kind: str | None = None  # a kind of the directory; `source` for whoever reported, `superior_of_holder` (E45)
    kinds_from: str | None = None  # instead of kind: a fact that names a kind, or several (`needs` of E77)
    level: Literal["province", "city", "county", "township", "village", "unit"] | None = None
    where: Where = "res"
    profile: str | None = None
    when: dict[str, Condition] = Field(default_factory=dict, alias="if")
    second: tuple[str, ...] = ()  # kinds at the county that are told too and may acknowledge too (R11)
    instead: tuple[str, ...] = ()  # kinds that stand in, in order, where the first does not exist
    consent: bool = False  # on hold until the guardian's or child's consent is recorded
    after_release: bool = False  # R6: a village-level harm task waits until police or county civil affairs release it
    even_if_source: bool = False  # the row names it, although it reported
    legal: tuple[str, ...] = ()  # legal clocks (LEG-…) that this referral has from T beside its profile's own
    since: str | None = None  # legal clocks start at this field of the event's data; else at T
    later: bool = False  # made without clocks: an answer's overlay starts them
    aid: bool = False  # asked for aid: the township helps the family to apply (R14)
    list_items: tuple[int | str, ...] = ()  # service items and programmes that it is asked for (section 6)

    @model_validator(mode="after")
    def _one_kind(self) -> "Recipient":
        if (self.kind is None) == (self.kinds_from is None):
            raise ValueError("a recipient has exactly one of kind, kinds_from")
        return self


class Overlay(RuleModel):
    """A legal clock that an event starts on the open referral of somebody in the child's case: the first of `of` that there is."""

    clock: str
    of: tuple[str, ...] = Field(min_length=1)  # kinds of agency, in order; a primary before a co
    since: str | None = None  # the legal event's own moment, a field of the data; else T
    when: dict[str, Condition] = Field(default_factory=dict, alias="if")


class Stop(RuleModel):
    """A clock that an event stops, on every referral of these kinds in the child's case."""

    clock: str
    of: tuple[str, ...] = ()  # any kind when empty


class OnAct(RuleModel):
    """A rule that runs when an officer has answered: `action` on a referral of one of these kinds, made by one of these event types."""

    action: Literal["feedback", "complete", "redirect"]
    event: tuple[str, ...] = Field(min_length=1)  # `*`: whatever the event was
    by: tuple[str, ...] = ()  # kinds; any when empty
    receiver: tuple[str, ...] = ()  # `redirect`: kinds that it goes to; any when empty
    role: Role | None = None
    profile: tuple[str, ...] = ()


class TimerSpec(RuleModel):
    """Look again later: `again` runs the event's row anew at that moment; otherwise the rules `on_timer` of this name run."""

    what: str
    after: timedelta | None = None
    since: str | None = None  # count from this time field of the event instead of T
    at: time | None = None  # today at this time of day
    working_days: int | None = None
    school_days: int | None = None
    again: bool = False
    when: dict[str, Condition] = Field(default_factory=dict, alias="if")
    outlives: bool = False  # goes on when the case closes; its moment opens the case again
    cancelled_by: tuple[str, ...] = ()  # event types about the same child that make it moot
    cancelled_if: dict[str, Condition] = Field(
        default_factory=dict
    )  # … or what a later event about it says, of the same type
    cancelled_by_acts: tuple[str, ...] = ()  # "kind:action"


class Example(RuleModel):
    """An event that must, or must not, match."""

    name: str
    given: dict[str, Any] = Field(default_factory=dict)  # facts
    matches: bool


class ActionText(RuleModel):
    """What the recipients are asked to do."""

    zh: str
    en: str


class InForce(RuleModel):
    """From (inclusive) to (exclusive, or open)."""

    from_: date = Field(alias="from")
    to: date | None = None

    def covers(self, on: date) -> bool:
        """Whether the rule is in force on that day."""
        return self.from_ <= on and (self.to is None or on < self.to)


class Rule(RuleModel):
    """One row of the law: for these events, under these conditions, these recipients, because of these clauses.

    Exactly one of `event`, `on_timer` and `on_act` says when it is asked.
    """

    id: str
    event: tuple[str, ...] = ()  # types without version; empty with on_timer
    on_timer: str | None = None
    on_act: OnAct | None = None
    adds: bool = False  # adds to the row that matched; never brings a primary
    basis: tuple[Basis, ...] = Field(min_length=1)
    in_force: InForce
    when: dict[str, Condition] = Field(default_factory=dict)
    to: tuple[Recipient, ...] = ()
    no_referral: ActionText | None = None  # the rule says that nobody is told, and why
    timers: tuple[TimerSpec, ...] = ()
    derive: tuple[str, ...] = ()  # event types published at once because of this one
    derive_as: str | None = None  # … or a fact that names the type (a hotline's lead, E90)
    overlays: tuple[Overlay, ...] = ()
    stops: tuple[Stop, ...] = ()
    # referrals made by these event types about the child are completed and closed by this event or timer
    ends: tuple[str, ...] = ()
    ends_of: tuple[str, ...] = ()  # … of these kinds of agency only; of all when empty
    ends_profiles: tuple[str, ...] = ()  # … with these clocks only; a copy, or what a CRITICAL event asked, goes on
    ends_same: str | None = None  # … whose own event does not name another value of this field
    ends_to: Literal["closed", "completed"] = "closed"  # completed: the co-ordinator still closes it
    once: str | None = None  # a value of this field that was seen about the child before opens nothing
    severity: Severity | None = None  # of what this rule makes, where it is calmer than the event was
    alone: bool = False  # nobody else is told: no co-ordinator joins (R2)
    outcome: str | None = None  # with `ends`: the outcome code
    action: ActionText | None = None
    examples: tuple[Example, ...] = ()


class Aggregate(RuleModel):
    """Several signals about one child that together are more than each (E101): this many of a severity within a time."""

    severity: Severity
    at_least: int = Field(ge=2)
    within: timedelta
    derive: str  # the event type that is published
    basis: tuple[Basis, ...] = Field(min_length=1)


class SeverityRule(RuleModel):
    """How urgent an event type is: the first `cases` entry whose conditions hold, else the default."""

    event: tuple[str, ...]
    default: Severity
    cases: tuple["SeverityCase", ...] = ()
    basis: tuple[Basis, ...] = Field(min_length=1)


class SeverityCase(RuleModel):
    """Under these conditions, this severity."""

    severity: Severity
    when: dict[str, Condition]


class LegalSource(RuleModel):
    """A statute, policy or notice that rules cite."""

    id: str
    title: str
    number: str | None = None
    issuer: str | None = None
    in_force: InForce
    status: Literal["in_force", "amended", "repealed", "lapse_review"]
    read: Literal["full", "part", "secondary", "memory", "own"]
    where: str = Field(min_length=2)  # in which text it was read
    last_checked: date

    @model_validator(mode="after")
    def _ends_when_repealed(self) -> "LegalSource":
        if self.status == "repealed" and self.in_force.to is None:
            raise ValueError("a repealed source ends, expected in_force.to")
        return self


@dataclass(frozen=True)
class Rulebook:
    """One edition of the law, indexed by event type."""

    edition: str
    sources: Mapping[str, LegalSource]
    rules: tuple[Rule, ...]
    severities: Mapping[str, SeverityRule]
    fallback: Rule
    by_event: Mapping[str, Sequence[Rule]]
    by_timer: Mapping[str, Sequence[Rule]]
    by_act: Mapping[str, Sequence[Rule]] = field(
        default_factory=dict
    )  # by the event type of the referral that is answered
    aggregates: tuple[Aggregate, ...] = ()
    services: "ServiceList | None" = None  # the service lists; the packaged ones without
    profiles: "Profiles | None" = None  # the clocks of this edition, in words and figures
