"""A referral as pages show it, from a row of referral.current_view. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from events.agency import Agency
from services.console.disclosure import category
from services.console.waiting import ClockLine, clock_lines, next_due


@dataclass(frozen=True, slots=True)
class Line:
    """Number, urgency, place, role, state and what is owed next (`due`); `category` is (text group, code)."""

    id: str
    number: str
    version: int
    severity: str
    county: str
    agency: Agency
    second: tuple[Agency, ...]
    role: str
    state: str
    category: tuple[str, str]
    sealed: bool
    exercise: bool
    opened_at: datetime
    clocks: tuple[ClockLine, ...]
    due: ClockLine | None


def line_of(row: Mapping[str, Any], now: datetime, event_type: str = "") -> Line:
    """The line of a row; `event_type` where the reader may learn it (else the family is named)."""
    clocks = clock_lines(row["clocks"], now)
    role = row["role"] if event_type else "cc"
    return Line(
        id=str(row["id"]),
        number=row["number"],
        version=row["version"],
        severity=row["severity"],
        county=row["county"],
        agency=Agency(row["kind"], row["level"], row["area"]),
        second=tuple(Agency(each["kind"], each["level"], each["area"]) for each in row["second_endpoints"] or ()),
        role=row["role"],
        state=row["state"],
        category=category(role, row["kind"], row["classification"], event_type, row["family"]),
        sealed=row["classification"] == "C4",
        exercise=row["exercise"],
        opened_at=row["opened_at"],
        clocks=clocks,
        due=next_due(clocks),
    )
