"""Children who were on file before the tracker kept obligations are owed them from its first look on."""

from datetime import datetime
from typing import Any

import asyncpg

from services.chassis.context import Context
from services.chassis.database import migrate
from tests.integration.tracker.children import event, fire_at, learn, owed
from tests.unit.tracker.children import HOME, at

NAME = "tracker/0004_children_known_before"
BEFORE, NOW = at("2026-06-01", 9), at("2026-09-01", 9)
CASE = """insert into referral.case values ('case_1', 'open', $1, null, '220122', '{c_sealed}', null, null, null, null, false, 'e', 1, '[]')"""
REFERRAL = """insert into referral.referral values ('ref_1', 'JL26-1', 'case_1', 'c_sealed', 'harm', 'primary', 'police', 'county', '220122',
  'CRITICAL', 'P1-POL', 'sent', 1, $1, '/hospital/220122/h1', 'e1', false, true, $1, false, '{"classification": "C4"}', '{}')"""


async def known_before(db: asyncpg.Pool, ref: str, **facts: Any) -> None:
    """What the referral service had on file, written by a release without obligations."""
    told = {"residence_code": HOME, "hukou_code": HOME, "times": {"child.living_alone": 2}, "signals": [], **facts}
    await db.execute("insert into referral.child values ($1, $2, $3)", ref, told, BEFORE)


async def upgrade(context: Context) -> None:
    """The migration as a database meets it that was made before it."""
    await context.pool.execute("delete from chassis.migration where name = $1", NAME)
    assert await migrate(context.settings.postgres or "") == [NAME]


async def looked_at(context: Context, now: datetime = NOW) -> None:
    while await fire_at(context, now):
        pass


async def test_a_child_known_before_is_visited_from_the_upgrade_on(context: Context) -> None:
    await known_before(context.pool, "c_1", child_categories=["orphan"], age_years=9)
    await upgrade(context)
    await looked_at(context)
    assert [(code, state) for code, _, state in await owed(context) if code == "T03"] == [("T03", "open")]
    assert all(day > "2026-09-01" for _, day, _ in await owed(context))  # nothing was due before anybody was asked


async def test_a_rating_on_file_holds_until_a_newer_one(context: Context) -> None:
    await known_before(context.pool, "c_1", child_categories=["left_behind"], rating="fair")
    await upgrade(context)
    await looked_at(context)
    assert "T02" in [code for code, _, _ in await owed(context)]
    await learn(context, event("risk.rating.changed", at("2026-09-02"), to="good", **{"from": "fair"}))
    assert "T01" in [code for code, _, state in await owed(context) if state == "open"]


async def test_what_was_sealed_stays_with_a_named_post(context: Context) -> None:
    await known_before(context.pool, "c_sealed", child_categories=["guardianship_harmed"])
    await context.pool.execute(CASE, BEFORE)
    await context.pool.execute(REFERRAL, BEFORE)
    await upgrade(context)
    await looked_at(context)
    rows = await context.pool.fetch("select level, sealed from tracker.obligation where child_ref = 'c_sealed'")
    assert {(row["level"], row["sealed"]) for row in rows} == {("county", True)}


async def test_an_upgrade_leaves_alone_whom_the_tracker_knows_and_whom_an_exercise_made_up(context: Context) -> None:
    await learn(context, event("child.left_behind.identified", at("2026-08-01")))
    before = await context.pool.fetch("select * from tracker.child")
    await known_before(context.pool, "c_1", child_categories=["orphan"])
    await known_before(context.pool, "c_drill_1", child_categories=["orphan"])
    await upgrade(context)
    assert await context.pool.fetch("select * from tracker.child") == before
