"""All SQL of obligations and of children under care. Times are parameters; many rows go in one statement."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import asyncpg

from services.tracker.child_file import ChildFile
from services.tracker.obligation_rows import Row, row_from

# Made before they are locked, so that two batches about one child wait for each other also when it is new.
MAKE = "insert into tracker.child (child_ref) select * from unnest($1::text[]) order by 1 on conflict do nothing"
FILES = (
    "select child_ref, facts, marks from tracker.child where child_ref = any($1::text[]) order by child_ref for update"
)
READ = "select child_ref, facts, marks from tracker.child where child_ref = any($1::text[])"
KEEP_FILES = """
update tracker.child c set facts = n.facts, marks = n.marks, next_at = n.next_at
from unnest($1::text[], $2::jsonb[], $3::jsonb[], $4::timestamptz[]) n(child_ref, facts, marks, next_at)
where c.child_ref = n.child_ref"""
BIRTHDAYS = "select child_ref from tracker.child where next_at <= $1 order by next_at, child_ref limit $2 for update skip locked"
# Rows that are not over, and those over that are owed again (a rating that changed twice).
ROWS = """
select * from tracker.obligation where child_ref = any($1::text[]) and (state in ('open', 'warned', 'overdue') or id = any($2::text[]))
order by id for update"""
KEEP = """
insert into tracker.obligation select * from jsonb_populate_recordset(null::tracker.obligation, $1)
on conflict (id) do update set kind = excluded.kind, level = excluded.level, area = excluded.area, role = excluded.role,
  warned = excluded.warned, state = excluded.state, sealed = excluded.sealed, warned_at = excluded.warned_at,
  overdue_at = excluded.overdue_at, ended_at = excluded.ended_at, ended_by = excluded.ended_by, note = excluded.note,
  event_id = excluded.event_id, next_at = excluded.next_at, provisional = excluded.provisional, due_on = excluded.due_on,
  due_at = excluded.due_at, warn_on = excluded.warn_on"""
NEW_ONLY = """
insert into tracker.obligation select * from jsonb_populate_recordset(null::tracker.obligation, $1) on conflict (id) do nothing"""
# locked rows are at work elsewhere: a visit that is just being learned, or another tracker
CLAIM = "select * from tracker.obligation where next_at <= $1 order by next_at, id limit $2 for update skip locked"
CHILDREN_OF_HARM = """
select distinct fact->>'child' as child from tracker.referral
where case_id = any($1::text[]) and fact->>'family' = 'harm' and fact->>'role' <> 'cc' and fact->>'child' is not null
  and fact->>'state' not in ('void', 'cancelled', 'returned', 'redirected')
  and not coalesce((fact->>'exercise')::boolean, false)"""
OF_EVENTS = "select child_ref from tracker.obligation where event_id = any($1::text[]) and child_ref is not null"
# Children's are read without a lock, since their files are locked first; agencies' at once, since an answer may come meanwhile.
GUESSED = """
select child_ref from tracker.obligation where provisional and state in ('open', 'warned') and due_on <= $1 and child_ref is not null
order by id limit $2"""
GUESSED_DUTIES = """
select * from tracker.obligation where provisional and state in ('open', 'warned') and due_on <= $1 and child_ref is null
order by id limit $2 for update"""
BY_EVENT = (
    "select * from tracker.obligation where event_id = any($1::text[]) and state = 'overdue' order by id for update"
)


async def open_files(db: asyncpg.Connection, refs: Collection[str]) -> dict[str, ChildFile]:
    """The files of these children, locked; empty ones for children nothing is known of."""
    names = sorted(set(refs))
    if not names:
        return {}
    await db.execute(MAKE, names)
    return {
        row["child_ref"]: ChildFile(row["child_ref"], row["facts"], row["marks"])
        for row in await db.fetch(FILES, names)
    }


async def read_files(db: asyncpg.Connection, refs: Collection[str]) -> dict[str, ChildFile]:
    """The files of these children as they are, not locked."""
    rows = await db.fetch(READ, sorted(refs)) if refs else []
    return {row["child_ref"]: ChildFile(row["child_ref"], row["facts"], row["marks"]) for row in rows}


async def keep_files(db: asyncpg.Connection, files: Sequence[tuple[ChildFile, datetime | None]]) -> None:
    """Write back files, each with the birthday at which to look at it again."""
    if files:
        await db.execute(
            KEEP_FILES, [f.ref for f, _ in files], [dict(f.facts) for f, _ in files], [dict(f.marks) for f, _ in files],
            [at for _, at in files],
        )  # fmt: skip


async def birthdays(db: asyncpg.Connection, now: datetime, limit: int) -> list[str]:
    """Up to `limit` children whose age changes what is owed, locked."""
    return [row["child_ref"] for row in await db.fetch(BIRTHDAYS, now, limit)]


async def rows_of(db: asyncpg.Connection, refs: Collection[str], ids: Collection[str]) -> list[Row]:
    """The obligations of these children that are not over, and those of these ids, locked."""
    return [row_from(row) for row in await db.fetch(ROWS, sorted(refs), sorted(ids))]


async def keep(db: asyncpg.Connection, rows: Sequence[Row]) -> None:
    """Write rows; of a known one what can change is written back."""
    if rows:
        await db.execute(KEEP, list(rows))


async def add(db: asyncpg.Connection, rows: Sequence[Row]) -> None:
    """Write new rows; a known id changes nothing."""
    if rows:
        await db.execute(NEW_ONLY, list(rows))


async def claim(db: asyncpg.Connection, now: datetime, limit: int) -> list[Row]:
    """Up to `limit` obligations of which something is due, earliest first, locked."""
    return [row_from(row) for row in await db.fetch(CLAIM, now, limit)]


async def children_of_harm(db: asyncpg.Connection, cases: Collection[str]) -> list[str]:
    """The children of these cases about whom harm was referred."""
    return sorted(row["child"] for row in await db.fetch(CHILDREN_OF_HARM, sorted(cases)))


async def children_of_events(db: asyncpg.Connection, events: Collection[str]) -> list[str]:
    """The children whose overdue obligations these events told of."""
    return sorted({row["child_ref"] for row in await db.fetch(OF_EVENTS, sorted(events))})


async def children_guessed(db: asyncpg.Connection, known_until: date, limit: int = 500) -> set[str]:
    """Children owed something whose last day was counted before the holidays of its year were known, and now are."""
    return {row["child_ref"] for row in await db.fetch(GUESSED, known_until, limit)}


async def duties_guessed(db: asyncpg.Connection, known_until: date, limit: int = 500) -> list[Row]:
    """Agencies' own duties of which the same is true, locked."""
    return [row_from(row) for row in await db.fetch(GUESSED_DUTIES, known_until, limit)]


async def overdue_by_event(db: asyncpg.Connection, events: Collection[str]) -> list[Row]:
    """The overdue obligations that these events told of, locked."""
    return [row_from(row) for row in await db.fetch(BY_EVENT, sorted(events))]
