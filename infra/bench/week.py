"""What `shouhu simulate` takes for a story of one week, once the programme and its database have started."""

import asyncio
import logging
import statistics
import time
from pathlib import Path

from services.chassis.logs import start_logging
from services.chassis.settings import load_settings
from services.simulate.database import temporary
from services.simulate.run import Player
from services.simulate.scenario import load
from services.simulate.world import World

STORY = Path(__file__).parent / "week.yaml"


def week(data: Path | None = None, times: int = 3) -> float:
    """Seconds, the median of some runs; beside the system that runs on `data`, else on a database started for each run.

    Raises RuntimeError when the story did not happen: a figure of nothing would look like a good one.
    """
    start_logging("simulate", logging.ERROR)  # as the command does
    settings = load_settings() if data is None else load_settings(data=data)

    async def once() -> float:
        async with temporary(settings) as (pool, dsn, directory):
            begin = time.perf_counter()
            story = load(STORY)
            told = await Player(
                await World.open(pool, dsn, directory, story.starts_at, settings.rulebook), story
            ).play()
            took = time.perf_counter() - begin
        if told["rejected"] or len(told["referrals"]) < 5:
            raise RuntimeError(f"the story did not happen: {told['rejected']}, {len(told['referrals'])} referrals")
        return took

    return statistics.median(asyncio.run(once()) for _ in range(times))
