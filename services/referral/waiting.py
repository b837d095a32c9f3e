"""What a referral waits for: its next due moment, and whether it holds its case open. Pure."""

from datetime import datetime

from events.referral import ReferralFact
from services.referral.case import END_STATES, is_open


def next_due(fact: ReferralFact) -> datetime | None:
    """The earliest due moment of a clock that has not stopped, None when nothing is awaited; a silent term awaits nobody."""
    if not is_open(fact):
        return None
    running = [
        clock.due_at
        for clock in fact.clocks
        if clock.stopped_at is None and clock.state in ("running", "breached") and clock.levels
    ]
    return min(running, default=None)


def binding(fact: ReferralFact) -> bool:
    """Whether the case cannot close before this referral ends."""
    return fact.role != "cc" and fact.state not in END_STATES


def breached(fact: ReferralFact) -> bool:
    """Whether some clock of an open referral is overdue now (a flag, never a state: promise 4)."""
    return is_open(fact) and any(clock.breached_at is not None and clock.stopped_at is None for clock in fact.clocks)
