"""What a simulation reports, read from the views that services publish (the object of design section 8)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg

from events.referral import ReferralFact
from services.account.timeline import timeline_of
from services.chassis.context import Context
from services.chassis.database import Db
from services.law.calendar import local_day
from services.referral import store
from services.referral.case import Referral
from services.referral.represent import clocks_of, local


async def report(context: Context, names: Mapping[str, str], rejected: list[dict[str, Any]]) -> dict[str, Any]:
    """Everything that happened, with the scenario's own names of children and times in +08:00."""
    async with context.pool.acquire() as db:
        cases = await db.fetch("select * from referral.case_view order by opened_at, id")
        rows = await db.fetch("select * from referral.referral_view order by opened_at, role desc, id")
        messages = await _told(db)
        obligations = await db.fetch(
            "select * from tracker.obligation_view where child_ref is not null order by due_on, code, id"
        )
        digests = await db.fetch("select * from referral.digest_view order by at, child_ref, event_id")
        external = await db.fetch("select * from referral.external_notice_view order by at")
        return {
            "cases": [{"id": c["id"], "children": [names.get(ref, ref) for ref in c["children"]], "state": c["state"],
                       "opened_at": local(c["opened_at"]), "closed_at": local(c["closed_at"])} for c in cases],
            "referrals": [_referral(row, names) for row in rows],
            "notifications": [_notification(row) for row in messages],
            "obligations": [_obligation(row, names) for row in obligations],
            "external_notices": [{"at": local(x["at"]), "to_area": x["to_area"], "event": x["event_id"]} for x in external],
            "digests": [_digest(row, names) for row in digests],
            "rejected": [{**entry, "at": local(entry["at"])} for entry in [*rejected, *await _buried(db)]],
            "timeline": await timeline_of(db),
        }  # fmt: skip


async def _told(db: Db) -> list[asyncpg.Record]:
    """Messages as people got them, each with the channels it was handed to; what was answered before it went out is no message."""
    return await db.fetch(
        "select * from (select m.*, array(select channel from notifier.delivery_view d"
        " where d.message_id = m.id and d.state = 'not_needed') as unneeded from notifier.message_view m) told"
        " where channels = '{}' or not channels <@ unneeded order by created_at, level, id"
    )


async def _buried(db: Db) -> list[dict[str, Any]]:
    """What a service of ours could not handle; refusals at the sources' own door are told where they happen."""
    rows = await db.fetch(
        "select at, service, reason from chassis.dead_letter where topic <> 'in.sample' order by at, id"
    )
    return [
        {"at": row["at"], "referral": None, "action": f"dead letter of {row['service']}", "reason": row["reason"]}
        for row in rows
    ]


def _referral(row: asyncpg.Record, names: Mapping[str, str]) -> dict[str, Any]:
    referral = store.referral_from(row)
    fact: ReferralFact = referral.fact
    return {
        "id": fact.id, "number": fact.number, "case": fact.case, "child": names.get(fact.child or "", fact.child), "event": fact.event_id,
        "opened_at": local(fact.opened_at), "part_of": fact.part_of, "role": fact.role,
        "agency": {"kind": fact.agency.kind, "level": fact.agency.level, "area": fact.agency.area}, "profile": fact.profile,
        "severity": fact.severity, "family": fact.family, "state": fact.state, "outcome": referral.outcome,
        "redirecting_to": fact.redirecting_to, "basis": [b.model_dump() for b in fact.basis], "rules": list(referral.rules),
        "list_items": list(fact.list_items), "consent_pending": consent_pending(referral), "clocks": clocks_of(fact),
    }  # fmt: skip


def _obligation(row: asyncpg.Record, names: Mapping[str, str]) -> dict[str, Any]:
    warned, overdue = row["warned_at"], row["overdue_at"]
    return {
        "code": row["code"], "agency": {"kind": row["kind"], "level": row["level"], "area": row["area"]}, "to_role": row["role"],
        "child": names.get(row["child_ref"], row["child_ref"]), "due_on": row["due_on"].isoformat(),
        "warned_on": local_day(warned).isoformat() if warned else None, "state": row["state"],
        "overdue_at": local(overdue), "done_on": local_day(row["ended_at"]).isoformat() if row["state"] == "done" else None,
        "number": row["number"],
    }  # fmt: skip


def consent_pending(referral: Referral) -> list[int | str]:
    """The items that wait for consent; of a referral on hold for it without items of its own, `all`."""
    items = list(referral.note.get("consent_items") or ())
    return items or (["all"] if referral.note.get("consent_pending") else [])


def _digest(row: asyncpg.Record, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "at": local(row["at"]), "to_role": row["to_role"], "child": names.get(row["child_ref"], row["child_ref"]),
        "agency": {"kind": row["kind"], "level": row["level"], "area": row["area"]}, "list_items": row["list_items"],
        "event": row["event_id"],
    }  # fmt: skip


def _notification(row: asyncpg.Record) -> dict[str, Any]:
    at: datetime = row["created_at"]
    return {
        "at": local(at), "agency": {"kind": row["kind"], "level": row["level_of_agency"], "area": row["area"]}, "to_role": row["to_role"],
        "level": row["level"], "reason": row["reason"], "channels": [c for c in row["channels"] if c not in row["unneeded"]], "text": row["text"],
        "referrals": list(row["numbers"]),
    }  # fmt: skip
