"""What a referral waits for: which of its clocks runs, until when, and whether it is late. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Standing = Literal["running", "late", "met", "met_late", "paused", "cancelled", "term"]


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock as a page shows it; `standing` is what it says, whatever the tracker has had time to record.

    `label`: what the figure is: law, default or unverified; empty where a row does not say it of a legal clock. `at_once`: law says at
    once. `duty` and `basis`: what law asks for and where; from the owner's API alone.
    """

    name: str
    legal: bool
    due_at: datetime
    legal_due_at: datetime | None
    stopped_at: datetime | None
    provisional: bool
    standing: Standing
    label: str = "default"
    duty: Mapping[str, str] | None = None
    basis: tuple[Mapping[str, Any], ...] = ()
    at_once: bool = False

    @property
    def waits(self) -> bool:
        """Whether somebody still owes this step."""
        return self.standing in ("running", "late")


def clock_lines(clocks: Sequence[Mapping[str, Any]], now: datetime) -> tuple[ClockLine, ...]:
    """The clocks of a referral (ClockFact as JSON), in the order of their due times."""
    lines = (
        ClockLine(
            name=clock["name"],
            legal=clock.get("kind") == "legal",
            due_at=moment(clock["due_at"]),
            legal_due_at=moment(clock["legal_due_at"]) if clock.get("legal_due_at") else None,
            stopped_at=moment(clock["stopped_at"]) if clock.get("stopped_at") else None,
            provisional=bool(clock.get("provisional")),
            standing=_standing(clock, now),
            label=str(clock.get("label") or ("" if clock.get("kind") == "legal" else "default")),
            duty=clock.get("duty"),
            basis=tuple(clock.get("basis") or ()),
            at_once=bool(clock.get("at_once")),
        )
        for clock in clocks
    )
    return tuple(sorted(lines, key=lambda line: line.due_at))


def next_due(lines: Iterable[ClockLine]) -> ClockLine | None:
    """The step that is owed first, late ones before all others; None when nothing is owed."""
    return min((line for line in lines if line.waits), key=lambda line: line.due_at, default=None)


def moment(value: str | datetime) -> datetime:
    """A moment from JSON or from a row."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _standing(clock: Mapping[str, Any], now: datetime) -> Standing:
    due, state = moment(clock["due_at"]), clock.get("state", "running")
    if clock.get("stopped_at"):
        return "met_late" if moment(clock["stopped_at"]) > due else "met"
    if state == "paused":
        return "paused"
    if state == "cancelled":
        return "cancelled"
    if state == "met":
        return "met"
    if clock.get("silent", clock.get("levels") == []):
        return "term"  # nobody is late with it: an order ends, a right to object lapses
    return "late" if now >= due else "running"
