"""A case as it lives in memory while something is decided: one child's (or household's, or organisation's) open matter."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from events.envelope import Event
from events.referral import ReferralFact

END_STATES = frozenset({"closed", "returned", "redirected", "cancelled", "void"})


def is_open(referral: ReferralFact) -> bool:
    """Not in an end state; a copy (cc) ends when it is acknowledged (design section 6)."""
    if referral.role == "cc" and referral.state != "sent":
        return False
    return referral.state not in END_STATES


@dataclass
class Referral:
    """A referral and what the contract does not carry: how it came about and what was answered."""

    fact: ReferralFact
    rules: tuple[str, ...] = ()
    caused_by: str = ""
    returns: int = 0  # how often this matter was returned already (R4)
    handler: str | None = None
    outcome: str | None = None
    note: dict[str, Any] = field(default_factory=dict)
    trace: str | None = None  # W3C traceparent that its messages go on with
    is_new: bool = False
    noted: bool = False  # changed without a new version: a clock was marked late; to be written, not to be published
    changes: list[tuple[str, datetime, str]] = field(default_factory=list)  # (action, at, by), to publish

    @property
    def id(self) -> str:
        """Its id."""
        return self.fact.id

    @property
    def row(self) -> str:
        """The row of the routing table that made it: its event's type, or the one that a mandatory report carried (E44)."""
        return str(self.note.get("row") or self.fact.event_type.rsplit(".v", 1)[0])

    @property
    def open(self) -> bool:
        """Whether it still waits for somebody."""
        return is_open(self.fact)

    def change(self, action: str, at: datetime, by: str, **update: Any) -> None:
        """Move to the next version."""
        self.fact = self.fact.model_copy(update={**update, "version": self.fact.version + 1})
        self.changes.append((action, at, by))


@dataclass
class Timer:
    """A moment at which to look again, with the event to look at."""

    id: str
    what: str
    due_at: datetime
    again: bool
    child: str | None
    event: dict[str, Any]  # the event as it was accepted
    outlives: bool = False  # not cancelled when the case closes
    cancelled_by: tuple[str, ...] = ()
    cancelled_by_acts: tuple[str, ...] = ()
    cancelled_if: dict[str, Any] = field(
        default_factory=dict
    )  # conditions of the rule, as they stood when the timer was set
    state: str = "set"  # set, cancelled, done
    is_new: bool = False


@dataclass
class LogEntry:
    """One line of the case's history."""

    at: datetime
    what: str
    referral: str | None
    ids: dict[str, Any]
    detail: dict[str, Any]


@dataclass
class Case:
    """The aggregate: everything that one decision may read or change."""

    id: str
    opened_at: datetime
    children: list[str]
    county: str
    state: str = "open"
    version: int = 0
    address_hash: str | None = None
    household: str | None = None
    incident: str | None = None
    organisation: str | None = None
    exercise: bool = False
    edition: str = ""
    held: list[dict[str, Any]] = field(default_factory=list)  # village tasks waiting for release (R6)
    referrals: dict[str, Referral] = field(default_factory=dict)
    timers: dict[str, Timer] = field(default_factory=dict)
    closed_at: datetime | None = None
    is_new: bool = False
    # what the decision adds, for the shell to store and publish
    log: list[LogEntry] = field(default_factory=list)
    derived: list[tuple[Event, datetime]] = field(default_factory=list)
    external: list[dict[str, Any]] = field(default_factory=list)
    new_children: list[str] = field(default_factory=list)

    def note(self, at: datetime, what: str, referral: str | None = None, **ids_and_detail: Any) -> None:
        """Write a line of history; `detail` is its own dictionary, everything else are ids."""
        detail = ids_and_detail.pop("detail", {})
        self.log.append(
            LogEntry(at, what, referral, {k: v for k, v in ids_and_detail.items() if v is not None}, detail)
        )

    def open_of(self, child: str | None, family: str) -> list[Referral]:
        """The open referrals of one child in one event family."""
        return [r for r in self.referrals.values() if r.open and r.fact.child == child and r.fact.family == family]
