"""Whoever posts at the same moment, an event is accepted once."""

import asyncio
from collections import Counter
from typing import Any

from services.chassis.context import Context


async def test_of_simultaneous_posts_of_one_event_exactly_one_is_accepted(
    context: Context, post: Any, event: Any
) -> None:
    for turn in range(5):
        answers = await asyncio.gather(*(post(event(id=f"e{turn}")) for _ in range(6)))
        found = Counter(answer.json()["results"][0]["status"] for answer in answers)
        assert found == {"accepted": 1, "duplicate": 5}
    assert await context.pool.fetchval("select count(*) from chassis.outbox") == 5


async def test_overlapping_batches_in_opposite_order_do_not_lock_each_other_out(
    context: Context, post: Any, event: Any
) -> None:
    batch = [event(id=f"e{number}") for number in range(40)]
    answers = await asyncio.gather(*(post(part) for part in (batch, batch[::-1], batch[10:], batch[:30][::-1])))
    assert {answer.status_code for answer in answers} == {202}
    found = Counter(result["status"] for answer in answers for result in answer.json()["results"])
    assert found["accepted"] == 40
    assert set(found) == {"accepted", "duplicate"}


async def test_of_two_contents_under_one_id_at_one_moment_one_is_refused(post: Any, event: Any) -> None:
    answers = await asyncio.gather(post(event()), post(event(data={"age_years": 4})))
    assert Counter(a.json()["results"][0]["status"] for a in answers) == {"accepted": 1, "refused": 1}
