"""What a tick costs depends on what is due, not on what runs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import orjson

from services.chassis.context import Context
from services.tracker import store
from tests.integration.tracker.messages import fire
from tests.unit.tracker.referrals import minutes, referral

DUE = 50


async def run_clocks(db: asyncpg.Pool, running: int, due: Sequence[datetime]) -> None:
    """`running` referrals, spread over the year ahead, and one more for each of the moments."""
    fact = referral().model_dump(mode="json")
    await db.execute(
        "insert into tracker.referral (id, version, case_id, fact, next_at)"
        " select 'far' || n, 1, 'case' || n, $1, $2::timestamptz + n * $3::interval from generate_series(1, $4) n",
        fact, minutes(24 * 60), timedelta(minutes=5), running,
    )  # fmt: skip
    near = [referral(f"near{n}", ack={"warn_at": at}) for n, at in enumerate(due)]
    async with db.acquire() as one:
        await store.save(one, [store.ReferralRow(f.id, 1, f.case, fact, {}, None, minutes(9)) for f in near])
    await db.execute("vacuum analyze tracker.referral")


async def work_of_a_tick(db: asyncpg.Pool) -> tuple[int, int]:
    """Rows read and buffers touched by the claim and by the look for the next moment."""
    plans = []
    for query, values in ((store.CLAIM, (minutes(20), 200)), (store.NEXT, ())):
        async with db.acquire() as one, one.transaction():
            text: Any = await one.fetchval(f"explain (analyze, buffers, format json) {query}", *values)
            plans.append((orjson.loads(text) if isinstance(text, str) else text)[0]["Plan"])
    touched = sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans)
    return int(plans[0]["Actual Rows"]), touched


async def test_a_hundred_thousand_running_clocks_cost_a_tick_about_as_much_as_a_thousand(context: Context) -> None:
    await run_clocks(context.pool, 1_000, [minutes(9)] * DUE)
    few = await work_of_a_tick(context.pool)
    await context.pool.execute("truncate tracker.referral")
    await run_clocks(context.pool, 100_000, [minutes(9)] * DUE)
    many = await work_of_a_tick(context.pool)
    assert few[0] == many[0] == DUE
    assert many[1] <= few[1] + 20  # the index is a level or two deeper
    assert await fire(context, minutes(9)) == DUE
