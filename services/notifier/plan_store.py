"""Shift plans and leave in PostgreSQL."""

from collections.abc import Collection, Iterable
from datetime import datetime

import asyncpg

from services.directory.duty import moment
from services.directory.posts import parse_post
from services.directory.roster_entries import PostPlan
from services.directory.shifts import Leave, Plan


async def replace_plans(db: asyncpg.Connection, plans: Iterable[PostPlan], at: datetime) -> int:
    """Give these posts these plans; an empty plan puts a post back to day and night. Returns how many plans there were."""
    made = list(plans)
    async with db.transaction():
        await db.executemany("delete from notifier.shift_plan where post_key = $1", [(each.post.key,) for each in made])
        kept = [(each.post.key, kept_form(each.plan), at) for each in made if each.plan != Plan()]
        await db.executemany("insert into notifier.shift_plan values ($1, $2, $3)", kept)
    return len(made)


async def replace_leave(db: asyncpg.Connection, leave: Iterable[Leave]) -> int:
    """Give these people this leave and no other; returns how many entries."""
    rows = sorted({(each.person, moment(each.begins), moment(each.ends)) for each in leave})
    async with db.transaction():
        await db.execute("delete from notifier.leave where person_id = any($1)", sorted({row[0] for row in rows}))
        await db.executemany("insert into notifier.leave values ($1, $2, $3)", rows)
    return len(rows)


async def plans_of(db: asyncpg.Connection, keys: Collection[str] | None = None) -> list[PostPlan]:
    """The shift plans of these posts, or of all, by post key."""
    rows = await db.fetch(
        "select post_key, plan from notifier.shift_plan where $1::text[] is null or post_key = any($1) order by post_key",
        None if keys is None else list(keys),
    )
    return [PostPlan(parse_post(row["post_key"]), Plan.model_validate(row["plan"])) for row in rows]


async def leave_of(db: asyncpg.Connection, people: Collection[str] | None = None) -> list[Leave]:
    """The leave of these people, or of all."""
    rows = await db.fetch(
        "select person_id, begins, ends from notifier.leave where $1::text[] is null or person_id = any($1)"
        " order by person_id, begins",
        None if people is None else list(people),
    )
    return [Leave.model_validate({"person": r["person_id"], "from": r["begins"], "to": r["ends"]}) for r in rows]


async def names_held(db: asyncpg.Connection, keys: Collection[str]) -> dict[str, dict[str, str]]:
    """Names by id of those who hold each of these posts, in their order."""
    rows = await db.fetch(
        "select h.post_key, p.id, p.name from notifier.holding h join notifier.person p on p.id = h.person_id"
        " where h.post_key = any($1) order by h.post_key, h.position, p.id",
        list(keys),
    )
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["post_key"], {})[row["id"]] = row["name"]
    return found


async def names_of(db: asyncpg.Connection, wanted: Collection[str]) -> dict[str, str]:
    """Names by id of the people who are meant by these ids or names."""
    rows = await db.fetch("select id, name from notifier.person where id = any($1) or name = any($1)", list(wanted))
    return {row["id"]: row["name"] for row in rows}


def kept_form(plan: Plan) -> dict[str, object]:
    """A plan as it is stored and exported: the names of the files, nothing that is empty."""
    return plan.model_dump(mode="json", by_alias=True, exclude_defaults=True)


async def posts_of(db: asyncpg.Connection, person: str) -> list[str]:
    """Keys of the posts that a person holds."""
    rows = await db.fetch("select post_key from notifier.holding where person_id = $1 order by post_key", person)
    return [row["post_key"] for row in rows]
