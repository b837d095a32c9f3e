"""The numbers of the operations page are about what is real: an exercise is in no number and in no list that a number opens."""

from datetime import timedelta

import pytest

from services.chassis.clock import SimulatedClock
from services.chassis.context import Context
from services.console import store
from services.simulate.run import Player
from services.simulate.scenario import Scenario
from services.simulate.world import World
from tests.integration.notifier.test_pace import T


async def world(context: Context, exercise: bool) -> World:
    """A critical report, real or not, that nobody answers for an hour."""
    made = await World.open(context.pool, context.settings.dsn, context.settings.directory, T)
    assert isinstance(made.clock, SimulatedClock)
    event = {
        "id": "e1", "type": "child.missing.v1", "source": "/police_command/220122/110", "child": "c1", "exercise": exercise,
        "data": {"last_seen_at": T.isoformat(), "suspected_cause": "unknown"},
    }  # fmt: skip
    await Player(
        made,
        Scenario.model_validate(
            {
                "scenario": "drill", "starts_at": T, "until": T + timedelta(hours=1), "steps": [{"at": T, "event": event}],
                "children": {"c1": {"age": 9, "residence": "220122", "hukou": "220122"}},
            }
        ),
    ).play()  # fmt: skip
    return made


@pytest.mark.parametrize("exercise", [False, True])
async def test_an_exercise_is_in_no_number_and_in_no_list(context: Context, exercise: bool) -> None:
    made = await world(context, exercise)
    now = made.clock.now()
    async with context.pool.acquire() as db:
        assert await db.fetchval("select count(*) from referral.current_view") > 3
        numbers = await store.strip(db, now)
        listed = [row for which in store.LISTS for row in await store.listed(db, which, {}, None, now, 50)]
    assert (numbers.open == 0, numbers.late == 0, listed == []) == (exercise, exercise, exercise)
