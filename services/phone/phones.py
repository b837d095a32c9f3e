"""What the page shows: the phones that rang last, each with its last messages, by person where one is known."""

from collections.abc import Mapping
from typing import Any

import asyncpg

from services.phone.inbox import SENT

_LAST = f"""
with last as (select * from phone.message order by id desc limit 1000)
select p.id, p.message_id, p."to", p.channel, p.text, p.exercise, p.at, p.submission,
       coalesce(nullif(p.referral, ''), v.number, '') as referral, coalesce(nullif(p.to_role, ''), v.to_role, '') as to_role,
       coalesce(nullif(p.kind, ''), v.kind, '') as kind, coalesce(nullif(p.agency_level, ''), v.level_of_agency, '') as agency_level,
       coalesce(nullif(p.area, ''), v.area, '') as area, coalesce(v.level, p.level) as level,
       v.person_id, v.person_name, s.provider, s.card, coalesce(s.recalled, false) as recalled,
       count(*) over (partition by p.message_id, p.channel, p."to") as times
from last p
{SENT}
left join phone.submission s on p.submission <> '' and s.id = p.submission and s."to" = p."to"
order by p.id desc
"""
_REPLIES = 'select "from", text, at from phone.reply order by id desc limit 200'
OWN = ("name", "kind", "agency_level", "area", "to_role")


async def phones(pool: asyncpg.Pool, limit: int = 24, each: int = 12) -> list[dict[str, Any]]:
    """`{name, kind, agency_level, area, to_role, sms, messages[], replies[]}`; `sms`: the number one can answer from."""
    rows = await pool.fetch(_LAST)
    owner: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        if row["person_id"] is not None:
            owner.setdefault(row["to"], dict(row))
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        known = row if row["person_id"] is not None else owner.get(row["to"], row)
        phone = found.setdefault(
            known["person_id"] or row["to"],
            {
                **{name: known[name] for name in OWN if name != "name"},
                "name": known["person_name"] or row["to"],
                "sms": None,
                "messages": [],
                "replies": [],
            },
        )
        if len(phone["messages"]) < each:
            phone["messages"].append(dict(row))
        if phone["sms"] is None and row["channel"] == "sms" and row["submission"]:
            phone["sms"] = row["to"]
    by_number = {phone["sms"]: phone for phone in found.values() if phone["sms"] is not None}
    for reply in await pool.fetch(_REPLIES):
        replies = by_number.get(reply["from"], {}).get("replies")
        if replies is not None and len(replies) < 3:
            replies.append(dict(reply))
    return list(found.values())[:limit]


async def has_card(pool: asyncpg.Pool, user: str) -> bool:
    """Whether this WeCom user got a message here: only then is there a phone from which something can be opened."""
    return bool(
        await pool.fetchval(
            "select exists (select from phone.submission where provider = 'wecom' and \"to\" = $1)", user
        )
    )
