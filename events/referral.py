"""What the referral service publishes on topic `referrals`, keyed by case: referrals with their clocks, and case timers.

Every message carries the whole referral as it then was and its `version`; a reader keeps the highest version it has
seen, so repeats and late arrivals change nothing.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from events.agency import Agency

Role = Literal["primary", "co", "cc"]
Severity = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"]
Classification = Literal["C1", "C2", "C3", "C4"]
State = Literal[
    "sent", "acknowledged", "accepted", "in_progress", "on_hold", "completed", "failed",
    "closed", "returned", "redirected", "cancelled", "void",
]  # fmt: skip
ClockState = Literal["running", "met", "breached", "paused", "cancelled"]
LadderClass = Literal["P1", "P2", "P3", "P4", "CC"]


class Message(BaseModel):
    """Base of the messages between services: frozen; a reader ignores fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
    TYPE: ClassVar[str]


class Basis(Message):
    """Why: a source (A, B, C, K01 …), the clause in it, and what weight it has."""

    TYPE: ClassVar[str] = ""
    source: str
    clause: str
    label: Literal["policy", "law", "default", "unverified"]


class Level(Message):
    """A step of the ladder: at this moment, if the clock still runs, level 1–4 is reached."""

    TYPE: ClassVar[str] = ""
    level: Annotated[int, Field(ge=1, le=4)]
    at: datetime


class ClockFact(Message):
    """One clock of a referral, all its moments fixed when it opened (promise 6)."""

    TYPE: ClassVar[str] = ""
    name: str  # ack, start, feedback, close, or the id of a legal overlay (LEG-…)
    kind: Literal["operational", "legal"] = "operational"
    started_at: datetime
    due_at: datetime
    legal_due_at: datetime | None = None  # rolled forward by law, where it differs
    warn_at: datetime | None = None
    levels: tuple[Level, ...] = ()  # escalation moments; level 1 is the breach itself. CC: level 1 only (a reminder)
    provisional: bool = False  # beyond the loaded holiday calendar
    state: ClockState = "running"
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    stopped_at: datetime | None = None
    remaining_seconds: int | None = None  # while paused


class ReferralFact(Message):
    """A referral, whole."""

    TYPE: ClassVar[str] = ""
    id: str
    number: str  # JL26-XXXXXXXX, for people
    case: str
    child: str | None = None  # child_ref; None for an unknown child or a case about an organisation
    event_source: str
    event_id: str
    event_type: str  # decides family and texts; never shown in a message
    family: str
    role: Role
    agency: Agency
    second_endpoints: tuple[Agency, ...] = ()  # R11: told too, may acknowledge too
    profile: str  # P1-POL … CC-STD
    ladder: LadderClass
    severity: Severity  # of the event
    classification: Classification
    state: State
    version: int
    opened_at: datetime
    county: str  # county of residence: co-ordination and fallback (6 digits)
    part_of: str | None = None
    redirecting_to: str | None = None
    exercise: bool = False
    clocks: tuple[ClockFact, ...] = ()
    basis: tuple[Basis, ...] = ()
    list_items: tuple[int | str, ...] = ()
    feedback_to: tuple[str, ...] = ()  # who reported, as source paths: of a primary, they learn that it has ended (R9)


class ReferralOpened(Message):
    """A referral was made; its recipient must be told at once (`notify_at` later only for quiet hours)."""

    TYPE: ClassVar[str] = "referral.opened.v1"
    referral: ReferralFact
    notify_at: datetime | None = None


class ReferralChanged(Message):
    """Somebody answered a referral, or a rule changed it."""

    TYPE: ClassVar[str] = "referral.changed.v1"
    referral: ReferralFact
    action: str  # acknowledge, start, complete, close, …
    at: datetime
    by: str  # role of who did it: officer, operations, co_ordinator, system


class CaseClosed(Message):
    """Every primary and co referral ended and the co-ordinator closed what was completed."""

    TYPE: ClassVar[str] = "case.closed.v1"
    case: str
    at: datetime


class TimerSet(Message):
    """Wake me at a moment: the tracker answers with `timer.due.v1` (a timer id is set once; a repeat changes nothing)."""

    TYPE: ClassVar[str] = "timer.set.v1"
    timer: str
    case: str
    what: str
    due_at: datetime


class TimerCancelled(Message):
    """The moment no longer matters."""

    TYPE: ClassVar[str] = "timer.cancelled.v1"
    timer: str
    case: str
