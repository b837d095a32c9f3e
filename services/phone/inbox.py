"""What the phones received: kept before the sender has its answer, many arrivals with one statement."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

import asyncpg
from pydantic import BaseModel, ConfigDict

from events.agency import Level
from services.chassis.context import Context

Kind = Literal["receipt", "reply", "press"]


class Arrival(BaseModel):
    """A message on a phone. The plain channel hands all of it over; a provider knows no more than text and contact."""

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
    submission: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a provider took from us, and what becomes of it from `due_at` on (None: nobody ever says)."""

    provider: str
    id: str
    to: str
    channel: str
    out_id: str
    template: str
    sign: str
    text: str
    at: datetime
    success: bool
    code: str
    due_at: datetime | None
    card: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Push:
    """What a provider, or with `forged` somebody who pretends to be it, will tell us at `next_at`."""

    provider: str
    kind: Kind
    fact: dict[str, Any]
    next_at: datetime
    forged: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that one call leaves behind; kept whole or not at all."""

    arrivals: tuple[Arrival, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    pushes: tuple[Push, ...] = ()
    codes: tuple[tuple[str, str, str], ...] = field(default=())  # response code, submission, contact


_ARRIVALS = """
insert into phone.message (message_id, "to", channel, referral, to_role, level, reason, kind, agency_level,
                           area, text, exercise, at, submission)
select message_id, "to", channel, referral, to_role, level, reason, kind, coalesce(agency_level, ''),
       area, text, exercise, $2, submission
from jsonb_populate_recordset(null::phone.message, $1)
"""
_ACCEPTED = """
insert into phone.submission (provider, id, "to", channel, out_id, template, sign, text, at, success, code, due_at, card)
select provider, id, "to", channel, out_id, template, sign, text, at, success, code, due_at, nullif(card, 'null')
from jsonb_populate_recordset(null::phone.submission, $1)
"""
_PUSHES = """
insert into phone.push (provider, kind, fact, forged, next_at)
select provider, kind, fact, forged, next_at from jsonb_populate_recordset(null::phone.push, $1)
"""
_CODES = 'insert into phone.response_code (code, submission, "to", at) values ($1, $2, $3, $4)'

# The notifier's record `v` of a message `p`. By a provider, calls carry no more of its id than 15 signs.
SENT = """
left join lateral (
    select * from notifier.message_view m where m.id = p.message_id
    union all
    select * from notifier.message_view m
    where p.submission <> '' and p.channel = 'voice' and length(p.message_id) = 15 and left(m.id, 15) = p.message_id limit 1
) v on true
"""


class Inbox:
    """The phones of one process. `changed` is set, and replaced, whenever something arrived or looks different."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._waiting: list[tuple[Bundle, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None
        self.changed = asyncio.Event()
        self.told: Callable[[], None] = lambda: None  # called when there is something new to push

    async def keep(self, bundle: Bundle) -> None:
        """Returns when all of it is committed."""
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((bundle, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await kept

    def stir(self) -> None:
        """Something on the phones looks different now."""
        self.changed.set()
        self.changed = asyncio.Event()

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await self._insert([bundle for bundle, _ in batch])
            except Exception as error:
                for _, kept in batch:
                    if not kept.done():
                        kept.set_exception(error)
            else:
                for _, kept in batch:
                    if not kept.done():
                        kept.set_result(None)
                self.stir()

    async def _insert(self, bundles: Sequence[Bundle]) -> None:
        now = self._context.clock.now()
        arrivals = [each.model_dump() for bundle in bundles for each in bundle.arrivals]
        accepted = [asdict(each) for bundle in bundles for each in bundle.accepted]
        pushes = [asdict(each) for bundle in bundles for each in bundle.pushes]
        codes = [(*each, now) for bundle in bundles for each in bundle.codes]
        if not (accepted or pushes or codes):
            await self._context.pool.execute(_ARRIVALS, arrivals, now)
            return
        async with self._context.pool.acquire() as db, db.transaction():
            await db.execute(_ARRIVALS, arrivals, now)
            await db.execute(_ACCEPTED, accepted)
            await db.execute(_PUSHES, pushes)
            await db.executemany(_CODES, codes)
        if pushes:
            self.told()


async def received(pool: asyncpg.Pool, to: str | None, after: int, limit: int) -> Sequence[dict[str, Any]]:
    """Messages in the order in which they came, after the one with that id; of one contact if it is named.

    What a provider was not told (number, role, level) comes from the notifier's own record of the message.
    """
    rows = await pool.fetch(
        'select p.id, coalesce(v.id, p.message_id) as message_id, p."to", p.channel,'
        " coalesce(nullif(p.referral, ''), v.number, '') as referral,"
        " coalesce(nullif(p.to_role, ''), v.to_role, '') as to_role, coalesce(v.level, p.level) as level, p.text,"
        f" p.exercise, p.at from phone.message p {SENT}"
        ' where p.id > $1 and ($2::text is null or p."to" = $2) order by p.id limit $3',
        after,
        to,
        limit,
    )
    return [dict(row) for row in rows]
