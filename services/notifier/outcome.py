"""What became of handing one message to one channel, and what its provider says later."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Result = Literal["sent", "refused", "unknown", "delivered"]
# Why, in one vocabulary for all providers. `signature_wrong`: the SMS signature or the request's own. `not_permitted`: the
# account, its keys or its address. `provider_fault`: the provider's own trouble. `unreachable`: the phone did not get it.
Reason = Literal[
    "", "bad_number", "no_such_user", "not_licensed", "blocked", "throttled", "no_balance", "template_wrong", "text_refused",
    "signature_wrong", "not_permitted", "provider_fault", "no_connection", "no_answer", "unreachable", "not_configured", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """sent: the provider took it. refused: it did not (`transient`: it may later). unknown: it may have (promise 2).
    delivered: the provider says at once that it arrived.

    `detail` says why in a few plain words, without the contact and without the provider's own text. `provider_id` is the
    provider's name for it. `promised`: the provider will say what became of it. `retry_in`: this contact is throttled, try
    again only then; others are tried meanwhile.
    """

    result: Result
    detail: str = ""
    transient: bool = False
    reason: Reason = ""
    provider_id: str = ""
    promised: bool = False
    retry_in: timedelta | None = None


SENT = Outcome("sent")


def sent(provider_id: str = "", *, promised: bool = False) -> Outcome:
    """The provider took it, under this id; with `promised` a receipt will follow."""
    return Outcome("sent", provider_id=provider_id, promised=promised)


def refused(detail: str, reason: Reason = "other") -> Outcome:
    """The provider will not take this message on this channel."""
    return Outcome("refused", detail, reason=reason)


def refused_for_now(detail: str, reason: Reason = "provider_fault", retry_in: timedelta | None = None) -> Outcome:
    """Nothing was handed over; the same channel may be tried again."""
    return Outcome("refused", detail, transient=True, reason=reason, retry_in=retry_in)


def unknown(detail: str, reason: Reason = "no_answer") -> Outcome:
    """It was handed over and nothing came back: never again on this channel."""
    return Outcome("unknown", detail, reason=reason)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider knows of a message that it took: on its way, on the phone, or not on the phone and why."""

    result: Literal["waiting", "delivered", "failed"]
    detail: str = ""
    reason: Reason = ""
    provider_id: str = ""
