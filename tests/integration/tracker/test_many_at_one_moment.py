"""What a piece of a tick costs depends on the piece, not on how much falls due at the same moment."""

from typing import Any

import orjson
import pytest

from services.chassis.context import Context
from services.tracker import obligation_store, store
from tests.unit.tracker.children import at
from tests.unit.tracker.referrals import referral

DUE, PIECE = 5_000, 50
NOW = at("2026-10-01", 0)
REFERRALS = "insert into tracker.referral (id, version, case_id, fact, next_at) select 'r' || n, 1, 'case' || n, $2, $3 from generate_series(1, $1) n"
CHILDREN = "insert into tracker.child (child_ref, next_at) select 'c_' || n, $2 from generate_series(1, $1) n"
OBLIGATIONS = """
insert into tracker.obligation (id, number, code, part, child_ref, kind, level, area, role, period, opens_on, due_on, due_at, warn_on,
  state, known_at, next_at)
select 'o' || n, 'V26-' || n, 'T02', 'visit', 'c_' || n, 'village_committee', 'village', '220122', 'child_director', '2026-09-30',
  '2026-09-01', '2026-09-30', $2, '{}', 'open', $2, $2 from generate_series(1, $1) n"""


@pytest.mark.parametrize("query", [store.CLAIM, obligation_store.CLAIM, obligation_store.BIRTHDAYS])
async def test_a_piece_of_what_falls_due_at_one_moment_is_read_without_the_rest(context: Context, query: str) -> None:
    await context.pool.execute(REFERRALS, DUE, referral().model_dump(mode="json"), NOW)
    await context.pool.execute(CHILDREN, DUE, NOW)
    await context.pool.execute(OBLIGATIONS, DUE, NOW)
    await context.pool.execute("vacuum analyze tracker.referral, tracker.child, tracker.obligation")
    async with context.pool.acquire() as one, one.transaction():
        text: Any = await one.fetchval(f"explain (analyze, format json) {query}", NOW, PIECE)
    assert most((orjson.loads(text) if isinstance(text, str) else text)[0]["Plan"]) == PIECE


def most(plan: dict[str, Any]) -> float:
    """The most rows that a step of a plan gave on."""
    return max([float(plan["Actual Rows"]), *(most(part) for part in plan.get("Plans", ()))])
