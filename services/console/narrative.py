"""History in words: a line of referral.log_view as a sentence. Pure; free text of answers is not repeated here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.chassis.clock import SHANGHAI
from services.console.texts import Text
from services.directory.agencies import agency_name
from services.directory.posts import parse_post


def said(what: str, detail: Mapping[str, Any] | None, text: Text) -> str:
    """What happened, with who did it and the reason's label where they are known."""
    detail = detail or {}
    parts = [_what(what, detail, text)]
    if what == "message":
        return " · ".join([*parts, *_message(detail, text)])
    if isinstance(clock := detail.get("clock"), str):
        parts.append(text.clock(clock))
    if what == "clock.moved":
        parts.append(" → ".join(_local(str(detail[when])) for when in ("was", "due_at")))
    if isinstance(reason := detail.get("reason"), str) and text.named("code", reason):
        parts.append(text.label("code", reason))
    if isinstance(by := detail.get("by"), str) and text.named("by", way := by.partition(":")[0]):
        parts.append(text.label("by", way))  # `sms:<person>`: acknowledged from a phone
    return " · ".join(parts)


def _local(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _what(what: str, detail: Mapping[str, Any], text: Text) -> str:
    action = detail.get("action")
    if isinstance(action, str) and text.named("action", action):
        return text.label("action", action)
    if text.named("happened", what):
        return text.label("happened", what)
    return text.label("action", what.removeprefix("referral."))


def _message(detail: Mapping[str, Any], text: Text) -> list[str]:
    """To which post, why, at which level."""
    try:
        post = parse_post(f"{detail.get('to')}/{detail.get('to_role')}")
    except ValueError:
        return []
    level = [f"{text('trace.level')} {detail['level']}"] if detail.get("level") else []
    reason = text.label("why", str(detail.get("reason") or ""))
    return [agency_name(post.agency, text.lang), post.name(text.lang), reason, *level]


def refusal(reason: str, text: Text) -> str:
    """The owner's reason for a refusal in the reader's language; as the owner said it where nobody translated it."""
    known = (said for begins, said in text.groups["refusal"].items() if reason.startswith(begins))
    return next(known, reason)
