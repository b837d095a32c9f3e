from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.envelope import Event
from events.identity import find_identities, identity_in, printable
from tests.unit.events.id_numbers import id_number, id_numbers

NUMBER = id_number("220122", date(2015, 1, 1), 123)


def event(**changes: object) -> Event:
    whole = {"id": "a1", "source": "/school/220322/s1", "type": "child.missing.v1", "data": {}}
    return Event.model_validate(whole | changes)


PLACES = {
    "id": lambda text: event(id=text),
    "id, inside": lambda text: event(id=f"report-{text}-2"),
    "source": lambda text: event(source=f"/school/220322/{text}"),
    "type": lambda text: event(type=text),
    "subject": lambda text: event(subject=text),
    "subject as a child reference": lambda text: event(subject=f"c_{text.lower()}"),
    "dataschema": lambda text: event(dataschema=f"https://example.org/{text}"),
    "correlationid": lambda text: event(correlationid=text),
    "causationid": lambda text: event(causationid=text),
    "tracestate": lambda text: event(tracestate=f"a={text}"),
    "extension": lambda text: event(extensions={"note": text}),
    "extension name": lambda text: event(extensions={text.lower(): "x"}),
    "data": lambda text: event(data={"evidence_refs": [text]}),
    "data, deep": lambda text: event(data={"reporter": {"a": [{"b": [text]}]}}),
    "data, inside a sentence": lambda text: event(data={"note": f"孩子的身份证是{text}，请核对"}),
    "data, stuck to letters": lambda text: event(data={"note": f"ID{text}abc"}),
    "data, stuck to digits": lambda text: event(data={"note": f"00{text}"}),
    "data, field name": lambda text: event(data={text: True}),
    "data, deep field name": lambda text: event(data={"children": [{f"x{text}": True}]}),
    "data, in groups": lambda text: event(data={"note": f"{text[:6]} {text[6:14]}-{text[14:]}"}),
    "data, full width": lambda text: event(data={"note": "".join(chr(ord(x) + 0xFEE0) for x in text)}),
    "data, hidden characters": lambda text: event(data={"note": f"{text[:9]}\u200b{text[9:]}"}),
    "data, over two lines": lambda text: event(data={"note": f"{text[:9]}\n{text[9:]}"}),
}


@pytest.mark.parametrize("place", PLACES)
@given(number=id_numbers())
def test_an_id_number_is_found_in_every_place_and_never_repeated(place: str, number: str) -> None:
    faults = find_identities(PLACES[place](number))
    assert [fault.rule for fault in faults] == ["id_number"]
    assert number.lower() not in str(faults).lower()


@given(number=id_numbers().filter(lambda number: number.isdigit()))
def test_an_id_number_is_found_as_a_json_number(number: str) -> None:
    assert [fault.field for fault in find_identities(event(data={"a": [int(number)]}))] == ["data.a[0]"]


@given(number=id_numbers(), wrong=st.integers(1, 10))
def test_a_wrong_check_digit_is_no_id_number(number: str, wrong: int) -> None:
    digits = "0123456789X"
    other = digits[(digits.index(number[-1].upper()) + wrong) % 11]
    assert identity_in(number[:-1] + other) is None


@pytest.mark.parametrize(
    "text",
    [
        "13812345678", "tel 13812345678", "+86 138 1234 5678", "138-1234-5678", "8613812345678", "tel_13812345678",
        "手机13812345678。", "１３８１２３４５６７８", "c_a 13812345678",
    ],
)  # fmt: skip
def test_a_mobile_number_is_found(text: str) -> None:
    assert identity_in(text) == "mobile_number"


def test_a_mobile_number_is_found_as_a_json_number() -> None:
    assert find_identities(event(data={"a": 13812345678}))[0].field == "data.a"
    assert find_identities(event(data={"a": 13812345678.0}))[0].field == "data.a"


@pytest.mark.parametrize(
    "text",
    [
        "a13812345678", "138123456789", "c_13812345678", "220122100201", "2026-10-02T19:50:00.123456+08:00",
        "1790000000000", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "12812345678",
        "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    ],
)  # fmt: skip
def test_codes_times_and_references_are_no_mobile_numbers(text: str) -> None:
    assert identity_in(text) is None


def test_an_old_id_number_of_a_parent_is_found() -> None:
    assert identity_in("220122750615123") == "id_number"


def test_a_form_number_of_county_day_and_serial_is_no_old_id_number() -> None:
    assert identity_in("220122261002123") is None
    assert identity_in("220122751315123") is None


@given(st.text(max_size=60))
def test_what_is_printed_again_holds_no_identity(text: str) -> None:
    shown = printable(text + NUMBER)
    assert NUMBER not in shown
