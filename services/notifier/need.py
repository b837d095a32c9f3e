"""Whether a referral still needs a message that is about to go out: pure, over what the referral service publishes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Now:
    """A referral as it is at this moment: its state and its clocks, as `ClockFact` writes them."""

    state: str
    clocks: Sequence[Mapping[str, Any]]

    def runs(self, clock: str) -> bool:
        """Whether that clock still waits for its step, in time or late. Paused, stopped and unknown clocks do not."""
        return any(
            each["name"] == clock and each.get("stopped_at") is None and each.get("state") in ("running", "breached")
            for each in self.clocks
        )


def still_needed(reason: str, clock: str | None, referrals: Sequence[Now | None]) -> bool:
    """Whether any of a message's referrals needs it. A referral that nothing is known of does: silence is worse.

    A first notice, and its repetition at a hand-over, is void once somebody answered; a notice of the ladder, once its
    clock stopped; others never.
    """
    return any(each is None or _needs(reason, clock, each) for each in referrals)


def _needs(reason: str, clock: str | None, referral: Now) -> bool:
    if clock is not None:
        return referral.runs(clock)
    return referral.state == "sent" if reason in ("opened", "reminder") else True
