"""The whole chain of one event: event → decision → referrals → messages → answers → clocks, with what the reader's role may see."""

from typing import Any

import asyncpg

from services.account.timeline import timeline_of
from services.chassis.clock import Clock
from services.chassis.database import Db
from services.referral.profiles import packaged_profiles
from services.referral.represent import clocks_explained, local
from services.referral.store import referral_from

EVENT = (
    "select * from intake.event_view where id = $1 and ($2::text is null or source = $2) order by accepted_at limit 2"
)
DECISION = "select * from referral.decision_view where source = $1 and event_id = $2"
REFERRALS = """select * from referral.referral_view where (event_source = $1 and event_id = $2) or (case_id = any($3::text[]) and $4)
  order by opened_at, role desc, id"""
MESSAGES = """select m.*, d.channel, d.state as delivery_state, d.detail as delivery_detail, d.at as delivery_at
  from notifier.message_view m left join notifier.delivery_view d on d.message_id = m.id
  where m.case_id = any($1::text[]) order by m.created_at, m.level, m.id, d.channel"""
DEAD = """select id, reason, rule, state, at, topic from chassis.dead_letter where event_id = $1 and ($2::text is null or event_source = $2)
  order by id desc limit 1"""
FOUND = """select source, event_id from (
    select event_source as source, event_id, opened_at as at from referral.current_view where id = $1 or number = upper($1)
    union all select source, event_id, at from referral.decision_view where cases @> array[$1]
    union all select source, id, accepted_at from intake.event_view where id = $1) found
  order by at, source limit 1"""


async def find(db: Db, query: str) -> tuple[str, str] | None:
    """The event (source, id) that an event id, case id, referral id or number leads to."""
    row = await db.fetchrow(FOUND, query.strip())
    return (row["source"], row["event_id"]) if row else None


async def trace(
    db: Db, event_id: str, source: str | None, clock: Clock, *, whole: bool = True
) -> dict[str, Any] | None:
    """The chain of an event, or None when nothing is known of it. Without `whole` only what its own source may see: the outcome's class."""
    rows = await db.fetch(EVENT, event_id, source)
    event = rows[0] if rows else None
    letter = await db.fetchrow(DEAD, event_id, source)
    if event is None and letter is None:
        return None
    where = event["source"] if event else source
    decision = await db.fetchrow(DECISION, where, event_id) if event else None
    outcome = (
        decision["outcome"] if decision else "dead_letter" if letter and letter["state"] != "replayed" else "pending"
    )
    told: dict[str, Any] = {
        "event": _event(event, event_id, where), "outcome": outcome,
        "decision": _decision(decision), "referrals": [], "messages": [], "timeline": [],
    }  # fmt: skip
    if letter:
        told["dead_letter"] = {"id": letter["id"], "reason": letter["reason"], "rule": letter["rule"], "state": letter["state"],
                               "at": local(letter["at"])}  # fmt: skip
    cases = list(decision["cases"]) if decision else []
    referrals = [referral_from(r) for r in await db.fetch(REFERRALS, where, event_id, cases, outcome == "attached")]
    if not whole:
        told["referrals"] = [{"number": r.fact.number, "state": r.fact.state, "outcome": r.outcome} for r in referrals]
        return told
    told["referrals"] = [{
        "id": r.id, "number": r.fact.number, "case": r.fact.case, "role": r.fact.role, "family": r.fact.family,
        "agency": {"kind": r.fact.agency.kind, "level": r.fact.agency.level, "area": r.fact.agency.area}, "profile": r.fact.profile,
        "severity": r.fact.severity, "state": r.fact.state, "version": r.fact.version, "opened_at": local(r.fact.opened_at),
        "part_of": r.fact.part_of, "basis": [b.model_dump() for b in r.fact.basis], "rules": list(r.rules), "outcome": r.outcome,
        "clocks": clocks_explained(r.fact, packaged_profiles()),
    } for r in referrals]  # fmt: skip
    mine = {r.id for r in referrals}
    told["messages"] = [_message(m) for m in await db.fetch(MESSAGES, cases) if mine & set(m["referral_ids"])]
    told["timeline"] = await timeline_of(db, cases) if cases else _alone(event)
    return told


def _event(row: asyncpg.Record | None, event_id: str, source: str | None) -> dict[str, Any]:
    if row is None:
        return {"id": event_id, "source": source}
    return {"id": row["id"], "source": row["source"], "type": row["type"], "time": local(row["time"]),
            "accepted_at": local(row["accepted_at"]), "via": row["via"], "exercise": row["exercise"],
            "flags": list(row["flags"])}  # fmt: skip


def _decision(row: asyncpg.Record | None) -> dict[str, Any]:
    if row is None:
        return {"rules": [], "edition": None, "case": None}
    return {"rules": list(row["rules"]), "edition": row["edition"], "case": row["cases"][0] if row["cases"] else None,
            "cases": list(row["cases"]), "why": row["why"], "tried": row["tried"], "at": local(row["at"])}  # fmt: skip


def _message(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "id": row["id"], "referral": row["referral_id"], "number": row["number"], "to_role": row["to_role"], "person": row["person_name"],
        "agency": {"kind": row["kind"], "level": row["level_of_agency"], "area": row["area"]}, "channel": row["channel"],
        "level": row["level"], "reason": row["reason"], "outcome": row["delivery_state"] or row["state"],
        "detail": row["delivery_detail"], "at": local(row["delivery_at"] or row["created_at"]), "text": row["text"],
    }  # fmt: skip


def _alone(event: asyncpg.Record | None) -> list[dict[str, Any]]:
    if event is None:
        return []
    return [{"at": local(event["accepted_at"]), "what": "event.accepted", "ids": {"event": event["id"], "source": event["source"]},
             "detail": {"type": event["type"]}}]  # fmt: skip
