"""From a provider's code to our vocabulary: exact codes first, then the longest beginning. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from services.notifier.outcome import Outcome, Reason, refused, refused_for_now, unknown

# A number that had its share for this minute or hour is tried again after this; its owner is told by another way meanwhile.
AGAIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Codes:
    """One provider's codes. `final`: it will not take this message. `for_now`: it may later. `number_full`: this contact
    had too many messages. `open`: it may have been sent.
    """

    final: Mapping[str, Reason]
    for_now: Mapping[str, Reason]
    number_full: tuple[str, ...] = ()
    open: tuple[str, ...] = ()

    def outcome(self, code: str) -> Outcome:
        """What a refusal with this code means; a code that nobody told us of is final, so that the next way follows at once."""
        if _longest(code, self.open):
            return unknown(f"the provider is not sure: {code}", "provider_fault")
        if _longest(code, self.number_full):
            return refused_for_now(f"too many messages to this contact: {code}", "throttled", AGAIN)
        final, for_now = _longest(code, self.final), _longest(code, self.for_now)
        if for_now and len(for_now) > len(final or ""):
            return refused_for_now(f"not now: {code}", self.for_now[for_now])
        return refused(f"refused: {code}", self.final[final] if final else "other")


def _longest(code: str, known: Mapping[str, Reason] | tuple[str, ...]) -> str | None:
    return max(
        (each for each in known if code == each or (each.endswith(".") and code.startswith(each))),
        key=len,
        default=None,
    )


def plain(code: object) -> str:
    """A provider's code as it may be kept and shown: short, and of a code's own signs only."""
    text = str(code)
    return text if 0 < len(text) <= 80 and all(sign.isalnum() or sign in "._:-" for sign in text) else "unreadable code"
