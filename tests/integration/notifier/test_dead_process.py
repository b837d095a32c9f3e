"""A process that is killed while it hands over: another one takes its claims at once, and a living one keeps its own."""

import asyncio
import sys
import time
from pathlib import Path

from services.chassis.context import Context
from services.chassis.database import connect
from services.notifier.alive import life_of
from services.notifier.claim import claim, release_stuck
from services.notifier.parcel import Lane
from tests.integration.notifier import stories
from tests.integration.notifier.receiver import Receiver
from tests.integration.notifier.test_lanes import delivering, until

OTHER = """
import asyncio, sys
from pathlib import Path
from services.chassis.context import Context
from services.chassis.database import connect_pool
from services.chassis.seal import load_seal
from services.chassis.settings import Settings
from services.notifier.channels import read_channels
from services.notifier.deliver import deliver
from services.notifier.desk import set_desk

async def main(dsn, directory, url):
    context = Context(Settings(postgres=dsn, data=Path(directory)), await connect_pool(dsn), load_seal(Path(directory)))
    set_desk(context, read_channels(f"sms: {url}"))
    await deliver(context)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_killed_process_is_followed_by_another_at_once(
    notifier: Context, receiver: Receiver, tmp_path: Path
) -> None:
    held = True
    receiver.behave = lambda _: "silent" if held else 200
    command = [sys.executable, "-c", OTHER, notifier.settings.dsn, str(tmp_path / "other"), receiver.url("sms")]
    (tmp_path / "other").mkdir()
    other = await asyncio.create_subprocess_exec(*command)
    try:
        await stories.hear(notifier, stories.opened(stories.referral(1, notifier.clock.now())))
        await until(lambda: len(receiver.by("sms")) == 1, seconds=20)
        async with delivering(notifier):
            await asyncio.sleep(2.0)
            assert len(receiver.by("sms")) == 1, "a living process keeps its claims"
            held = False
            other.kill()
            await other.wait()
            died = time.monotonic()
            await until(lambda: len(receiver.by("sms")) == 2, seconds=10)
            assert time.monotonic() - died < 5.0
    finally:
        if other.returncode is None:
            other.kill()
            await other.wait()
    assert {each["message_id"] for each in receiver.by("sms")} == {receiver.by("sms")[0]["message_id"]}


async def test_a_holder_counts_as_dead_only_when_its_lock_was_free_twice(notifier: Context) -> None:
    now = notifier.clock.now()
    ours, theirs = life_of(now), life_of(now.replace(year=2020))
    connection = await connect(notifier.settings.dsn)
    await theirs.take(connection)
    await stories.hear(notifier, stories.opened(stories.referral(1, now)))
    claimed, _ = await claim(notifier, Lane("sms", False, 16), 16, holder=theirs.holder)
    assert len(claimed) == 1
    assert await ours.dead(notifier) == []
    await connection.close()
    await asyncio.sleep(0.2)
    assert await ours.dead(notifier) == []
    await asyncio.sleep(1.0)
    assert await ours.dead(notifier) == [theirs.name]
    assert await release_stuck(notifier, [theirs.name]) == 1
    assert await ours.dead(notifier) == []


async def test_who_takes_the_lock_again_in_time_never_counted_as_dead(notifier: Context) -> None:
    now = notifier.clock.now()
    ours, theirs = life_of(now), life_of(now.replace(year=2020))
    connection = await connect(notifier.settings.dsn)
    await theirs.take(connection)
    await stories.hear(notifier, stories.opened(stories.referral(1, now)))
    await claim(notifier, Lane("sms", False, 16), 16, holder=theirs.holder)
    await connection.close()
    await asyncio.sleep(0.2)
    assert await ours.dead(notifier) == []
    again = await connect(notifier.settings.dsn)
    await theirs.take(again)
    await asyncio.sleep(1.0)
    assert await ours.dead(notifier) == []
    await again.close()


async def test_critical_messages_have_places_of_their_own_when_all_others_hang(
    notifier: Context, receiver: Receiver
) -> None:
    receiver.behave = lambda message: 200 if message["referral"] == "JL26-00000099" else "silent"
    async with delivering(notifier):
        now = notifier.clock.now()
        await stories.hear(
            notifier,
            *(stories.opened(stories.referral(n, now, severity="HIGH", county=f"2201{n:02d}")) for n in range(40)),
        )
        await until(lambda: len(receiver.by("sms")) >= 12)
        started = time.monotonic()
        await stories.hear(notifier, stories.opened(stories.referral(99, now)))
        await until(lambda: any(each["referral"] == "JL26-00000099" for each in receiver.by("sms")))
        assert time.monotonic() - started < 0.6
