"""What became of handing one message to one channel."""

from dataclasses import dataclass
from typing import Literal

Result = Literal["sent", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """sent: the provider took it. refused: it did not (`transient`: it may later). unknown: it may have (promise 2).

    `detail` says why in a few plain words, without the contact and without the provider's own text.
    """

    result: Result
    detail: str = ""
    transient: bool = False


SENT = Outcome("sent")


def refused(detail: str) -> Outcome:
    """The provider will not take this message on this channel."""
    return Outcome("refused", detail)


def refused_for_now(detail: str) -> Outcome:
    """Nothing was handed over; the same channel may be tried again."""
    return Outcome("refused", detail, transient=True)


def unknown(detail: str) -> Outcome:
    """It was handed over and nothing came back: never again on this channel."""
    return Outcome("unknown", detail)
