"""A county's comparison on a real database: children on file there, what open referrals hold, and what is published."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from services.chassis.clock import SHANGHAI
from services.chassis.context import Context
from services.chassis.database import connect_pool
from services.chassis.work import transaction
from services.referral.laws import laws_of
from services.referral.read_service_list import packaged_services
from services.referral.run_comparison import AT_ONCE, ask_prisons, compare_county
from services.simulate.run import Player
from services.simulate.scenario import load
from services.simulate.world import World

AT = datetime(2026, 3, 10, 11, tzinfo=SHANGHAI)
STORY = """
scenario: before a comparison
starts_at: 2026-03-10T11:00:00
children:
  held: {age: 5, residence: "220122100", hukou: "220382", categories: [migrant], rating: good,
         facts: {family_doctor: false, resident_since: "2020-01-01"}}
  elsewhere: {age: 5, residence: "220382", hukou: "220122", categories: [migrant], rating: good, facts: {insured_at_residence: false}}
steps:
  - {at: 2026-03-10T11:00:00, event: {id: a1, type: residence.permit.registered.v1, source: /police/220122/p1, child: held}}
until: 2026-03-10T12:00:00
"""


async def test_a_comparison_publishes_what_nobody_holds_yet_for_the_children_of_its_county(
    database: str, tmp_path: Path
) -> None:
    file = tmp_path / "story.yaml"
    file.write_text(STORY, "utf-8")
    story = load(file)
    at = story.until
    pool = await connect_pool(database, size=4)
    try:
        world = await World.open(pool, database, tmp_path, story.starts_at)
        await Player(world, story).play()
        async with transaction(world.context, "referral") as work:
            again = await compare_county(work, packaged_services(), "220122", at, "o1")
        await pool.execute(
            "update referral.child set facts = facts || $1 where child_ref = 'c_held'", {"insured_at_residence": False}
        )
        async with transaction(world.context, "referral") as work:
            found = await compare_county(work, packaged_services(), "220122", at, "o2")
        await world.settle()
        kinds = await pool.fetch(
            "select kind, fact->'list_items' as items from referral.referral where opened_at >= $1", at
        )
        digests = await pool.fetchval("select count(*) from referral.digest_view")
    finally:
        await pool.close()
    assert (again, found) == (0, 1)
    assert [(row["kind"], row["items"]) for row in kinds] == [("medical_insurance", [7])]
    assert digests == 1


async def test_a_comparison_of_many_children_misses_none_and_tells_none_twice(context: Context) -> None:
    children = 2 * AT_ONCE + 1
    facts = {
        "residence_code": "220122100",
        "age_years": 5,
        "child_categories": ["migrant"],
        "insured_at_residence": False,
    }
    await context.pool.execute(
        "insert into referral.child select 'c_' || n, $2, $3 from generate_series(1, $1) n", children, facts, AT
    )
    async with transaction(context, "referral") as work:
        await compare_county(work, packaged_services(), "220122", AT, "o1")
        told = Counter(one.key for one in work.outgoing)
    assert len(told) == children
    assert set(told.values()) == {1}


PRISON = """
scenario: the owner has reported nothing
starts_at: 2026-03-10T11:00:00
children: {c1: {age: 9, residence: "220122100", hukou: "220122100"}, c2: {age: 9, residence: "220122100", hukou: "220122100"}}
steps:
  - at: 2026-03-10T11:00:00
    event: {id: a1, type: guardian.imprisoned.v1, source: /prison/220122/j1, child: c1, data: {intake_date: "2026-03-01", caregiver_known: true}}
  - at: 2026-03-10T11:00:00
    event: {id: a2, type: guardian.imprisoned.v1, source: /court/220122/j1, child: c2, data: {intake_date: "2026-03-01", caregiver_known: true}}
until: 2026-03-10T12:00:00
"""


async def test_a_prison_is_asked_at_the_comparison_if_the_owner_has_reported_nothing(
    database: str, tmp_path: Path
) -> None:
    file = tmp_path / "story.yaml"
    file.write_text(PRISON, "utf-8")
    story = load(file)
    pool = await connect_pool(database, size=4)
    try:
        world = await World.open(pool, database, tmp_path, story.starts_at)
        await Player(world, story).play()
        asked = []
        for _ in range(2):  # the next comparison asks nobody again
            async with transaction(world.context, "referral") as work:
                asked.append(await ask_prisons(work, laws_of(world.context), "220122", story.until))
        prisons = await pool.fetch(
            "select child, kind, role, profile, opened_at from referral.referral where fact->'list_items' @> '[\"P09\"]'"
        )
    finally:
        await pool.close()
    assert asked == [1, 0]
    assert [tuple(row) for row in prisons] == [("c_c1", "prison", "co", "P4-SVC", story.until)]
