"""In a simulation what was published goes straight to its readers, in order; what is old goes away, but no position."""

from collections.abc import Sequence

import pytest

from events.envelope import Event
from services.chassis.context import Context
from services.chassis.prune import prune
from services.chassis.pump import Reader, pump
from services.chassis.record import Record
from services.chassis.work import Work, transaction


def event(name: str) -> Event:
    return Event(id=name, source="/test", type="test.v1", data={})


async def publish(context: Context, *names: str) -> None:
    async with transaction(context, "intake") as work:
        for name in names:
            work.publish("child-events", name, event(name))


async def test_what_handlers_publish_is_pumped_too_after_what_was_there_before(context: Context) -> None:
    seen: list[tuple[str, bytes | None]] = []

    async def referral(work: Work, records: Sequence[Record]) -> None:
        for record in records:
            seen.append(("referral", record.key))
            work.publish("referrals", f"r{len(seen)}", event("x"))

    async def other(work: Work, records: Sequence[Record]) -> None:
        seen.extend((work.service, record.key) for record in records)

    readers = {
        "child-events": [Reader("referral", referral)],
        "referrals": [Reader("tracker", other), Reader("notifier", other)],
    }
    await publish(context, "a", "b")
    assert await pump(context, readers) == 4
    assert seen == [("referral", b"a"), ("referral", b"b"), ("tracker", b"r1"), ("tracker", b"r2"), ("notifier", b"r1"),
                    ("notifier", b"r2")]  # fmt: skip
    assert await pump(context, readers) == 0


async def test_services_that_answer_each_other_for_ever_are_stopped(context: Context) -> None:
    async def echo(work: Work, records: Sequence[Record]) -> None:
        work.publish("child-events", "again", event("again"))

    await publish(context, "a")
    with pytest.raises(RuntimeError, match="no end"):
        await pump(context, {"child-events": [Reader("referral", echo)]}, limit=20)


async def test_old_published_rows_go_waiting_ones_and_positions_stay(context: Context) -> None:
    await publish(context, "old", "new", "waiting")
    await context.pool.execute(
        "update chassis.outbox set published_at = clock_timestamp() - interval '30 days' where key = 'old'"
    )
    await context.pool.execute("update chassis.outbox set published_at = clock_timestamp() where key = 'new'")
    await context.pool.execute(
        "insert into chassis.position values ('referral', 'child-events', 0, 5, clock_timestamp() - interval '9 years')"
    )
    assert await prune(context) == 1
    assert await context.pool.fetchval("select count(*) from chassis.outbox") == 2
    assert await context.pool.fetchval("select count(*) from chassis.position") == 1
