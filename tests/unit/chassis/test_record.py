"""A record that is put away comes back as it was."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.record import StoredRecord, header, pack, unpack, written_at

HEADERS = st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=20)), max_size=4).map(tuple)


@given(st.none() | st.binary(max_size=50), st.none() | st.binary(max_size=50), HEADERS)
def test_a_packed_record_is_unpacked_unchanged(
    key: bytes | None, value: bytes | None, headers: tuple[tuple[str, bytes], ...]
) -> None:
    record = StoredRecord("in.school", 3, 12, 1_790_000_000_123, key, value, headers)
    assert unpack(pack(record)) == record


def test_the_last_of_repeated_headers_counts() -> None:
    record = StoredRecord("t", 0, 0, 0, None, None, (("ce_id", b"a"), ("ce_id", b"b")))
    assert (header(record, "ce_id"), header(record, "ce_type")) == (b"b", None)


def test_the_moment_a_record_was_written_is_utc() -> None:
    assert written_at(StoredRecord("t", 0, 0, 1500, None, None)) == datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)
