"""What to do next with one message to one person: pure, over what became of it on each channel so far.

Nobody is told twice on a channel (promise 2); a message that was not handed over always has a next step (promise 3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from services.notifier.outcome import Outcome

State = Literal["queued", "sending", "sent", "refused", "unknown", "delivered", "failed", "missing"]
FAILED = frozenset({"refused", "unknown", "failed", "missing"})
LOST = frozenset({"refused", "failed"})  # nobody will hear of it there

# A transient refusal is tried again on the same channel after these waits; then the next channel or person follows.
QUICK_RETRIES = (timedelta(milliseconds=500), timedelta(seconds=2), timedelta(seconds=5))
# … and the refused one goes on knocking slowly, as long as nobody was reached in its stead.
SLOW_RETRIES = (timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60), timedelta(minutes=5))


@dataclass(frozen=True, slots=True)
class Tried:
    """A channel of a message: its state, and whether its quick retries are used up (`slow`).

    `promised`: its provider says what became of a message; `awaited`: it has not yet, and still may in time.
    """

    state: State
    slow: bool = False
    promised: bool = False
    awaited: bool = False

    @property
    def pending(self) -> bool:
        """An outcome is still to come soon."""
        return (
            self.state == "sending"
            or (self.state == "queued" and not self.slow)
            or (self.state == "sent" and self.awaited)
        )


@dataclass(frozen=True, slots=True)
class Step:
    """`wait` for outcomes, `reached`, try one more `channel`, go to the `next_person`, or `both` at once."""

    do: Literal["wait", "reached", "channel", "next_person", "both"]
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The channels that a message starts with, and a warning for each wanted one that had to be replaced."""

    channels: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    usable: tuple[str, ...] = ()  # every channel that reaches the person, in the order in which they stand in


def plan(wanted: Sequence[str], order: Sequence[str], configured: frozenset[str], contacts: frozenset[str]) -> Plan:
    """The channels to start with for a person; none when there is none at all.

    A wanted one that is not configured, or for which the person has no contact, is replaced by the next of `order`.
    """
    usable = [name for name in dict.fromkeys((*order, *sorted(configured))) if name in configured and name in contacts]
    chosen = [name for name in dict.fromkeys(wanted) if name in usable]
    warnings = []
    for name in dict.fromkeys(wanted):
        if name in usable:
            continue
        why = "is not configured" if name not in configured else "has no contact of this person"
        stands_in = next((other for other in usable if other not in chosen), None)
        if stands_in is not None:
            chosen.append(stands_in)
        warnings.append(f"{name} {why}; {stands_in or 'nothing'} instead")
    return Plan(tuple(chosen), tuple(warnings), tuple(usable))


def next_step(tried: Mapping[str, Tried], usable: Sequence[str]) -> Step:
    """What follows for a message, given each channel that was tried and the `usable` ones in their order.

    A receipt is proof. Being taken by a channel that gives no receipts counts once nothing else is awaited, as long as no
    channel that gives them has failed: a telephone that is off is a reason to go on, whatever lies unread in an application.
    Where time was lost by waiting for a receipt, or several channels are lost for certain, the next person is told beside
    the next channel, not after it: what is left may fail as well (domain 4.3, Not delivered: at once).
    """
    states = tried.values()
    if any(each.state == "delivered" for each in states):
        return Step("reached")
    if any(each.pending for each in states):
        return Step("wait")
    failed = any(each.promised and each.state in FAILED for each in states)
    if not failed and any(each.state == "sent" for each in states):
        return Step("reached")
    untried = next((name for name in usable if name not in tried), None)
    if untried is None:
        return Step("next_person")
    # One refusal is answered by the next channel: with a provider down, every milder notice would climb to the fallback owner.
    refused = len(tried) > 1 and all(each.state in LOST for each in states)
    lost = refused or any(each.state == "missing" for each in states)
    return Step("both" if lost else "channel", untried)


@dataclass(frozen=True, slots=True)
class After:
    """What a delivery becomes by an outcome: its state, and when it is tried again (None = never)."""

    state: State
    retry_in: timedelta | None = None
    slow: bool = False


def after(outcome: Outcome, attempts: int) -> After:
    """The state of a delivery whose `attempts`-th try had this outcome."""
    if not outcome.transient:
        return After(outcome.result)
    if outcome.retry_in is not None:  # this contact had its share: the next way follows at once
        return After("queued", outcome.retry_in, slow=True)
    if attempts <= len(QUICK_RETRIES):
        return After("queued", QUICK_RETRIES[attempts - 1])
    step = min(attempts - len(QUICK_RETRIES), len(SLOW_RETRIES)) - 1
    return After("queued", SLOW_RETRIES[step], slow=True)
