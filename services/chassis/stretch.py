"""A stretch of a partition: which offsets it covers and which records lie in it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from aiokafka.structs import TopicPartition

from services.chassis.record import Record


class Stretch(NamedTuple):
    """The offsets start…stop-1 hold exactly these records; those below `gone` were deleted, handled or not."""

    where: TopicPartition
    start: int
    stop: int
    records: list[Record]
    gone: int = 0


def one(record: Record) -> Stretch:
    """The stretch that is this one record."""
    return Stretch(TopicPartition(record.topic, record.partition), record.offset, record.offset + 1, [record])


def single_records(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """The same offsets in order, at most one record to a stretch."""
    for s in sorted(stretches, key=lambda s: s[:3]):
        start = s.start
        for record in s.records:
            yield Stretch(s.where, start, record.offset + 1, [record], s.gone)
            start = record.offset + 1
        if start < s.stop:
            yield Stretch(s.where, start, s.stop, [], s.gone)


class Progress(NamedTuple):
    """What lies before us in one partition: records to handle, the position after them, what was lost or is missing."""

    todo: list[Record]
    position: int
    lost: tuple[int, int] | None
    gap: tuple[int, int] | None


def advance(position: int, stretches: Iterable[Stretch]) -> Progress:
    """How far these stretches (of one partition, in order) reach without a hole; the heart of the delivery rule."""
    ordered = list(stretches)
    todo: list[Record] = []
    lost = None
    for s in ordered:
        if s.start > position:
            return Progress(todo, position, lost, (position, max(x.stop for x in ordered)))
        if s.gone > position:
            lost = (position, s.gone)
        todo += [r for r in s.records if r.offset >= position]
        position = max(position, s.stop)
    return Progress(todo, position, lost, None)
