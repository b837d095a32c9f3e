"""A record of a topic, as every handler sees it: from Faust, from Kafka directly, from a dead letter or from a list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import orjson


class Record(Protocol):
    """One record of one topic; `timestamp` in ms since 1970, headers in order and possibly repeated."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as such, wherever it comes from."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = field(default=())


def written_at(record: Record) -> datetime:
    """When the record was written: on `in.*` this is T, the moment the event was accepted."""
    return datetime.fromtimestamp(record.timestamp / 1000, UTC)


def header(record: Record, name: str) -> bytes | None:
    """The last header of that name, or None."""
    found = [value for key, value in record.headers if key == name]
    return found[-1] if found else None


def pack(record: Record) -> bytes:
    """The whole record as bytes, for a dead letter (the caller seals them)."""
    about = [record.topic, record.partition, record.offset, record.timestamp]
    sizes = [None if part is None else len(part) for part in (record.key, record.value)]
    heads = [[name, len(value)] for name, value in record.headers]
    head = orjson.dumps([about, sizes, heads])
    body = b"".join([record.key or b"", record.value or b"", *(value for _, value in record.headers)])
    return len(head).to_bytes(4, "big") + head + body


def unpack(packed: bytes) -> StoredRecord:
    """The record that `pack` made the bytes from."""
    start = 4 + int.from_bytes(packed[:4], "big")
    (topic, partition, offset, timestamp), sizes, heads = orjson.loads(packed[4:start])
    pieces = _pieces(packed[start:], [*sizes, *(size for _, size in heads)])
    key, value = next(pieces), next(pieces)
    headers = tuple((name, next(pieces) or b"") for name, _ in heads)
    return StoredRecord(topic, partition, offset, timestamp, key, value, headers)


def _pieces(body: bytes, sizes: list[int | None]) -> Iterator[bytes | None]:
    at = 0
    for size in sizes:
        yield None if size is None else body[at : at + size]
        at += size or 0
