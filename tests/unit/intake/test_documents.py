"""Property tests of GB 11643: what is believable, what is not, and that no fault repeats the number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.documents import Identity, check_character, faults

TODAY = date(2026, 10, 2)
births = st.dates(date(1985, 1, 1), TODAY)
regions = st.sampled_from(["220122", "220322", "110101", "222401", "910000"])
serials = st.integers(0, 999).map("{:03}".format)


def number(region: str, birth: date, serial: str) -> str:
    first = f"{region}{birth:%Y%m%d}{serial}"
    return first + check_character(first)


def identity(document_number: str | None, birth: date, kind: str = "resident_id") -> Identity:
    return Identity.model_validate(
        {"document_kind": kind, "document_number": document_number, "name": "某某", "birth_date": birth}
    )


@given(regions, births, serials)
def test_a_number_with_its_check_character_is_believed(region: str, birth: date, serial: str) -> None:
    assert list(faults(identity(number(region, birth, serial), birth), TODAY)) == []


@given(regions, births, serials, st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(region: str, birth: date, serial: str, place: int, more: int) -> None:
    good = number(region, birth, serial)
    wrong = good[:place] + str((int(good[place]) + more) % 10) + good[place + 1 :]
    assert "check_character" in {fault.rule for fault in faults(identity(wrong, birth), TODAY)}


@given(regions, births, serials, st.integers(0, 15))
def test_two_neighbours_exchanged_are_noticed(region: str, birth: date, serial: str, place: int) -> None:
    good = number(region, birth, serial)
    wrong = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
    expected = {"check_character"} if wrong != good else set()
    assert expected <= {fault.rule for fault in faults(identity(wrong, birth), TODAY)}


@given(births, births, serials)
def test_a_birth_date_that_the_number_contradicts_is_noticed(birth: date, other: date, serial: str) -> None:
    found = {fault.field for fault in faults(identity(number("220122", birth, serial), other), TODAY)}
    assert ("birth_date" in found) == (birth != other)


@given(st.text(max_size=30), births)
def test_no_fault_repeats_what_was_sent(text: str, birth: date) -> None:
    for fault in faults(identity(text, birth), TODAY):
        assert len(text) < 6 or text not in "".join(fault)


@pytest.mark.parametrize(
    "spelling", ["220122201705013414", "220122 20170501 3414", "２２０１２２２０１７０５０１３４１４"]
)
def test_one_number_has_one_spelling(spelling: str) -> None:
    assert identity(spelling, date(2017, 5, 1)).number == "220122201705013414"


def test_a_child_without_documents_gives_no_number() -> None:
    assert list(faults(identity(None, TODAY, "none"), TODAY)) == []
    assert [fault.rule for fault in faults(identity("123", TODAY, "none"), TODAY)] == ["not_empty"]


def test_nobody_is_born_tomorrow() -> None:
    assert [fault.rule for fault in faults(identity(None, date(2026, 10, 3), "none"), TODAY)] == ["in_the_future"]


@pytest.mark.parametrize("kind", ["resident_id", "passport", "birth_certificate"])
def test_a_document_needs_its_number(kind: str) -> None:
    assert "document_number" in {fault.field for fault in faults(identity(None, TODAY, kind), TODAY)}
