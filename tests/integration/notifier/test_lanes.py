"""The running deliverer: woken by the commit, a lane for each channel, back-off, deferred notices."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from services.chassis.context import Context
from services.chassis.database import connect
from services.notifier.deliver import deliver, deliver_due, next_due
from tests.integration.notifier import stories
from tests.integration.notifier.receiver import Receiver

_AT_ONCE = "update notifier.delivery set next_at = $1 where state = 'queued'"


@asynccontextmanager
async def delivering(context: Context) -> AsyncIterator[None]:
    task = asyncio.create_task(deliver(context))
    await asyncio.sleep(0.3)
    assert not task.done(), task
    try:
        yield
        assert not task.done(), task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], Any], seconds: float = 8.0) -> None:
    """Wait until it holds; AssertionError when it does not in time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.01)


async def test_a_commit_rings_at_once_and_not_at_the_next_sweep(notifier: Context, receiver: Receiver) -> None:
    async with delivering(notifier):
        took = []
        for number in range(5):
            before = len(receiver.received)
            started = time.monotonic()
            await stories.hear(notifier, stories.opened(stories.referral(number, notifier.clock.now())))
            await until(lambda before=before: len(receiver.received) >= before + 2)
            took.append(time.monotonic() - started)
        assert sorted(took)[2] < 0.5


async def test_a_silent_provider_delays_nobody_elses_messages_and_holds_only_its_own_connections(
    notifier: Context, receiver: Receiver
) -> None:
    receiver.behave = lambda message: "silent" if message["channel"] == "sms" else 200
    async with delivering(notifier):
        now = notifier.clock.now()
        await stories.hear(notifier, *(stories.opened(stories.referral(n, now)) for n in range(60)))
        await until(lambda: len(receiver.by("wecom")) == 60, seconds=30)
        given_up = await notifier.pool.fetchval(
            "select count(*) from notifier.delivery where channel = 'sms' and state not in ('queued', 'sending')"
        )
        assert given_up == 0  # all of one provider's messages went while not one of the other's had ended
        assert receiver.most_connections <= 2 * 16


async def test_critical_messages_overtake_those_that_wait(notifier: Context, receiver: Receiver) -> None:
    now = notifier.clock.now()
    low = [stories.opened(stories.referral(n, now, severity="LOW", ladder="P4")) for n in range(5)]
    await stories.hear(notifier, *low)
    await stories.hear(notifier, stories.opened(stories.referral(99, now)))
    await deliver_due(notifier)
    wecom = [each["referral"] for each in receiver.by("wecom")]
    assert wecom[0] == "JL26-00000099"
    assert len(wecom) == 6


async def test_a_provider_that_is_busy_is_asked_again_on_the_same_channel(
    notifier: Context, receiver: Receiver
) -> None:
    answers = iter([503, 429, 200])
    receiver.behave = lambda message: next(answers, 200) if message["channel"] == "wecom" else 200
    async with delivering(notifier):
        fact = stories.referral(1, notifier.clock.now(), severity="MEDIUM", ladder="P3")
        await stories.hear(notifier, stories.opened(fact))
        await until(lambda: len(receiver.received) == 3)
        assert [each["channel"] for each in receiver.received] == ["wecom"] * 3
        await asyncio.sleep(0.3)
    rows = await notifier.pool.fetch("select channel, state, attempts from notifier.delivery")
    assert [tuple(row) for row in rows] == [("wecom", "sent", 3)]


async def test_a_notice_with_a_later_moment_waits_for_it(notifier: Context, receiver: Receiver) -> None:
    now = notifier.clock.now()
    later = now + timedelta(seconds=1)
    await stories.hear(notifier, stories.opened(stories.referral(1, now), notify_at=later))
    assert await deliver_due(notifier) == 0
    assert await next_due(notifier) == later
    async with delivering(notifier):
        await until(lambda: len(receiver.received) == 2)


async def test_a_provider_that_is_down_is_tried_until_it_is_back(notifier: Context, receiver: Receiver) -> None:
    down = True
    receiver.behave = lambda _: 503 if down else 200
    await stories.hear(notifier, stories.opened(stories.referral(1, notifier.clock.now(), severity="LOW")))
    for _ in range(40):
        await deliver_due(notifier)
        await notifier.pool.execute(_AT_ONCE, notifier.clock.now())
        if await notifier.pool.fetchval("select state from notifier.notice") == "undelivered":
            break
    assert await notifier.pool.fetchval("select state from notifier.notice") == "undelivered"
    down = False
    await notifier.pool.execute(_AT_ONCE, notifier.clock.now())
    await deliver_due(notifier)
    assert await notifier.pool.fetchval("select state from notifier.notice") == "told"


async def test_a_stop_records_what_was_under_way(notifier: Context, receiver: Receiver) -> None:
    receiver.behave = lambda _: 0.4
    async with delivering(notifier):
        await stories.hear(notifier, stories.opened(stories.referral(1, notifier.clock.now())))
        await until(lambda: len(receiver.received) == 2)
    rows = await notifier.pool.fetch("select state from notifier.delivery")
    assert [row["state"] for row in rows] == ["sent", "sent"]


async def test_a_restart_of_the_database_between_claim_and_outcome_forgets_nothing(
    notifier: Context, receiver: Receiver
) -> None:
    receiver.behave = lambda _: 0.4
    async with delivering(notifier):
        await stories.hear(notifier, stories.opened(stories.referral(1, notifier.clock.now())))
        await until(lambda: len(receiver.received) == 2)
        other = await connect(notifier.settings.dsn)
        await other.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()"
                            " and datname = current_database()")  # fmt: skip
        await other.close()
        await asyncio.sleep(3)
    rows = await notifier.pool.fetch("select state, attempts from notifier.delivery")
    assert [tuple(row) for row in rows] == [("sent", 1), ("sent", 1)]
    assert len(receiver.received) == 2
