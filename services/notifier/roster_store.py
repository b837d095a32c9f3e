"""The roster in PostgreSQL: the only code that reads or writes contacts."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Literal, NamedTuple

import asyncpg

from events.agency import Agency
from services.directory.contacts import cannot_exist
from services.directory.duty import Roster
from services.directory.people import Assignment, Holding, Person
from services.directory.posts import Post, parse_post
from services.directory.sample import sample_people
from services.directory.shifts import Leave, Plan
from services.directory.working_days import working_days
from services.law.calendar import Calendar
from services.notifier.roster import on_duty

_LOAD = """
select h.post_key, h.position, p.id, p.name, p.sample,
       coalesce(array_agg(c.channel) filter (where c.channel is not null), '{}') as channels,
       coalesce(array_agg(c.value) filter (where c.channel is not null), '{}') as contacts,
       coalesce(array_agg(p.sample or v.digest = sha256(convert_to(c.value, 'UTF8'))) filter (where c.channel is not null),
                '{}') as verified,
       (select s.plan from notifier.shift_plan s where s.post_key = h.post_key) as plan,
       (select jsonb_agg(jsonb_build_object('person', l.person_id, 'from', l.begins, 'to', l.ends) order by l.begins)
        from notifier.leave l where l.person_id = p.id) as leave
from notifier.holding h
join notifier.person p on p.id = h.person_id
left join notifier.contact c on c.person_id = p.id
left join notifier.verified_contact v on v.person_id = c.person_id and v.channel = c.channel
where h.post_key = any($1::text[])
group by h.post_key, h.position, p.id
order by h.post_key, h.position, p.id
"""


async def load_holders(
    db: asyncpg.Connection, keys: Collection[str], calendar: Calendar | None = None
) -> dict[str, tuple[Holding, ...]]:
    """Holders of all these posts, with contacts, shift plan and leave, in one query; a post that nobody holds is absent.

    A person's verified contacts are used; only where none is verified are the others, and `verified` says so.
    """
    rows: dict[str, list[asyncpg.Record]] = {}
    for row in await db.fetch(_LOAD, list(keys)):
        rows.setdefault(row["post_key"], []).append(row)
    return {key: _holdings(key, held, calendar) for key, held in rows.items()}


def _holdings(key: str, rows: list[asyncpg.Record], calendar: Calendar | None) -> tuple[Holding, ...]:
    post, plan = parse_post(key), rows[0]["plan"]
    leave = tuple(Leave.model_validate(each) for row in rows for each in row["leave"] or ())
    roster = None
    if plan is not None or leave:
        roster = Roster(None if plan is None else Plan.model_validate(plan), leave, calendar or working_days())
    return tuple(Holding(post, _person(row), row["position"], roster) for row in rows)


def _person(row: asyncpg.Record) -> Person:
    each = [
        (channel, _opened(value), bool(verified))
        for channel, value, verified in zip(row["channels"], row["contacts"], row["verified"], strict=True)
    ]
    proven = any(verified for _, _, verified in each)
    channels = {channel: value for channel, value, verified in each if verified or not proven}
    return Person(row["id"], row["name"], channels, row["sample"], proven or not each)


async def contacts(db: asyncpg.Connection, people: Collection[str], channel: str) -> dict[str, str]:
    """How these people are reached on a channel, by person; whoever has no contact there is absent."""
    rows = await db.fetch(
        "select person_id, value from notifier.contact where person_id = any($1) and channel = $2",
        list(people),
        channel,
    )
    return {row["person_id"]: _opened(row["value"]) for row in rows}


async def duty_posts(
    db: asyncpg.Connection, person: str, at: datetime, calendar: Calendar | None = None
) -> frozenset[str]:
    """Keys of the posts for which a person is on duty at a moment: what a reply by SMS may answer for."""
    keys = [
        row["post_key"] for row in await db.fetch("select post_key from notifier.holding where person_id = $1", person)
    ]
    holders = await load_holders(db, keys, calendar)
    return frozenset(
        key for key, held in holders.items() if person in {holding.person.id for holding, _ in on_duty(held, at)[0]}
    )


async def is_empty(db: asyncpg.Connection) -> bool:
    """Whether nobody holds any post yet."""
    return not await db.fetchval("select exists (select from notifier.holding)")


async def held_posts(db: asyncpg.Connection) -> dict[str, bool]:
    """Every post that somebody holds, by key, and whether one of them has a contact."""
    rows = await db.fetch(
        "select h.post_key, bool_or(c.person_id is not null) as reachable"
        " from notifier.holding h left join notifier.contact c on c.person_id = h.person_id group by h.post_key"
    )
    return {row["post_key"]: row["reachable"] for row in rows}


class Doubtful(NamedTuple):
    """A contact that cannot be relied on."""

    post: str
    person: str
    channel: str
    why: Literal["impossible", "unverified"]


async def doubtful_contacts(db: asyncpg.Connection) -> list[Doubtful]:
    """Contacts of real people that cannot be relied on. `unverified`: the person has none that is verified."""
    rows = await db.fetch(
        "select h.post_key, c.person_id, c.channel, c.value,"
        " coalesce(v.digest = sha256(convert_to(c.value, 'UTF8')), false) as verified"
        " from notifier.contact c join notifier.person p on p.id = c.person_id and not p.sample"
        " join notifier.holding h on h.person_id = p.id"
        " left join notifier.verified_contact v on v.person_id = c.person_id and v.channel = c.channel"
        " order by h.post_key, h.position, c.person_id, c.channel"
    )
    proven = {row["person_id"] for row in rows if row["verified"]}
    found = []
    for row in rows:
        at = (row["post_key"], row["person_id"], row["channel"])
        if cannot_exist(row["channel"], _opened(row["value"])):
            found.append(Doubtful(*at, "impossible"))
        elif row["person_id"] not in proven:
            found.append(Doubtful(*at, "unverified"))
    return found


async def replace_assignments(db: asyncpg.Connection, assignments: Iterable[Assignment]) -> int:
    """Make these posts held by exactly these people, with these contacts; posts and people not named stay as they are.

    All or nothing. Whoever holds no post afterwards keeps a name, for the record, and no contact. Returns how many
    people hold the posts.
    """
    made = list(assignments)
    people = {person.id: person for each in made for person in each.people}
    async with db.transaction():
        await db.execute(_STAGE)
        await db.copy_records_to_table(
            "person_in", records=[(p.id, p.name, p.sample) for p in people.values()], schema_name="pg_temp"
        )
        await db.copy_records_to_table(
            "contact_in",
            records=[(p.id, channel, _sealed(value)) for p in people.values() for channel, value in p.channels.items()],
            schema_name="pg_temp",
        )
        await db.copy_records_to_table("post_in", records=[(each.post.key,) for each in made], schema_name="pg_temp")
        await db.copy_records_to_table(
            "holding_in", records=[row for each in made for row in _rows(each)], schema_name="pg_temp"
        )
        await db.execute(_REPLACE)
    return len(people)


async def load_sample(db: asyncpg.Connection, on: date) -> int:
    """Put the sample's people on every post if nobody holds any yet; returns how many people, 0 if there were some."""
    return await replace_assignments(db, sample_people(on)) if await is_empty(db) else 0


_STAGE = """
create temp table person_in  (like notifier.person) on commit drop;
create temp table contact_in (like notifier.contact) on commit drop;
create temp table holding_in (like notifier.holding) on commit drop;
create temp table post_in    (post_key text) on commit drop;
"""
_REPLACE = """
lock table notifier.holding in share row exclusive mode;
insert into notifier.person select * from person_in
    on conflict (id) do update set name = excluded.name, sample = excluded.sample;
delete from notifier.contact where person_id in (select id from person_in);
insert into notifier.contact select * from contact_in;
delete from notifier.holding where post_key in (select post_key from post_in);
insert into notifier.holding select * from holding_in;
delete from notifier.contact c where not exists (select from notifier.holding h where h.person_id = c.person_id);
analyze notifier.person, notifier.contact, notifier.holding;
"""


def _rows(made: Assignment) -> list[tuple[str, str, str, str, str, str, int, bool]]:
    post: Post = made.post
    at: Agency = post.agency
    return [
        (post.key, at.kind, at.level, at.area, post.function, person.id, position, person.sample)
        for position, person in enumerate(made.people)
    ]


# The one accessor of a contact as it is kept. Sealing comes here.
def _sealed(value: str) -> str:
    return value


def _opened(value: str) -> str:
    return value
