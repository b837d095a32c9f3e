"""What a batch costs depends on the cases that it touches, not on those that there ever were."""

from datetime import UTC, datetime
from typing import Any

import orjson

from services.chassis.context import Context
from services.referral import run_comparison, store

CASES = 20_000
BATCH = 50
NOW = datetime(2026, 9, 9, tzinfo=UTC)
FILL = """
insert into referral.case select 'case_' || n, case when n % 10 = 0 then 'open' else 'closed' end, $2, null, '220122', array['c_' || n],
  case when n % 7 = 0 then 'h:' || n end, case when n % 5 = 0 then 'h_' || n end, case when n % 100 = 0 then 'i' || n / 200 end, null, false,
  'e', 1, '[]' from generate_series(1, $1) n"""
CHILDREN = "insert into referral.case_child select 'case_' || n, 'c_' || n, n % 10 = 0 from generate_series(1, $1) n"
REFERRALS = """
insert into referral.referral select 'ref_' || n, 'JL26-' || n, 'case_' || n, 'c_' || n, 'services', 'co', 'education', 'county', '220122',
  'LOW', 'P4-SVC', 'sent', 1, $2, '/s/220122/s', 'e' || n, false, true, $2, false, jsonb_build_object('clocks', '[]'::jsonb, 'list_items',
  case when n % 10 = 0 then '[7]'::jsonb else '[]' end), '{}' from generate_series(1, $1) n"""


async def rows_read(context: Context, query: str, *values: Any) -> int:
    """How many rows of tables and indexes a query looked at."""
    async with context.pool.acquire() as one, one.transaction():
        text: Any = await one.fetchval(f"explain (analyze, format json) {query}", *values)
    return looked_at((orjson.loads(text) if isinstance(text, str) else text)[0]["Plan"])


def looked_at(plan: dict[str, Any]) -> int:
    own = 0
    if "Scan" in plan["Node Type"] and "Subquery" not in plan["Node Type"]:
        own = plan["Actual Loops"] * (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0))
    return int(own + sum(looked_at(part) for part in plan.get("Plans", ())))


async def test_a_batch_reads_its_own_cases_alone(context: Context) -> None:
    for query, values in ((FILL, (CASES, NOW)), (CHILDREN, (CASES,)), (REFERRALS, (CASES, NOW))):
        await context.pool.execute(query, *values)
    await context.pool.execute("vacuum analyze referral.case, referral.case_child, referral.referral")
    numbers = range(1000, 1000 + 10 * BATCH, 10)
    children, cases = [f"c_{n}" for n in numbers], [f"case_{n}" for n in numbers]
    found = await rows_read(context, store.CASES, children, ["h_20"], ["h:70"], NOW, ["case_40"])
    by_id = await rows_read(context, store.BY_ID, cases)
    one = await rows_read(context, store.BY_ID, ["case_400"])
    held = await rows_read(context, run_comparison.HELD, children, ["closed"])
    most = 5 * BATCH + 2 * CASES // 100  # its own, and perhaps every open case that has an incident
    assert found <= 5 * BATCH
    assert by_id <= most
    assert one <= 10
    assert held <= 5 * BATCH


async def test_a_batch_finds_its_cases_by_child_household_address_origin_and_incident(context: Context) -> None:
    await context.pool.execute(FILL, CASES // 10, NOW)
    await context.pool.execute(CHILDREN, CASES // 10)
    async with context.pool.acquire() as db, db.transaction():
        desk = await store.open_desk(
            db, {"c_10", "c_11"}, {"h_20", "h_25"}, {"h:70", "h:7"}, {"case_40", "case_41"}, NOW
        )
        together = await store.desk_of(db, ["case_200", "case_11"])
    assert sorted(desk.cases) == ["case_10", "case_20", "case_40", "case_70"]  # what is closed joins nothing
    assert sorted(together.cases) == [
        "case_11",
        "case_200",
        "case_300",
    ]  # closed ones by id, open ones of the same incident
