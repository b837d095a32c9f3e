"""How far records reach without a hole: the pure heart of the delivery rule."""

from aiokafka.structs import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.record import Record, StoredRecord
from services.chassis.stretch import Stretch, advance, one, single_records

WHERE = TopicPartition("child-events", 0)


def record(offset: int) -> StoredRecord:
    return StoredRecord("child-events", 0, offset, 0, None, b"")


def offsets(records: list[Record]) -> list[int]:
    return [r.offset for r in records]


def test_the_next_record_is_handled_and_the_position_moves_behind_it() -> None:
    progress = advance(5, [one(record(5))])
    assert (offsets(progress.todo), progress.position, progress.gap) == ([5], 6, None)


def test_a_repeat_is_skipped_and_the_position_stays() -> None:
    progress = advance(9, [one(record(5)), one(record(6))])
    assert (progress.todo, progress.position, progress.gap) == ([], 9, None)


def test_nothing_behind_a_hole_is_handled_before_the_hole_is_read() -> None:
    progress = advance(5, [one(record(5)), one(record(8)), one(record(9))])
    assert (offsets(progress.todo), progress.position, progress.gap) == ([5], 6, (6, 10))


def test_a_hole_that_a_reread_proves_empty_is_passed() -> None:
    progress = advance(5, [Stretch(WHERE, 5, 8, []), one(record(8))])
    assert (offsets(progress.todo), progress.position, progress.gap) == ([8], 9, None)


def test_what_retention_deleted_before_anybody_handled_it_is_named() -> None:
    progress = advance(5, [Stretch(WHERE, 5, 12, [record(10), record(11)], gone=10)])
    assert (offsets(progress.todo), progress.position, progress.lost) == ([10, 11], 12, (5, 10))


def test_what_was_handled_before_retention_deleted_it_is_not_called_lost() -> None:
    assert advance(10, [Stretch(WHERE, 5, 12, [record(10), record(11)], gone=10)]).lost is None


@given(st.lists(st.integers(0, 30)), st.integers(0, 30))
def test_whatever_arrives_every_offset_up_to_the_position_is_handled_once_and_none_beyond(
    seen: list[int], start: int
) -> None:
    progress = advance(start, sorted(one(record(offset)) for offset in seen))
    assert offsets(progress.todo) == list(range(start, progress.position))
    assert (progress.gap is None) == all(offset < progress.position for offset in seen)


def test_single_records_cover_the_same_offsets_holes_included() -> None:
    singles = list(single_records([Stretch(WHERE, 3, 9, [record(4), record(7)]), one(record(9))]))
    assert [(s.start, s.stop, offsets(s.records)) for s in singles] == [
        (3, 5, [4]),
        (5, 8, [7]),
        (8, 9, []),
        (9, 10, [9]),
    ]
