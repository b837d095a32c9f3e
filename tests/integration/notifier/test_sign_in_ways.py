"""Whom a contact stands for, and how a code reaches its officer."""

import pytest_asyncio

from services.chassis.context import Context
from services.notifier.recorder import Recorder
from services.notifier.sign_in import ContactWays

MOBILE = "19900000001"


@pytest_asyncio.fixture
async def recorder(context: Context) -> Recorder:
    pool = context.pool
    await pool.execute("insert into notifier.person(id, name) values ('p1', '值班一'), ('p2', '值班二')")
    await pool.execute("insert into notifier.person(id, name, sample) values ('s1', '样例', true)")
    await pool.execute(
        "insert into notifier.contact values ('p1', 'sms', $1), ('p1', 'voice', $1), ('p1', 'wecom', 'Li'), ('p2', 'sms', '19900000002'),"
        " ('s1', 'sms', '10000000001')",
        MOBILE,
    )
    await verify(context, "p1")
    return Recorder()


async def verify(context: Context, person: str) -> None:
    await context.pool.execute(
        "insert into notifier.verified_contact select person_id, channel, sha256(convert_to(value, 'UTF8')), now()"
        " from notifier.contact where person_id = $1",
        person,
    )


async def test_a_verified_contact_of_one_person_stands_for_that_person(context: Context, recorder: Recorder) -> None:
    ways = ContactWays(context.pool, recorder, None)
    assert await ways.person_reached_at(MOBILE) == "p1"
    assert await ways.person_reached_at("10000000001") == "s1"  # a sample person, whom nobody could verify
    assert await ways.person_reached_at("19900000002") is None  # not verified
    assert await ways.person_reached_at("Li") is None  # WeCom itself says who that is
    assert await ways.person_reached_at("") is None


async def test_a_contact_of_two_people_stands_for_nobody(context: Context, recorder: Recorder) -> None:
    await context.pool.execute("update notifier.contact set value = $1 where person_id = 'p2'", MOBILE)
    await verify(context, "p2")
    assert await ContactWays(context.pool, recorder, None).person_reached_at(MOBILE) is None


async def test_a_contact_that_changed_since_it_was_verified_counts_no_more(
    context: Context, recorder: Recorder
) -> None:
    await context.pool.execute(
        "update notifier.contact set value = '19900000009' where channel = 'sms' and person_id = 'p1'"
    )
    ways, now = ContactWays(context.pool, recorder, None), context.clock.now()
    assert await ways.person_reached_at("19900000009") is None
    assert await ways.send_code("p1", "123456", 5, now)
    assert [parcel.to for parcel in recorder.received] == ["Li"]


async def test_a_code_goes_by_the_next_channel_when_one_refuses_and_once_in_all(
    context: Context, recorder: Recorder
) -> None:
    ways, now = ContactWays(context.pool, recorder, None), context.clock.now()
    recorder.answer("failed", channel="sms")
    assert await ways.send_code("p1", "123456", 5, now)
    (parcel,) = recorder.received
    assert (parcel.channel, parcel.to, parcel.params["code"]) == ("wecom", "Li", "123456")
    assert parcel.referral == ""
    assert "123456" in parcel.text
    assert "http" not in parcel.text


async def test_nobody_gets_a_code_at_a_contact_that_was_not_verified(context: Context, recorder: Recorder) -> None:
    ways, now = ContactWays(context.pool, recorder, None), context.clock.now()
    assert not await ways.send_code("p2", "123456", 5, now)
    assert recorder.received == []
