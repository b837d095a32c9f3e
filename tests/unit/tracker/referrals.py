"""A referral for the tracker's tests: ack due after 15 minutes, start after 30, ladder +0, +10, +30, +120."""

from datetime import UTC, datetime, timedelta
from typing import Any

from events.agency import Agency
from events.referral import ClockFact, Level, ReferralFact

T = datetime(2026, 10, 2, 12, 14, tzinfo=UTC)


def minutes(n: float) -> datetime:
    """A moment n minutes after T."""
    return T + timedelta(minutes=n)


def clock(name: str, warn: float, due: float, **changed: Any) -> ClockFact:
    """A P1 clock with its ladder."""
    levels = tuple(Level(level=n, at=minutes(due + late)) for n, late in enumerate((0, 10, 30, 120), 1))
    fields: dict[str, Any] = {
        "name": name,
        "started_at": T,
        "due_at": minutes(due),
        "warn_at": minutes(warn),
        "levels": levels,
    }
    return ClockFact(**{**fields, **changed})


def referral(
    name: str = "r1",
    *,
    version: int = 1,
    case: str = "case1",
    ack: dict[str, Any] | None = None,
    start: dict[str, Any] | None = None,
    **changed: Any,
) -> ReferralFact:
    """A civil-affairs referral of a CRITICAL event."""
    fields: dict[str, Any] = {
        "id": name, "number": "JL26-ABCDEFGH", "case": case, "child": "c_1", "event_source": "/hospital/220122/h1",
        "event_id": "e1", "event_type": "abuse.domestic_violence.suspected.v1", "family": "harm", "role": "co",
        "agency": Agency(kind="civil_affairs", level="county", area="220122"), "profile": "P1-CIV", "ladder": "P1",
        "severity": "CRITICAL", "classification": "C3", "state": "sent", "version": version, "opened_at": T,
        "county": "220122",
        "clocks": (clock("ack", 9, 15, **(ack or {})), clock("start", 18, 30, **(start or {}))),
    }  # fmt: skip
    return ReferralFact(**{**fields, **changed})
