"""Why was nobody told? Every reason that the chain of an event gives, in words. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from events.agency import Agency
from services.console.texts import Text
from services.directory.agencies import agency_name

_HANDED_OVER = frozenset({"sent", "delivered", "unknown"})


def nobody_told(body: Mapping[str, Any], vacant: Sequence[Agency], buried: str | None, text: Text) -> tuple[str, ...]:
    """The reasons, most general first; empty when every referral's people were told."""
    outcome = body.get("outcome")
    if outcome == "no_referral":
        return (text("trace.nobody_rule"),)
    if outcome == "dead_letter":
        return (text("trace.nobody_dead", reason=buried or text("site.unknown")),)
    messages: Sequence[Mapping[str, Any]] = body.get("messages") or ()
    reasons = [text("trace.nobody_holder", post=f"{agency_name(agency, text.lang)}") for agency in vacant] + [
        _refused(each, text) for each in messages if each.get("outcome") == "refused"
    ]
    if outcome == "referred" and not messages and not reasons:
        reasons.append(text("trace.nobody_no_messages"))
    told = {each.get("referral") for each in messages if each.get("outcome") in _HANDED_OVER}
    return tuple(reasons) if reasons or not told else ()


def _refused(each: Mapping[str, Any], text: Text) -> str:
    who = str(each.get("person") or each.get("to_role") or "")
    return text(
        "trace.nobody_refused", who=who, channel=text.label("channel", str(each.get("channel") or "")),
        reason=str(each.get("detail") or text.label("delivery", "refused")),
    )  # fmt: skip
