"""Rows: a notice (a post must be told), a message (one person told), a delivery (one channel of a message)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from events.agency import Agency, Level
from events.referral import Classification, ReferralFact, Role, Severity
from services.directory.posts import Post
from services.notifier.outcome import Reason
from services.notifier.recipients import Notice

PRIORITY: dict[Severity, int] = {"CRITICAL": 0, "HIGH": 1, "MEDIUM": 2, "LOW": 3}


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A row of notifier.notice; its names are the columns."""

    id: str
    cause: str
    gathering: str
    merged_into: str | None
    referral_id: str
    number: str
    case_id: str
    county: str
    role: Role
    severity: Severity
    classification: Classification
    kind: str
    agency_level: Level
    area: str
    function: str
    level: int
    reason: str
    text: str
    clock: str | None
    due_at: datetime | None
    channels: Sequence[str]
    exercise: bool
    not_before: datetime
    created_at: datetime
    traceparent: str | None
    state: Literal["waiting", "telling", "told", "undelivered", "not_needed"]
    failed: Sequence[str]
    ladder: str = ""  # class of the referral's ladder: how long a receipt is waited for

    @property
    def post(self) -> Post:
        return Post(Agency(self.kind, self.agency_level, self.area), self.function)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A row of notifier.message."""

    id: str
    notice_id: str
    referral_ids: Sequence[str]
    numbers: Sequence[str]
    kind: str
    agency_level: Level
    area: str
    to_role: str
    level: int
    reason: str
    person_id: str
    person_name: str
    text: str
    exercise: bool
    warnings: Sequence[str]
    usable: Sequence[str]
    created_at: datetime
    state: Literal["open", "reached", "unreached", "not_needed"]
    duty: Mapping[str, object] = field(default_factory=dict)  # who was on duty and why: compose.duty_record
    template: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A row of notifier.delivery."""

    message_id: str
    channel: str
    person_id: str
    exercise: bool
    priority: int
    position: int
    state: Literal["queued", "sending", "sent", "refused", "unknown", "not_needed", "delivered", "failed", "missing"]
    detail: str
    attempts: int
    slow: bool
    next_at: datetime
    claimed_at: datetime | None
    at: datetime | None
    contact_masked: str
    reason: Reason = ""
    provider_id: str = ""
    promised: bool = False  # its provider says what became of a message
    receipt_by: datetime | None = None  # a receipt is awaited until then
    ask_at: datetime | None = None
    asked: int = 0
    handed_at: datetime | None = None
    claimed_by: int | None = None
    again: bool = False  # a process that died may have handed it over


def derived(*parts: object) -> str:
    """An id that the same parts always give."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:24]


def notice_row(
    cause: str,
    referral: ReferralFact,
    notice: Notice,
    *,
    now: datetime,
    not_before: datetime | None = None,
    traceparent: str | None = None,
) -> NoticeRow:
    """The row for a notice about a referral; the same cause gives the same id."""
    what = (notice.post, notice.level, notice.reason, notice.clock or "")
    clocks = {clock.name: clock.due_at for clock in referral.clocks}
    return NoticeRow(
        id=derived("notice", cause, referral.id, *what),
        cause=cause,
        gathering=derived(
            "gathering", referral.event_source, referral.event_id, referral.role, referral.exercise, *what
        ),
        merged_into=None,
        referral_id=referral.id,
        number=referral.number,
        case_id=referral.case,
        county=referral.county,
        role=referral.role,
        severity=referral.severity,
        classification=referral.classification,
        kind=notice.agency.kind,
        agency_level=notice.agency.level,
        area=notice.agency.area,
        function=notice.function,
        level=notice.level,
        reason=notice.reason,
        text=notice.text,
        clock=notice.clock,
        due_at=clocks.get(notice.clock or "ack"),
        channels=notice.channels,
        exercise=referral.exercise,
        not_before=max(not_before or now, now),
        created_at=now,
        traceparent=traceparent,
        state="waiting",
        failed=(),
        ladder=referral.ladder,
    )
