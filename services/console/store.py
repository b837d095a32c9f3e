"""What the console reads: the published views of the services, and nothing else. Times are parameters."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from events.agency import Agency
from services.chassis.database import Db
from services.directory.posts import Post

Row = dict[str, Any]
# A cc ends with its acknowledgement; returned and the like ended, too (design, section 6).
ENDED = ("closed", "returned", "redirected", "cancelled", "void")
_OPEN = f"r.state not in {ENDED!r} and not (r.role = 'cc' and r.state = 'acknowledged')"
_FIELDS = """r.id, r.number, r.case_id, r.state, r.version, r.kind, r.level, r.area, r.role, r.severity, r.county,
    r.opened_at, r.family, r.event_source, r.event_id, r.event_type, r.clocks, r.exercise, r.profile, r.classification,
    r.second_endpoints, r.next_due"""
_WARNED = """exists (select from jsonb_array_elements(r.clocks) c where c ->> 'stopped_at' is null
    and c ->> 'state' in ('running', 'breached') and (c ->> 'warn_at')::timestamptz <= $1)"""
# Exercises are never counted; officers see theirs among what waits, and `shouhu drill` reports them.
_REAL = "not r.exercise"
_LISTS = {
    "open": f"{_REAL} and {_OPEN}",
    "sent": f"{_REAL} and {_OPEN} and r.state = 'sent'",
    "soon": f"{_REAL} and {_OPEN} and r.next_due > $1 and {_WARNED}",
    "late": f"{_REAL} and {_OPEN} and r.next_due <= $1",
    "returned": f"{_REAL} and r.state = 'returned'",
    "completed": f"{_REAL} and r.state in ('completed', 'failed')",
}
LISTS = tuple(_LISTS)


async def _rows(db: Db, sql: str, *values: Any) -> list[Row]:
    return [dict(row) for row in await db.fetch(sql, *values)]


async def _row(db: Db, sql: str, *values: Any) -> Row | None:
    row = await db.fetchrow(sql, *values)
    return None if row is None else dict(row)


class Strip(NamedTuple):
    """The numbers over the lists, from one look at the data."""

    open: int
    sent: int
    soon: int
    late: int
    returned: int
    completed: int
    undelivered: int


async def waiting(db: Db, agencies: Sequence[Agency] | None, led: Sequence[str] | None, limit: int = 200) -> list[Row]:
    """What waits for somebody at these agencies (second endpoints included) or co-ordinating these counties, soonest due first.

    An agency owes the next step until it has done its part; then the co-ordinator owes the closing. None: of all.
    """
    held = None if agencies is None else [str(agency) for agency in agencies]
    return await _rows(
        db,
        f"""select {_FIELDS} from referral.current_view r
        where {_OPEN} and case when r.state in ('completed', 'failed') then $2::text[] is null or r.county = any($2)
            else $1::text[] is null or r.kind || '@' || r.level || '/' || r.area = any($1)
                or exists (select from jsonb_array_elements(r.second_endpoints) e
                           where (e ->> 'kind') || '@' || (e ->> 'level') || '/' || (e ->> 'area') = any($1)) end
        order by coalesce(r.next_due, 'infinity'), r.id limit $3""",
        held, led, limit,
    )  # fmt: skip


async def by_number(db: Db, number: str) -> Row | None:
    """The referral of a number, or None."""
    return await _row(db, f"select {_FIELDS} from referral.current_view r where r.number = $1", number)


async def event_data(db: Db, source: str, event_id: str) -> Row | None:
    """The event as it was accepted: type, data, accepted_at; None for one of another door."""
    return await _row(
        db,
        "select type, data, accepted_at, subject from intake.event_view where source = $1 and id = $2",
        source,
        event_id,
    )


async def history(db: Db, referral_id: str) -> list[Row]:
    """What happened to a referral, oldest first."""
    return await _rows(
        db,
        "select at, what, ids, detail from referral.log_view where referral_id = $1 order by at limit 200",
        referral_id,
    )


async def listed(
    db: Db, which: str, filters: dict[str, str], after: tuple[datetime | None, str] | None, now: datetime, limit: int
) -> list[Row]:
    """One page of a list, by time left; `after` is the last row's (due, id) of the page before."""
    due, last = after or (None, "")
    return await _rows(
        db,
        f"""select {_FIELDS} from referral.current_view r
        where {_LISTS[which]} and $1::timestamptz is not null
          and ($2 = '' or r.state = $2) and ($3 = '' or r.severity = $3) and ($4 = '' or r.county = $4)
          and (not $5 or (coalesce(r.next_due, 'infinity'), r.id) > (coalesce($6::timestamptz, 'infinity'), $7))
        order by coalesce(r.next_due, 'infinity'), r.id limit $8""",
        now, filters.get("state", ""), filters.get("severity", ""), filters.get("county", ""), after is not None, due, last, limit,
    )  # fmt: skip


async def strip(db: Db, now: datetime) -> Strip:
    """How long each list is."""
    counts = ", ".join(f"count(*) filter (where {where}) as {name}" for name, where in _LISTS.items())
    row = await db.fetchrow(f"select {counts} from referral.current_view r", now)
    missed = await db.fetchval(f"select count(*) from ({_UNDELIVERED}) m")
    return Strip(**dict(row or {}), undelivered=missed)


_UNDELIVERED = """select m.id, m.number, m.kind, m.level_of_agency, m.area, m.to_role, m.reason, m.person_name, m.created_at,
        d.channels, d.detail, d.state
    from notifier.message_view m join lateral (
        select string_agg(d.channel, ' ') as channels, max(d.detail) as detail, max(d.state) as state,
               bool_and(d.state in ('refused', 'unknown')) as failed
        from notifier.delivery_view d where d.message_id = m.id) d on d.failed and not m.exercise"""


async def undelivered(db: Db, limit: int = 100) -> list[Row]:
    """Messages that no channel delivered, newest first."""
    return await _rows(db, f"{_UNDELIVERED} order by m.created_at desc limit $1", limit)


async def health(db: Db) -> tuple[list[Row], int]:
    """Positions of every reader, and how many committed messages wait to be published."""
    positions = await _rows(
        db, "select service, topic, part, next_offset, touched from chassis.position order by 1, 2, 3"
    )
    return positions, await db.fetchval("select count(*) from chassis.outbox where published_at is null")


async def holidays_missing(db: Db, today: date) -> int | None:
    """From 1 December on the next year while its holiday notice is not known (T31), this year at any time; None when all is known."""
    known = {row["year"] for row in await db.fetch("select year from referral.calendar_year_view")}
    wanted = (today.year, today.year + 1) if today.month == 12 else (today.year,)
    return next((year for year in wanted if known and year not in known), None)


async def sources_to_review(db: Db) -> list[Row]:
    """Sources of the law in force that were amended, repealed or have lapsed, by id."""
    return await _rows(
        db, "select id, title, number, status, last_checked from referral.source_review_view order by id"
    )


async def events_of(db: Db, query: str, limit: int = 20) -> list[tuple[str, str]]:
    """The events (source, id) that a query names: an event id, a case id, a referral id or number; oldest first."""
    rows = await db.fetch(
        """select source, id, min(at) as at from (
            select source, id, accepted_at as at from intake.event_view where id = $1
            union all select source, event_id, at from referral.decision_view where event_id = $1 or cases @> array[$1]
            union all select event_source, event_id, opened_at from referral.current_view where id = $1 or number = upper($1)
        ) found group by source, id order by min(at), source limit $2""",
        query, limit,
    )  # fmt: skip
    return [(row["source"], row["id"]) for row in rows]


async def vacant(db: Db, agencies: Sequence[Mapping[str, Any]]) -> list[Agency]:
    """Those of the agencies whose duty posts nobody holds now."""
    named = sorted({Agency(each["kind"], each["level"], each["area"]) for each in agencies})
    keys = [key for agency in named for post in _duty(agency) for key in post]
    held = {row["post_key"] for row in await db.fetch(
        "select distinct post_key from notifier.post_holder_view where post_key = any($1)", keys)}  # fmt: skip
    return [agency for agency in named if not any(key in held for post in _duty(agency) for key in post)]


def _duty(agency: Agency) -> list[list[str]]:
    posts = [Post(agency, function) for function in ("duty_officer", "duty_leader")]
    return [[post.key, *(wider.key for wider in post.wider)] for post in posts]


def in_path(text: str) -> str:
    """A text as one segment of an address."""
    return quote(text, safe="")


async def dead_letters(db: Db) -> int:
    """How many dead letters wait for a person."""
    count: int = await db.fetchval("select count(*) from chassis.dead_letter where state = 'open'")
    return count
