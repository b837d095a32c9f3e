"""A moment that has come is over in the database too, also where its case has long been closed."""

from pathlib import Path

from services.chassis.database import connect_pool
from services.simulate.run import Player
from services.simulate.scenario import load
from services.simulate.world import World

STORY = """
scenario: a term reaches six months after its case has closed
starts_at: 2026-03-10T11:00:00
children: {c1: {age: 9, residence: "220122100", hukou: "220122100", facts: {guardians: {mother: {deceased: {}}}}}}
steps:
  - at: 2026-03-10T11:00:00
    event:
      {id: a1, type: guardian.imprisoned.v1, source: /court/220122/j1, child: c1,
       data: {guardian_role: father, intake_date: "2026-03-01", caregiver_known: true}}
until: 2026-09-01T08:31:00
"""


async def test_a_timer_that_has_fired_is_done_whatever_became_of_its_case(database: str, tmp_path: Path) -> None:
    file = tmp_path / "story.yaml"
    file.write_text(STORY, "utf-8")
    story = load(file)
    pool = await connect_pool(database, size=4)
    try:
        world = await World.open(pool, database, tmp_path, story.starts_at)
        await Player(world, story).play()
        timers = await pool.fetch("select what, state from referral.timer where what = 'status.in_time'")
        told = await pool.fetchval("select count(*) from referral.decision where type like 'benefit.eligibility.%'")
    finally:
        await pool.close()
    assert [tuple(row) for row in timers] == [("status.in_time", "done")]
    assert told == 1
