"""A piece of work is all or nothing."""

import pytest

from events.codec import from_kafka
from events.envelope import Event
from services.chassis.context import Context
from services.chassis.dead_letters import letters, show
from services.chassis.record import StoredRecord
from services.chassis.work import transaction

EVENT = Event(id="e1", source="/shouhu/220000/referral", type="case.closed.v1", data={"case": "k1"})
RECORD = StoredRecord(
    "child-events", 3, 14, 1_790_000_000_000, b"k", b'{"child_ref": "c_1"}', (("ce_id", b"e7"), ("ce_source", b"/s"))
)


async def test_what_is_published_waits_in_the_outbox_in_order(context: Context) -> None:
    async with transaction(context, "referral") as work:
        for number in range(3):
            work.publish("referrals", f"k{number}", EVENT.model_copy(update={"id": f"e{number}"}))
    rows = await context.pool.fetch("select * from chassis.outbox order by id")
    assert [row["key"] for row in rows] == [b"k0", b"k1", b"k2"]
    read = from_kafka([(name, value.encode()) for name, value in rows[2]["headers"]], rows[2]["value"])
    assert (read.id, read.data, rows[2]["service"], rows[2]["published_at"]) == ("e2", {"case": "k1"}, "referral", None)
    assert context.wake.event("referral").is_set()


async def test_nothing_is_published_by_work_that_failed(context: Context) -> None:
    async def failing() -> None:
        async with transaction(context, "referral") as work:
            work.publish("referrals", "k", EVENT)
            work.bury(RECORD, reason="unreadable")
            raise KeyError

    with pytest.raises(KeyError):
        await failing()
    assert await context.pool.fetchval("select count(*) from chassis.outbox") == 0
    assert await letters(context.pool) == []


async def test_a_buried_record_is_sealed_whole_and_named_without_its_content(context: Context) -> None:
    async with transaction(context, "referral") as work:
        work.bury(RECORD, reason="its data cannot be read", rule="contract")
    (letter,) = await letters(context.pool)
    assert (letter.offset, letter.event_source, letter.event_id) == (14, "/s", "e7")
    assert (await show(context, letter.id))[1] == RECORD
    row = await context.pool.fetchrow("select * from chassis.dead_letter")
    assert b"c_1" not in row["sealed_record"]
    notice = await context.pool.fetchrow("select * from chassis.outbox where topic = 'dead-letters'")
    assert b"c_1" not in notice["value"]
    assert b"its data cannot be read" in notice["value"]


async def test_an_event_that_kafka_would_refuse_is_refused_at_once(context: Context) -> None:
    with pytest.raises(ValueError, match="at most 900000"):
        async with transaction(context, "referral") as work:
            work.publish("referrals", "k", EVENT.model_copy(update={"data": {"text": "x" * 1_000_000}}))
