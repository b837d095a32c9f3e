"""Timers of cases: set once, told once, cancelled for good."""

from events.referral import CaseClosed, TimerCancelled, TimerSet
from services.chassis.context import Context
from services.tracker.tick import next_moment
from tests.integration.tracker.messages import fire, hear, opened, published
from tests.unit.tracker.referrals import T, minutes, referral

SEARCH = TimerSet(timer="t1", case="case1", what="search_wider", due_at=minutes(12))


async def test_a_timer_is_told_once_at_its_moment(context: Context) -> None:
    await hear(context, SEARCH, SEARCH)
    async with context.pool.acquire() as db:
        assert await next_moment(db) == minutes(12)
    assert [await fire(context, minutes(n)) for n in (11, 12, 13)] == [0, 1, 0]
    await hear(context, SEARCH)
    assert await fire(context, minutes(14)) == 0
    [event] = await published(context)
    assert (event.type, event.time, event.correlationid) == ("timer.due.v1", minutes(12), "case1")
    assert (event.data["timer"], event.data["what"]) == ("t1", "search_wider")


async def test_a_cancelled_timer_stays_silent_even_if_it_is_set_again(context: Context) -> None:
    await hear(context, SEARCH)
    await hear(context, TimerCancelled(timer="t1", case="case1"), CaseClosed(case="case1", at=T))
    await hear(context, SEARCH)
    assert await fire(context, minutes(99)) == 0


async def test_a_timer_cancelled_in_the_same_batch_or_before_it_is_known_stays_silent(context: Context) -> None:
    gone = TimerCancelled(timer="t1", case="case1")
    await hear(context, SEARCH, gone)
    await hear(context, TimerCancelled(timer="t2", case="case1"))
    await hear(context, SEARCH.model_copy(update={"timer": "t2"}))
    assert await fire(context, minutes(99)) == 0


async def test_timers_and_clocks_are_told_in_the_order_of_their_moments(context: Context) -> None:
    await hear(context, opened(referral()), SEARCH)
    await fire(context, minutes(16))
    assert [event.time for event in await published(context)] == [minutes(9), minutes(12), minutes(15)]
