"""A dead letter is handled again by its own service, or stays."""

from collections.abc import Callable, Sequence

import pytest

from services.chassis.context import Context
from services.chassis.dead_letters import NoSuchDeadLetter, StillFails, letters, replay, resolve, show
from services.chassis.record import Record, StoredRecord
from services.chassis.work import Handle, Work, transaction

RECORD = StoredRecord("child-events", 3, 14, 1_790_000_000_000, b"k", b"{}", (("ce_id", b"e7"),))


async def buried(context: Context) -> int:
    async with transaction(context, "referral") as work:
        work.bury(RECORD, reason="no rule could be read", rule="rulebook")
    return (await letters(context.pool, service="referral"))[0].id


def handled_by(do: Callable[[Work, Record], None]) -> Callable[[str], Handle]:
    async def handle(work: Work, records: Sequence[Record]) -> None:
        for record in records:
            do(work, record)

    return lambda topic: handle


async def test_a_replayed_record_has_its_original_place_and_time(context: Context) -> None:
    letter = await buried(context)
    seen: list[Record] = []
    done = await replay(context, "referral", handled_by(lambda work, record: seen.append(record)), letter)
    assert seen == [RECORD]
    assert done.state == "replayed"
    assert await letters(context.pool) == []
    with pytest.raises(NoSuchDeadLetter):
        await replay(context, "referral", handled_by(lambda work, record: seen.append(record)), letter)


async def test_a_replay_that_fails_again_changes_nothing(context: Context) -> None:
    letter = await buried(context)
    again = handled_by(lambda work, record: work.bury(record, reason="still no rule"))
    with pytest.raises(StillFails, match="still no rule"):
        await replay(context, "referral", again, letter)
    assert [found.id for found in await letters(context.pool)] == [letter]


async def test_no_service_replays_what_is_anothers(context: Context) -> None:
    letter = await buried(context)
    with pytest.raises(NoSuchDeadLetter):
        await replay(context, "tracker", handled_by(lambda work, record: None), letter)


async def test_a_dead_letter_can_be_closed_with_a_reason(context: Context) -> None:
    letter = await buried(context)
    await resolve(context, letter, "the source sent it again, corrected")
    about, record = await show(context, letter)
    assert (about.state, about.resolution, record) == ("resolved", "the source sent it again, corrected", RECORD)
