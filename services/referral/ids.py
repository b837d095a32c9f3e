"""Ids derived from what they are about, so that a redelivered event gives the same answer (promises 2 and 8)."""

import hashlib
from base64 import b32encode
from datetime import date, datetime
from zoneinfo import ZoneInfo

from events.agency import Agency

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _digest(*parts: str | None) -> str:
    # A separator that no part can contain keeps ("ab","c") and ("a","bc") apart.
    joined = "\x1f".join("" if part is None else part for part in parts)
    # 20 bytes are 32 characters without padding, more than any id takes.
    return b32encode(hashlib.sha256(joined.encode()).digest()[:20]).decode()


def case_id(event_source: str, event_id: str, subject: str | None) -> str:
    """The case that an event opens about a child, an unknown child or an organisation."""
    return "case_" + _digest("case", event_source, event_id, subject)[:20].lower()


def referral_id(case: str, cause: str, agency: Agency, child: str | None, profile: str) -> str:
    """The referral that a cause (event, act or timer) makes for an agency."""
    return "ref_" + _digest("referral", case, cause, str(agency), child, profile)[:20].lower()


def number(referral: str, opened_at: datetime, attempt: int = 0) -> str:
    """The number for people: JL + year + 8 base32 characters; `attempt` gives another one after a collision."""
    year = opened_at.astimezone(SHANGHAI).year % 100
    return f"JL{year:02d}-{_digest('number', referral, str(attempt))[:8]}"


def timer_id(case: str, what: str, cause: str) -> str:
    """A timer of a case, set once by its cause."""
    return "tmr_" + _digest("timer", case, what, cause)[:20].lower()


def derived_event_id(event_type: str, *cause: str) -> str:
    """The id of an event that we derive from another."""
    return "d_" + _digest("derived", event_type, *cause)[:24].lower()


def message_id(kind: str, *about: str) -> str:
    """The CloudEvents id of a message between services."""
    return _digest(kind, *about)[:26].lower()


def lock_key(text: str) -> int:
    """A 63-bit number for PostgreSQL's advisory locks."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def activation_id(edition: str, from_date: date, number: int) -> str:
    """The proposal to put an edition in force from a day; `number` of all proposals before it."""
    return "act_" + _digest("activation", edition, from_date.isoformat(), str(number))[:12].lower()
