"""What the phones received: kept before the sender has its answer, many arrivals with one statement."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
from pydantic import BaseModel, ConfigDict

from events.agency import Level
from services.chassis.context import Context


class Arrival(BaseModel):
    """A message as a channel hands it over; what else it carries is not kept."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)
    message_id: str
    to: str
    channel: str
    referral: str
    to_role: str
    level: int
    text: str
    exercise: bool
    reason: str = ""
    kind: str = ""
    agency_level: Level | None = None
    area: str = ""


_KEEP = """
insert into phone.message (message_id, "to", channel, referral, to_role, level, reason, kind, agency_level,
                           area, text, exercise, at)
select message_id, "to", channel, referral, to_role, level, reason, kind, coalesce(agency_level, ''),
       area, text, exercise, $2
from jsonb_populate_recordset(null::phone.message, $1)
"""


class Inbox:
    """The phones of one process. `changed` is set, and replaced, whenever something arrived."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self.changed = asyncio.Event()

    async def keep(self, arrival: Arrival) -> None:
        """Returns when the message is committed."""
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await kept

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                rows = [arrival.model_dump() for arrival, _ in batch]
                await self._context.pool.execute(_KEEP, rows, self._context.clock.now())
            except Exception as error:
                for _, kept in batch:
                    if not kept.done():
                        kept.set_exception(error)
            else:
                for _, kept in batch:
                    if not kept.done():
                        kept.set_result(None)
                self.changed.set()
                self.changed = asyncio.Event()


async def received(pool: asyncpg.Pool, to: str | None, after: int, limit: int) -> Sequence[dict[str, Any]]:
    """Messages in the order in which they came, after the one with that id; of one contact if it is named."""
    rows = await pool.fetch(
        'select id, message_id, "to", channel, referral, to_role, level, text, exercise, at from phone.message'
        ' where id > $1 and ($2::text is null or "to" = $2) order by id limit $3',
        after,
        to,
        limit,
    )
    return [dict(row) for row in rows]


async def phones(pool: asyncpg.Pool, limit: int = 24, each: int = 12) -> Sequence[dict[str, Any]]:
    """The phones that rang last, with their last messages: by person where the notifier says who it is."""
    rows = await pool.fetch(
        "with last as (select * from phone.message order by id desc limit 1000)"
        ' select l.*, coalesce(v.person_id, l."to") as person, coalesce(v.person_name, l."to") as name,'
        " count(*) over (partition by l.message_id, l.channel) as times"
        " from last l left join notifier.message_view v on v.id = l.message_id order by l.id desc"
    )
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        phone = found.setdefault(
            row["person"],
            {**{key: row[key] for key in ("name", "kind", "agency_level", "area", "to_role")}, "messages": []},
        )
        if len(phone["messages"]) < each:
            phone["messages"].append(dict(row))
    return list(found.values())[:limit]
