"""The steps of one clock, in order, and which of them have been told. Pure."""

from datetime import datetime
from typing import NamedTuple

from events.referral import ClockFact

WARN = 0  # the warning; steps 1–4 are the levels of the ladder, 1 the breach itself


class Step(NamedTuple):
    """A moment at which something is to be said about a clock."""

    at: datetime
    step: int


def steps(clock: ClockFact) -> list[Step]:
    """Every step that the clock may come to, in the order in which they are told: warning, breach, level by level."""
    warn = [Step(clock.warn_at, WARN)] if clock.warn_at else []
    return warn + sorted((Step(level.at, level.level) for level in clock.levels), key=lambda step: step.step)


def runs(clock: ClockFact) -> bool:
    """Whether time goes on against the clock: running, or breached and not stopped yet."""
    return clock.state in ("running", "breached") and clock.stopped_at is None


def untold(clock: ClockFact, told: int) -> list[Step]:
    """What is still to be said while the clock runs; `told` is the last step that was, -1 for none."""
    return [step for step in steps(clock) if step.step > told] if runs(clock) else []
