"""What is due of one referral at a moment, as facts, and when to look again. Pure."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from events.referral import ClockFact, ReferralFact
from events.sla import SlaBreached, SlaWarned
from services.tracker.ladder import WARN, untold

ENDED = frozenset({"closed", "returned", "redirected", "cancelled", "void"})
Progress = Mapping[str, int]
"""Per clock (name and start) the last step that was told; a clock that starts anew begins anew."""


class Told(NamedTuple):
    """A fact about time with its id, the same whenever it is computed."""

    id: str
    fact: SlaWarned | SlaBreached


class Due(NamedTuple):
    """What to tell now, in order; what has then been told; and the next moment, None when nothing is left."""

    told: tuple[Told, ...]
    progress: dict[str, int]
    next_at: datetime | None


def key(clock: ClockFact) -> str:
    """A clock's name with its start: a reopened referral has the same names with new starts."""
    return f"{clock.name}|{clock.started_at.timestamp():.6f}"


def due(referral: ReferralFact, progress: Progress, now: datetime) -> Due:
    """Every step that has come by `now`, each once, earliest first; those missed in an outage included."""
    told: list[Told] = []
    reached = {key(clock): progress[key(clock)] for clock in referral.clocks if key(clock) in progress}
    ahead: list[datetime] = []
    for clock in referral.clocks if referral.state not in ENDED else ():
        for step in untold(clock, progress.get(key(clock), -1)):
            if step.at > now:
                ahead.append(step.at)
                break
            told.append(_tell(referral, clock, step.step, step.at, now))
            reached[key(clock)] = step.step
    told.sort(key=lambda one: one.fact.at)
    return Due(tuple(told), reached, min(ahead, default=None))


def next_moment(referral: ReferralFact, progress: Progress) -> datetime | None:
    """The earliest moment at which something is to be said about the referral; it may lie in the past."""
    if referral.state in ENDED:
        return None
    first = (untold(clock, progress.get(key(clock), -1))[:1] for clock in referral.clocks)
    return min((step.at for found in first for step in found), default=None)


def _tell(referral: ReferralFact, clock: ClockFact, step: int, at: datetime, now: datetime) -> Told:
    name = f"{referral.id}|{key(clock)}|{step}"
    about = {"referral": referral, "clock": clock.name, "due_at": clock.due_at, "at": at, "fired_at": now}
    fact = SlaWarned(**about) if step == WARN else SlaBreached(**about, level=step)
    return Told(fact_id(name), fact)


def fact_id(name: str) -> str:
    """The id of a fact of the tracker: derived, so that telling it twice is one event."""
    return "sla-" + hashlib.sha256(name.encode()).hexdigest()[:32]
