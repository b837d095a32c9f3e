"""Dead letters: what could not be handled, why, and again."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.chassis.context import Context
from services.chassis.flush import sealed_as
from services.chassis.record import StoredRecord, unpack
from services.chassis.work import Handle, transaction

Connection = asyncpg.Connection | PoolConnectionProxy
COLUMNS = (
    'id, service, topic, part, "offset", record_timestamp, event_source, event_id, reason, rule, state,'
    " at, resolved_at, resolution"
)


class DeadLetter(NamedTuple):
    """A dead letter without its content. `offset` is the record's in its topic."""

    id: int
    service: str
    topic: str
    part: int
    offset: int
    record_timestamp: datetime
    event_source: str | None
    event_id: str | None
    reason: str
    rule: str
    state: str
    at: datetime
    resolved_at: datetime | None
    resolution: str | None


class NoSuchDeadLetter(LookupError):
    """There is no dead letter of that id, or it is not open any more."""


class StillFails(RuntimeError):
    """The replay buried the record again; nothing of it took effect."""


async def letters(pool: asyncpg.Pool, *, service: str | None = None, state: str | None = "open", after: int = 0,
                  limit: int = 100) -> list[DeadLetter]:  # fmt: skip
    """Dead letters in order of id, of one service and state or of all; page on with `after` = the last id."""
    rows = await pool.fetch(
        f"select {COLUMNS} from chassis.dead_letter where id > $1 and ($2::text is null or service = $2)"
        " and ($3::text is null or state = $3) order by id limit $4",
        after, service, state, limit,
    )  # fmt: skip
    return [DeadLetter(*row) for row in rows]


async def show(context: Context, letter: int) -> tuple[DeadLetter, StoredRecord]:
    """One dead letter with the record, opened. Raises NoSuchDeadLetter."""
    row = await context.pool.fetchrow(f"select {COLUMNS}, sealed_record from chassis.dead_letter where id = $1", letter)
    if row is None:
        raise NoSuchDeadLetter(f"there is no dead letter {letter}")
    about = DeadLetter(*row[:-1])
    return about, _open(context, about, row["sealed_record"])


async def replay(context: Context, service: str, handler_of: Callable[[str], Handle], letter: int) -> DeadLetter:
    """Let the owning service handle the record again, with its original coordinates and timestamp, in one transaction.

    Raises NoSuchDeadLetter (also when it is not open, or another service's), StillFails, or what the handler raised;
    then nothing of it took effect and the letter stays open.
    """
    async with transaction(context, service) as work:
        row = await work.db.fetchrow(
            f"select {COLUMNS}, sealed_record from chassis.dead_letter"
            " where id = $1 and service = $2 and state = 'open' for update",
            letter, service,
        )  # fmt: skip
        if row is None:
            raise NoSuchDeadLetter(f"there is no open dead letter {letter} of {service}")
        about = DeadLetter(*row[:-1])
        record = _open(context, about, row["sealed_record"])
        with work.on(record):
            await handler_of(about.topic)(work, [record])
        if work.burials:
            raise StillFails(work.burials[0].reason)
        await _end(work.db, letter, "replayed", "handled again", work.now)
        return about._replace(state="replayed", resolved_at=work.now, resolution="handled again")


async def resolve(context: Context, letter: int, why: str) -> None:
    """Close a dead letter without handling it. Raises NoSuchDeadLetter when it is not open."""
    async with context.pool.acquire() as db:
        if not await _end(db, letter, "resolved", why, context.clock.now()):
            raise NoSuchDeadLetter(f"there is no open dead letter {letter}")


async def _end(db: Connection, letter: int, state: str, why: str, now: datetime) -> bool:
    done = await db.execute(
        "update chassis.dead_letter set state = $2, resolution = $3, resolved_at = $4 where id = $1 and state = 'open'",
        letter, state, why, now,
    )  # fmt: skip
    return bool(done == "UPDATE 1")


def _open(context: Context, about: DeadLetter, sealed: bytes) -> StoredRecord:
    return unpack(context.seal.open(sealed, sealed_as(about.service, about.topic, about.part, about.offset)))
