"""A reminder that an obligation will soon be due, as a notice: several of one person and day become one message. Pure."""

from datetime import datetime

from events.envelope import Event
from events.sla import ObligationWarned
from services.notifier.ladder import Ladder
from services.notifier.rows import NoticeRow, derived

REASON = "obligation"


def reminder_row(event: Event, warned: ObligationWarned, table: Ladder, now: datetime) -> NoticeRow:
    """The notice for the person whose task it is; its text names a day, a number and a count, never a child."""
    agency, text = warned.agency, "visit_due" if warned.visit else "duty_due"
    post = f"{agency}/{warned.to_role}"
    return NoticeRow(
        id=derived("notice", event.id, warned.obligation),
        cause=event.id,
        gathering=derived("obligations", post, text, warned.due_on.isoformat(), warned.at.date().isoformat()),
        merged_into=None,
        referral_id=warned.obligation,
        number=warned.number,
        case_id=warned.obligation,  # there is no case yet: what is published about the message belongs to the obligation
        county=warned.county,
        role="primary",
        severity="LOW",
        classification="C4" if warned.sealed else "C3",
        kind=agency.kind,
        agency_level=agency.level,
        area=agency.area,
        function=warned.to_role,
        level=0,
        reason=REASON,
        text=text,
        clock=None,
        due_at=warned.due_at,
        channels=table.first("primary", "LOW").channels,
        exercise=event.exercise,
        not_before=now,
        created_at=now,
        traceparent=event.traceparent,
        state="waiting",
        failed=(),
        ladder="P4",
    )
