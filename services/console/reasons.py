"""Why was nobody told? Every reason that the chain of an event gives, in words. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from events.agency import Agency
from services.console.texts import Text
from services.directory.agencies import agency_name
from services.directory.posts import Post


def nobody_told(body: Mapping[str, Any], vacant: Sequence[Agency], text: Text) -> tuple[str, ...]:
    """The reasons, most general first; empty when every referral's people were told."""
    outcome = body.get("outcome")
    letter = body.get("dead_letter") or {}
    if outcome == "no_referral":
        why = (body.get("decision") or {}).get("why") or {}
        return tuple(filter(None, (text("trace.nobody_rule"), str(why.get(text.lang) or why.get("zh") or ""))))
    if outcome == "dead_letter":
        return (text("trace.nobody_dead", reason=letter.get("reason") or text("site.unknown")),)
    messages: Sequence[Mapping[str, Any]] = body.get("messages") or ()
    reasons = [text("trace.nobody_holder", post=_post(agency, text)) for agency in vacant] + [
        _refused(each, text) for each in messages if each.get("outcome") == "refused"
    ]
    if outcome == "referred" and not messages and not reasons:
        reasons.append(text("trace.nobody_no_messages"))
    return tuple(reasons)


def _refused(each: Mapping[str, Any], text: Text) -> str:
    who = str(each.get("person") or each.get("to_role") or "")
    return text(
        "trace.nobody_refused", who=who, channel=text.label("channel", str(each.get("channel") or "")),
        reason=str(each.get("detail") or text.label("delivery", "refused")),
    )  # fmt: skip


def _post(agency: Agency, text: Text) -> str:
    return f"{agency_name(agency, text.lang)} · {Post(agency, 'duty_officer').name(text.lang)}"
