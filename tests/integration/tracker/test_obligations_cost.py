"""What a tick costs depends on the obligations that are due, not on the children who are registered."""

from datetime import timedelta
from typing import Any

import orjson

from services.chassis.context import Context
from services.tracker import obligation_store, store
from tests.integration.tracker.children import fire_at
from tests.unit.tracker.children import at

DUE = 50
NOW = at("2026-10-01", 0)
FILL = """
insert into tracker.child (child_ref, facts, marks) select 'c_' || n, '{"rating": "fair"}', '{}' from generate_series(1, $1) n;
"""
ROWS = """
insert into tracker.obligation (id, number, code, part, child_ref, kind, level, area, role, period, opens_on, due_on, due_at, warn_on,
  state, known_at, next_at)
select $4 || n, 'V26-' || n, 'T02', 'visit', 'c_' || n, 'village_committee', 'village', '220122', 'child_director', '2026-09-30',
  '2026-09-01', '2026-09-30', $2, '{}', 'open', $2, $2::timestamptz + n * $3::interval from generate_series(1, $1) n"""


async def fill(context: Context, children: int) -> None:
    await context.pool.execute("truncate tracker.obligation, tracker.obligation_act, tracker.child")
    await context.pool.execute(FILL, children)
    await context.pool.execute(ROWS, children, NOW, timedelta(minutes=5), "far")
    await context.pool.execute(ROWS, DUE, NOW, timedelta(0), "near")
    await context.pool.execute("vacuum analyze tracker.obligation")


async def touched(context: Context) -> tuple[int, int]:
    """Rows read and buffers touched by the claim and by the look for the next moment."""
    plans = []
    for query, values in ((obligation_store.CLAIM, (NOW, 200)), (store.NEXT, ())):
        async with context.pool.acquire() as one, one.transaction():
            text: Any = await one.fetchval(f"explain (analyze, buffers, format json) {query}", *values)
            plans.append((orjson.loads(text) if isinstance(text, str) else text)[0]["Plan"])
    return int(plans[0]["Actual Rows"]), sum(p["Shared Hit Blocks"] + p["Shared Read Blocks"] for p in plans)


async def test_a_hundred_thousand_children_cost_a_tick_about_as_much_as_a_thousand(context: Context) -> None:
    await fill(context, 1_000)
    few = await touched(context)
    await fill(context, 100_000)
    many = await touched(context)
    assert few[0] == many[0] == DUE
    assert many[1] <= few[1] + 20  # the index is a level or two deeper
    assert await fire_at(context, NOW) == DUE
