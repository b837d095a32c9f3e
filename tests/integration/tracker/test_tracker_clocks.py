"""The tracker on a real PostgreSQL: each step of each clock is said once, whatever repeats, is late or was down."""

import asyncio

from services.chassis.context import Context
from services.chassis.work import transaction
from services.tracker.handlers import on_referrals
from services.tracker.tick import fire_due, next_moment
from tests.integration.tracker.messages import TRACE, changed, fire, hear, opened, published, record, said
from tests.unit.tracker.referrals import T, minutes, referral


async def test_a_clock_is_said_at_its_moment_once(context: Context) -> None:
    await hear(context, opened(referral()))
    async with context.pool.acquire() as db:
        assert await next_moment(db) == minutes(9)
    assert await fire(context, minutes(8.99)) == 0
    assert await fire(context, minutes(9)) == 1
    assert await fire(context, minutes(9)) == 0
    assert await said(context) == [("r1", "ack", 0)]
    async with context.pool.acquire() as db:
        assert await next_moment(db) == minutes(15)


async def test_a_fact_carries_the_referral_its_scheduled_moment_and_the_trace(context: Context) -> None:
    await hear(context, opened(referral()))
    await fire(context, minutes(11))
    [event] = await published(context)
    assert (event.type, event.time, event.traceparent) == ("referral.sla.warned.v1", minutes(9), TRACE)
    assert (event.correlationid, event.causationid, event.subject) == ("case1", "e1", "c_1")
    assert event.data["referral"] == referral().model_dump(mode="json")
    assert event.data["fired_at"] == minutes(11).isoformat().replace("+00:00", "Z")


async def test_what_fell_due_while_everything_was_down_is_said_once_per_level_in_order(context: Context) -> None:
    await hear(context, opened(referral()))
    while await fire(context, minutes(300)):
        pass
    times = [event.time for event in await published(context)]
    assert times == sorted(at for at in times if at)
    assert [step for _, name, step in await said(context) if name == "ack"] == [0, 1, 2, 3, 4]
    async with context.pool.acquire() as db:
        assert await next_moment(db) is None


async def test_an_answer_stops_its_clock_and_what_was_said_is_remembered(context: Context) -> None:
    await hear(context, opened(referral()))
    await fire(context, minutes(15))
    late = {"state": "breached", "breached_at": minutes(15), "stopped_at": minutes(16)}
    await hear(context, changed(referral(version=2, ack=late), minutes(16)))
    await fire(context, minutes(18))
    assert await said(context) == [("r1", "ack", 0), ("r1", "ack", 1), ("r1", "start", 0)]


async def test_repeats_and_older_versions_change_nothing(context: Context) -> None:
    stopped = {"state": "met", "stopped_at": minutes(2)}
    newer = changed(referral(version=2, ack=stopped, start=stopped), minutes(2))
    await hear(context, opened(referral()), newer)
    before = await context.pool.fetch("select * from tracker.referral")
    await hear(context, opened(referral()))
    await hear(context, newer, opened(referral()))
    assert await context.pool.fetch("select * from tracker.referral") == before
    assert await fire(context, minutes(300)) == 0


async def test_a_repeat_after_a_step_was_said_does_not_say_it_again(context: Context) -> None:
    await hear(context, opened(referral()))
    await fire(context, minutes(15))
    await hear(context, opened(referral()), changed(referral(version=2), minutes(15)))
    await fire(context, minutes(15))
    assert await said(context) == [("r1", "ack", 0), ("r1", "ack", 1)]


async def test_a_paused_clock_waits_and_a_resumed_one_runs_on(context: Context) -> None:
    paused = {"state": "paused", "remaining_seconds": 60}
    await hear(context, opened(referral(ack=paused, start=paused)))
    assert await fire(context, minutes(300)) == 0
    await hear(context, changed(referral(version=2, start=paused), minutes(8)))
    assert await fire(context, minutes(9)) == 1


async def test_nothing_is_said_when_the_transaction_fails(context: Context) -> None:
    await hear(context, opened(referral()))
    try:
        async with transaction(context, "tracker") as work:
            await fire_due(work, minutes(9))
            raise ConnectionAbortedError
    except ConnectionError:
        pass
    assert await said(context) == []
    assert await fire(context, minutes(9)) == 1


async def test_two_trackers_share_what_is_due_and_say_it_once(context: Context) -> None:
    await hear(context, *(opened(referral(f"r{n}", case=f"case{n}")) for n in range(40)))
    while sum(await asyncio.gather(*(fire(context, minutes(15), 7) for _ in range(2)))):
        pass
    told = await said(context)
    assert len(told) == len(set(told)) == 80


async def test_pieces_are_bounded_and_earliest_first(context: Context) -> None:
    facts = [referral(f"r{n}", ack={"warn_at": minutes(n)}) for n in (5, 3, 4)]
    await hear(context, *map(opened, facts))
    assert [await fire(context, minutes(6), 2) for _ in range(3)] == [2, 1, 0]
    assert [name for name, _, _ in await said(context)] == ["r3", "r4", "r5"]


async def test_a_message_that_is_none_is_put_aside_without_its_content(context: Context) -> None:
    bad = record(opened(referral()))
    broken = type(bad)(bad.topic, 0, 7, 0, bad.key, b'{"referral": {"id": "r1", "child": "c_secret"}}', bad.headers)
    async with transaction(context, "tracker") as work:
        await on_referrals(context, work, [broken, record(opened(referral("r2")), 8)])
    [reason] = [row["reason"] for row in await context.pool.fetch("select reason from chassis.dead_letter")]
    assert "version" in reason
    assert "secret" not in reason
    assert await fire(context, T) == 0
    assert await fire(context, minutes(9)) == 1
