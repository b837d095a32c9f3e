"""Cases in PostgreSQL: written and read back whole, and one case per child however many come at once."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from events.codec import to_kafka
from events.envelope import Event
from services.chassis.context import Context
from services.chassis.record import StoredRecord
from services.chassis.work import transaction
from services.referral import handlers, ids, store
from services.referral.decide import decide
from services.referral.join import Desk
from services.referral.save import save
from tests.unit.referral.clock_examples import jilin
from tests.unit.referral.story_desk import HARM, LAW, event

AT = jilin("09-09 10:00")


@pytest.fixture
def law(context: Context) -> Context:
    """The context of a referral service."""
    context.extras["law"] = LAW
    return context


def record(told: Event, offset: int = 0) -> StoredRecord:
    headers, value = to_kafka(told)
    return StoredRecord("child-events", 0, offset, int(AT.timestamp() * 1000), None, value, tuple(headers))


async def hear(context: Context, *told: Event) -> None:
    async with transaction(context, "referral") as work:
        await handlers.on_child_events(context, work, [record(e, n) for n, e in enumerate(told)])


async def test_a_case_comes_back_as_it_was_written(law: Context, tmp_path: Path) -> None:
    desk = Desk()
    told = event(
        "child.living_alone",
        AT,
        source="/police/220122/p",
        reachable_parent=False,
        address_hash="h:1",
        household_ref="h_1",
    )
    decide(LAW, desk, told, AT)
    decide(LAW, desk, event("guardian.duty.refused", AT, "e2", source="/court/220122/c"), AT)
    (case,) = desk.cases.values()
    async with law.pool.acquire() as db, db.transaction():
        await save(db, desk, {"c_1"}, AT)
        found = (await store.open_desk(db, {"c_1"}, set(), set(), set(), AT)).cases[case.id]
    assert (found.id, found.children, found.county, found.held) == (case.id, ["c_1"], "220122", case.held)
    assert (found.address_hash, found.household, found.edition) == ("h:1", "h_1", case.edition)
    assert {r.id: r.fact for r in found.referrals.values()} == {r.id: r.fact for r in case.referrals.values()}
    assert {r.id: (r.rules, r.caused_by, r.note) for r in found.referrals.values()} == {
        r.id: (r.rules, r.caused_by, r.note) for r in case.referrals.values()
    }
    assert {t.id: (t.what, t.due_at, t.event, t.cancelled_if) for t in found.timers.values()} == {
        t.id: (t.what, t.due_at, t.event, t.cancelled_if) for t in case.timers.values()
    }


@pytest.mark.parametrize("how", ["child", "address", "household"])
async def test_two_reports_at_the_same_moment_open_one_case(law: Context, how: str) -> None:
    child = None if how == "address" else "c_1"
    more = {"address": {"address_hash": "h:1"}, "household": {"household_ref": "h_1"}, "child": {}}[how]
    other = "c_2" if how == "household" else child
    await asyncio.gather(
        hear(law, event(HARM, AT, "e1", child, **more)),
        hear(law, event(HARM, AT, "e2", other, **more, immediate_danger=True)),
    )
    assert await law.pool.fetchval("select count(*) from referral.case") == 1
    assert await law.pool.fetchval("select count(*) from referral.referral where role = 'primary'") == (
        2 if how == "household" else 1
    )
    outcomes = {row["event_id"] for row in await law.pool.fetch("select event_id from referral.decision_view")}
    assert outcomes == {"e1", "e2"}


async def test_ten_reports_at_once_still_open_one_case(law: Context) -> None:
    await asyncio.gather(*(hear(law, event(HARM, AT, f"e{n}")) for n in range(10)))
    assert await law.pool.fetchval("select count(*) from referral.case") == 1
    assert await law.pool.fetchval("select count(*) from referral.referral") == 4
    rows = await law.pool.fetch("select outcome, count(*) from referral.decision_view group by 1 order by 1")
    assert [tuple(row) for row in rows] == [("attached", 9), ("referred", 1)]


async def test_an_event_that_comes_twice_is_decided_once(law: Context) -> None:
    told = event(HARM, AT)
    await hear(law, told, told)
    await hear(law, told)
    assert await law.pool.fetchval("select count(*) from referral.decision") == 1
    assert await law.pool.fetchval("select count(*) from chassis.outbox where topic = 'referrals'") == 4


async def test_a_number_that_is_taken_is_replaced(law: Context) -> None:
    desk = Desk()
    decide(LAW, desk, event(HARM, AT), AT)
    (case,) = desk.cases.values()
    first, second, *_ = case.referrals.values()
    second.fact = second.fact.model_copy(update={"number": first.fact.number})
    async with law.pool.acquire() as db, db.transaction():
        await save(db, desk, set(), AT)
    assert second.fact.number != first.fact.number
    assert second.fact.number == ids.number(second.id, AT, 1)


async def test_an_unreadable_record_is_put_aside_and_the_next_is_decided(law: Context) -> None:
    broken = StoredRecord(
        "child-events",
        0,
        0,
        int(AT.timestamp() * 1000),
        None,
        b"{",
        (("content-type", b"application/cloudevents+json"),),
    )
    async with transaction(law, "referral") as work:
        await handlers.on_child_events(law, work, [broken, record(event(HARM, AT), 1)])
    assert await law.pool.fetchval("select count(*) from chassis.dead_letter") == 1
    assert await law.pool.fetchval("select count(*) from referral.decision") == 1


async def test_no_record_of_the_service_names_a_child_by_more_than_its_pseudonym(law: Context) -> None:
    await hear(law, event(HARM, AT, address_hash="h:secret"))
    sent = b"".join(
        row["value"] for row in await law.pool.fetch("select value from chassis.outbox where topic = 'referrals'")
    )
    assert b"h:secret" not in sent
    assert b"220122100201" not in sent


def later(hours: int) -> datetime:
    return AT + timedelta(hours=hours)


async def test_the_address_of_an_unknown_child_holds_for_three_days(law: Context) -> None:
    for number, hours in enumerate((0, 72, 73)):
        await hear(law, event(HARM, later(hours), f"e{number}", None, address_hash="h:1"))
    assert await law.pool.fetchval("select count(*) from referral.case") == 2
