"""An obligation as the API gives it. Pure."""

from typing import Any

from services.tracker.obligation_events import local
from services.tracker.obligation_rows import BY_CALENDAR, Row
from services.tracker.obligation_rules import Obligations
from services.tracker.obligations import part_of

OPEN = ("open", "warned", "overdue")


def obligation_out(row: Row, rules: Obligations) -> dict[str, Any]:
    """What is owed, by whom, until when, on what basis, and whether somebody may say that it was done."""
    entry, part = rules.get(row.code), part_of(rules, row.code, row.part)
    by_hand = part is not None and "hand" in part.completed_by
    return {
        "id": row.id, "number": row.number, "code": row.code, "part": row.part, "title": entry.title.model_dump() if entry else None,
        "agency": {"kind": row.kind, "level": row.level, "area": row.area}, "to_role": row.role, "child": row.child_ref,
        "period": row.period, "opens_on": row.opens_on.isoformat(), "due_on": row.due_on.isoformat(), "due_at": local(row.due_at),
        "legal_due_on": row.legal_due_on.isoformat() if row.legal_due_on else None, "provisional": row.provisional,
        "state": row.state, "warned_at": local(row.warned_at) if row.warned_at else None,
        "overdue_at": local(row.overdue_at) if row.overdue_at else None, "ended_at": local(row.ended_at) if row.ended_at else None,
        "ended_by": row.ended_by, "moved": _moved(row.note), "event": row.event_id, "may_complete": by_hand and row.state in OPEN,
        "basis": [b.model_dump(exclude={"TYPE"}) for b in entry.basis] if entry else [],
    }  # fmt: skip


def _moved(note: str | None) -> dict[str, str] | None:
    """From which day to which the holidays moved a provisional one; another note is a person's own words, and stays with them."""
    if note is None or not note.startswith(BY_CALENDAR):
        return None
    before, _, after = note.removeprefix(BY_CALENDAR).partition("→")
    return {"from": before.strip(), "to": after.strip()}
