"""A shift ends and nobody has acknowledged: whoever takes over is told, and the one before is not rung again. Pure.

Each first notice to a post with shifts leaves a notice that waits for the next hand-over; it costs one row, and nothing before then.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from services.directory.duty import Roster, next_change
from services.notifier.rows import NoticeRow, derived

HANDOVER = "handover"  # the text of what the next officer is told
REASON = "reminder"
FIRST = ("opened", "reopened")


def at_hand_over(row: NoticeRow) -> bool:
    """Whether it waits, or waited, for a hand-over. A copy's reminder is another thing: it belongs to a clock."""
    return row.reason == REASON and row.clock is None


def awaits(row: NoticeRow) -> bool:
    """Whether it is a first notice, or its repetition at a hand-over, to somebody who must act; a copy is reminded once (4.3)."""
    return row.role != "cc" and row.level == 0 and (row.reason in FIRST or at_hand_over(row))


def at_next_change(row: NoticeRow, roster: Roster | None, now: datetime, ahead: timedelta) -> NoticeRow | None:
    """The notice for the next hand-over of its post; None where nothing changes, or it is not waited for."""
    if roster is None or not awaits(row):
        return None
    at = next_change(roster, now, now + ahead)
    if at is None:
        return None
    return replace(
        row, id=derived("shift", row.id, at.isoformat()), gathering=derived("shift", row.gathering, at.isoformat()),
        merged_into=None, level=0, reason=REASON, text=HANDOVER, clock=None, not_before=at, created_at=now,
        state="waiting", failed=(),
    )  # fmt: skip
