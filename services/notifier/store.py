"""The notifier's own tables, in statements for many rows at once; rows travel as the dataclasses they are, as JSON."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from services.chassis.database import Db
from services.notifier.compose import Composed
from services.notifier.rows import DeliveryRow, MessageRow, NoticeRow

WAKE = "shouhu_messages"  # NOTIFY channel: something is to be delivered on the lane that the payload names
ASK = "ask"  # … or with this payload: a provider is to be asked what became of a message

# Looked up one by one (`offset 0` keeps the planner from turning it round), so that the cost does not grow with what
# else is open: a join of the two tables reads every open message once thousands wait.
_UNSTARTED = """
select g.gathering, m.* from unnest($1::text[]) g(gathering)
cross join lateral (select n.id from notifier.notice n
  where n.gathering = g.gathering and n.state = 'telling' offset 0) n
cross join lateral (select m.* from notifier.message m where m.notice_id = n.id and m.state = 'open' offset 0) m
order by m.id
"""
_KEEP = """
with notice as (
  insert into notifier.notice select * from jsonb_populate_recordset(null::notifier.notice, $1)
  on conflict (id) do update set state = excluded.state, merged_into = excluded.merged_into, failed = excluded.failed
), message as (
  insert into notifier.message select * from jsonb_populate_recordset(null::notifier.message, $2)
  on conflict (id) do nothing
), delivery as (
  insert into notifier.delivery select * from jsonb_populate_recordset(null::notifier.delivery, $3)
  on conflict (message_id, channel) do nothing
), lane as (
  select distinct channel, exercise from jsonb_populate_recordset(null::notifier.delivery, $3)
)
select pg_notify($4, case when exercise then 'drill ' else '' end || channel) from lane
"""


async def unknown(db: asyncpg.Connection, rows: Sequence[NoticeRow]) -> list[NoticeRow]:
    """Those notices that were not kept before, each once, in the given order."""
    known = await db.fetch("select id from notifier.notice where id = any($1)", [row.id for row in rows])
    ids = {row["id"] for row in known}
    return list({row.id: row for row in rows if row.id not in ids}.values())


async def keep(
    db: asyncpg.Connection,
    notices: Sequence[NoticeRow],
    composed: Sequence[Composed] = (),
    deliveries: Sequence[DeliveryRow] = (),
) -> None:
    """Keep all this, and wake whoever hands over on the lanes concerned once it is committed.

    Of a notice that is known its state, who failed and what it was merged into are written back; a known message, and
    a channel of a message, stay as they are.
    """
    if notices or composed or deliveries:
        messages = [each.message for each in composed]
        rows = [*(row for each in composed for row in each.deliveries), *deliveries]
        await db.execute(_KEEP, list(notices), messages, rows, WAKE)


async def due_notices(db: asyncpg.Connection, now: datetime, limit: int = 200) -> list[NoticeRow]:
    """Notices that waited for a moment which has come, locked for us."""
    rows = await db.fetch(
        "select * from notifier.notice where state = 'waiting' and not_before <= $1"
        " order by not_before, id limit $2 for update skip locked",
        now,
        limit,
    )
    return [NoticeRow(**row) for row in rows]


async def notices(db: asyncpg.Connection, ids: Collection[str]) -> dict[str, NoticeRow]:
    """Notices by id, locked for us in the order of their ids."""
    rows = await db.fetch("select * from notifier.notice where id = any($1) order by id for update", sorted(ids))
    return {row["id"]: NoticeRow(**row) for row in rows}


async def end_notices(db: asyncpg.Connection, ids: Collection[str], state: str) -> None:
    """Notices and those merged into them have this end."""
    await db.execute(
        "update notifier.notice set state = $2 where id = any($1) or merged_into = any($1)", sorted(ids), state
    )


async def unstarted(db: asyncpg.Connection, gatherings: Collection[str]) -> dict[str, MessageRow]:
    """Messages nobody has begun to hand over, by gathering; locked, so that nobody begins while they are changed."""
    rows = await db.fetch(_UNSTARTED, sorted(gatherings))
    if not rows:
        return {}
    begun = await db.fetch(
        "select message_id, state, attempts from notifier.delivery where message_id = any($1)"
        " order by message_id, channel for update",
        [row["id"] for row in rows],
    )
    started = {row["message_id"] for row in begun if row["state"] != "queued" or row["attempts"]}
    return {row["gathering"]: MessageRow(**_without(row, "gathering")) for row in rows if row["id"] not in started}


async def reword(db: asyncpg.Connection, rows: Iterable[MessageRow]) -> None:
    """Write back what messages that nobody has begun to hand over now cover and say."""
    given = [
        (row.id, list(row.referral_ids), list(row.numbers), row.text, row.template, dict(row.params)) for row in rows
    ]
    if given:
        await db.executemany(
            "update notifier.message set referral_ids = $2, numbers = $3, text = $4, template = $5, params = $6"
            " where id = $1",
            given,
        )


async def end_messages(db: asyncpg.Connection, ids: Collection[str], state: str) -> None:
    """Messages have this end."""
    await db.execute("update notifier.message set state = $2 where id = any($1)", sorted(ids), state)


async def being_told(db: asyncpg.Connection, notices: Collection[str]) -> set[str]:
    """Those of these notices that a message to somebody is still under way for."""
    rows = await db.fetch(
        "select distinct notice_id from notifier.message where notice_id = any($1) and state = 'open'", sorted(notices)
    )
    return {row["notice_id"] for row in rows}


async def told_after_all(db: asyncpg.Connection, notices: Collection[str]) -> None:
    """Of these notices those that ended undelivered, although somebody who had been passed over was reached late."""
    await db.execute(
        "update notifier.notice n set state = 'told' from notifier.message m where n.state = 'undelivered'"
        " and (n.id = any($1) or n.merged_into = any($1)) and m.notice_id = coalesce(n.merged_into, n.id)"
        " and m.state = 'reached'",
        sorted(notices),
    )


async def gathered(db: asyncpg.Connection, roots: Collection[str]) -> dict[str, list[NoticeRow]]:
    """Notices by the one that they were merged into, that one first."""
    rows = await db.fetch(
        "select coalesce(merged_into, id) as root, n.* from notifier.notice n"
        " where id = any($1) or merged_into = any($1) order by root, merged_into nulls first, id",
        sorted(roots),
    )
    found: dict[str, list[NoticeRow]] = {}
    for row in rows:
        found.setdefault(row["root"], []).append(NoticeRow(**_without(row, "root")))
    return found


async def tried(db: asyncpg.Connection, messages: Collection[str]) -> dict[str, list[DeliveryRow]]:
    """Every delivery of these messages, by message."""
    rows = await db.fetch(
        "select * from notifier.delivery where message_id = any($1) order by message_id, position", sorted(messages)
    )
    found: dict[str, list[DeliveryRow]] = {}
    for row in rows:
        found.setdefault(row["message_id"], []).append(DeliveryRow(**row))
    return found


async def messages(db: asyncpg.Connection, ids: Collection[str]) -> dict[str, MessageRow]:
    """Messages by id."""
    rows = await db.fetch("select * from notifier.message where id = any($1) order by id", sorted(ids))
    return {row["id"]: MessageRow(**row) for row in rows}


async def ladders(db: asyncpg.Connection, ids: Collection[str]) -> dict[str, str]:
    """Classes of the ladder, by message."""
    rows = await db.fetch(
        "select m.id, n.ladder from notifier.message m join notifier.notice n on n.id = m.notice_id where m.id = any($1)",
        sorted(ids),
    )
    return {row["id"]: row["ladder"] for row in rows}


async def next_due(db: Db) -> datetime | None:
    """The next moment at which there is something to tell or to hand over; None when nothing waits."""
    found: datetime | None = await db.fetchval(
        "select least((select min(not_before) from notifier.notice where state = 'waiting'),"
        " (select min(next_at) from notifier.delivery where state = 'queued'),"
        " (select min(ask_at) from notifier.delivery where ask_at is not null))"
    )
    return found


def _without(row: asyncpg.Record, name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}
