"""The history of one case, or of everything, in order: what happened, when, to which ids."""

from typing import Any

from services.chassis.database import Db
from services.referral.represent import local

LOG = "select * from referral.log_view where $1::text[] is null or case_id = any($1) order by at, id"
MESSAGES = (
    "select * from notifier.message_view where $1::text[] is null or case_id = any($1) order by created_at, level, id"
)
EVENTS = """select e.source, e.id, e.type, e.accepted_at from intake.event_view e
  where $1::text[] is null or exists (select 1 from referral.decision_view d where d.source = e.source and d.event_id = e.id and d.cases && $1)
  order by e.accepted_at, e.seq"""
# At one moment: the event, what was decided, then who was told.
ORDER = {"event.accepted": 0, "message": 2}


async def timeline_of(db: Db, cases: list[str] | None = None) -> list[dict[str, Any]]:
    """Entries `{at, what, ids{}, detail{}}`, oldest first; of all cases without `cases`."""
    entries = [{"at": e["accepted_at"], "what": "event.accepted", "ids": {"event": e["id"], "source": e["source"]},
                "detail": {"type": e["type"]}} for e in await db.fetch(EVENTS, cases)]  # fmt: skip
    for row in await db.fetch(LOG, cases):
        named = {"case": row["case_id"], "referral": row["referral_id"], **row["ids"]}
        entries.append(
            {
                "at": row["at"],
                "what": row["what"],
                "ids": {k: v for k, v in named.items() if v is not None},
                "detail": row["detail"],
            }
        )
    for row in await db.fetch(MESSAGES, cases):
        detail = {"to": f"{row['kind']}@{row['level_of_agency']}/{row['area']}", "to_role": row["to_role"], "level": row["level"],
                  "reason": row["reason"], "channels": list(row["channels"])}  # fmt: skip
        ids = {"message": row["id"], "referral": row["referral_id"], "case": row["case_id"], "number": row["number"]}
        entries.append({"at": row["created_at"], "what": "message", "ids": ids, "detail": detail})
    entries.sort(key=lambda entry: (entry["at"], ORDER.get(entry["what"], 1)))
    return [{**entry, "at": local(entry["at"])} for entry in entries]
