"""Worked stories with exact due times: each is played through the real handlers and checked by its own expectations."""

from pathlib import Path

import pytest
import yaml

from services.chassis.database import connect_pool
from services.simulate.run import Player
from services.simulate.scenario import load
from services.simulate.world import World
from tests.scenario.check_scenario import check

STORIES = Path(__file__).parent / "stories"
NAMES = sorted(path.stem for path in STORIES.glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
async def test_the_story_holds(name: str, database: str, tmp_path: Path) -> None:
    path = STORIES / f"{name}.yaml"
    pool = await connect_pool(database, size=4, synchronous_commit="off")  # as shouhu simulate
    try:
        story = load(path)
        world = await World.open(pool, database, tmp_path, story.starts_at)
        result = await Player(world, story).play()
    finally:
        await pool.close()
    expect = yaml.safe_load(path.read_text("utf-8"))["expect"]
    assert check(expect, result) == []
    if "rejected" not in expect:
        assert result["rejected"] == []
