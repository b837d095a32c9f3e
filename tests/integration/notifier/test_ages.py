"""What the notifier forgets after three years, and how long a message may wait for a place before others follow."""

from datetime import timedelta

from services.chassis.context import Context
from services.notifier.deliver import deliver_due
from services.notifier.overdue import give_way
from services.notifier.prune import KEEP, prune
from tests.integration.notifier import stories
from tests.integration.notifier.receiver import Receiver


async def counts(context: Context) -> list[int]:
    """Rows of notices, messages, deliveries and replies."""
    tables = ("notice", "message", "delivery", "reply")
    return [await context.pool.fetchval(f"select count(*) from notifier.{each}") for each in tables]


async def test_the_log_is_kept_for_three_years_and_what_is_under_way_for_as_long_as_it_takes(
    notifier: Context, receiver: Receiver
) -> None:
    now = notifier.clock.now()
    first, second = (stories.opened(stories.referral(n, now, event_id="one")) for n in (1, 2))
    await stories.hear(notifier, first, second)
    await deliver_due(notifier)
    await notifier.pool.execute("insert into notifier.reply values ('x', 'sms', 'a', '{}', 'stranger', $1)", now)
    await stories.hear(notifier, stories.opened(stories.referral(3, now), notify_at=now + timedelta(days=1)))
    kept = await counts(notifier)
    assert kept == [3, 1, 2, 1]
    assert await prune(notifier) == 0
    old = now - KEEP - timedelta(days=1)
    await notifier.pool.execute("update notifier.notice set created_at = $1", old)
    await notifier.pool.execute("update notifier.reply set at = $1", old)
    assert await prune(notifier) == 3
    assert await counts(notifier) == [1, 0, 0, 0]


async def test_a_message_without_a_place_at_its_provider_does_not_wait_alone(
    notifier: Context, receiver: Receiver
) -> None:
    now = notifier.clock.now()
    await stories.hear(notifier, stories.opened(stories.referral(1, now, severity="LOW", ladder="P4")))
    assert await give_way(notifier) == 0
    await notifier.pool.execute("update notifier.delivery set next_at = $1", now - timedelta(minutes=3))
    assert await give_way(notifier) == 1
    channels = await notifier.pool.fetch("select channel, state, slow from notifier.delivery order by position")
    assert [tuple(row) for row in channels] == [("wecom", "queued", True), ("sms", "queued", False)]
    await deliver_due(notifier)
    assert {each["channel"] for each in receiver.received} <= {"wecom", "sms"}
    assert await notifier.pool.fetchval("select state from notifier.notice") == "told"
