import base64
import json
from typing import Any

import pytest

from events.codec import BATCH, STRUCTURED, Refusal, from_http, from_kafka, to_kafka
from events.envelope import Event
from events.faults import Unreadable, UnsupportedMediaType

HEADERS = [
    ("content-type", b"application/json"), ("ce_specversion", b"1.0"), ("ce_id", b"a1"),
    ("ce_source", b"/school/220322/s1"), ("ce_type", b"child.missing.v1"),
]  # fmt: skip
WHOLE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "a1",
    "source": "/school/220322/s1",
    "type": "child.missing.v1",
    "data": {},
}


def faults(headers: list[tuple[str, bytes | None]], value: bytes | None) -> dict[str, str]:
    with pytest.raises(Unreadable) as unreadable:
        from_kafka(headers, value)
    return {fault.field: fault.rule for fault in unreadable.value.errors}


def structured(**changes: object) -> Event | Refusal:
    return from_http(STRUCTURED, [], json.dumps({**WHOLE, **changes}).encode())[0]


def refused(**changes: object) -> dict[str, str]:
    refusal = structured(**changes)
    assert isinstance(refusal, Refusal)
    return {fault.field: fault.rule for fault in refusal.errors}


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (None, {"value": "tombstone"}),
        (b"", {"body": "json"}),
        (b"{", {"body": "json"}),
        (b"\xff{}", {"body": "json"}),
        (b"[]", {"data": "type"}),
        (b'"{}"', {"data": "type"}),
        (b"null", {"data": "type"}),
        (b'{"a":"\\u0000"}', {"body": "control_character"}),
        (b'{"a":"' + b"x" * 65536 + b'"}', {"data": "size"}),
        (b'{"a":' * 20 + b"1" + b"}" * 20, {"body": "depth"}),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", {"data": "size"}),
    ],
)
def test_a_value_that_is_no_json_object_of_bounded_size_is_refused(value: bytes | None, fault: dict[str, str]) -> None:
    found = faults(list(HEADERS), value)
    assert fault.items() <= found.items()


def test_a_value_nested_as_deep_as_allowed_is_read() -> None:
    assert from_kafka(HEADERS, b'{"a":' * 16 + b"1" + b"}" * 16).data["a"]


@pytest.mark.parametrize("twice", ["ce_id", "CE_ID", "content-type", "Content-Type"])
def test_a_header_that_is_there_twice_is_refused(twice: str) -> None:
    assert set(faults([*HEADERS, (twice, b"b")], b"{}").values()) == {"duplicate_header"}


def test_every_missing_attribute_is_named_at_once() -> None:
    assert faults([], b"{}") == {"specversion": "required", "id": "required", "source": "required", "type": "required"}


def test_a_header_that_is_not_utf8_or_has_no_value_is_refused() -> None:
    assert faults([*HEADERS, ("ce_subject", b"\xff")], b"{}") == {"headers": "encoding"}
    assert faults([*HEADERS, ("ce_subject", None)], b"{}") == {"subject": "length"}


@pytest.mark.parametrize("content_type", [b"text/plain", b"application/xml", b"application/json; charset=gb18030"])
def test_data_that_are_not_json_by_their_type_are_unsupported(content_type: bytes) -> None:
    with pytest.raises(UnsupportedMediaType):
        from_kafka([("content-type", content_type), *HEADERS[1:]], b"{}")


@pytest.mark.parametrize("content_type", [b"application/cloudevents+avro", BATCH.encode(), b"application/cloudevents"])
def test_kafka_carries_no_batch_and_no_format_but_json(content_type: bytes) -> None:
    with pytest.raises(UnsupportedMediaType):
        from_kafka([("content-type", content_type)], b"[]")


def test_the_content_type_decides_the_mode_whatever_the_other_headers_say() -> None:
    headers = [("content-type", b"application/cloudevents+json; charset=UTF-8"), ("ce_id", b"other"), *HEADERS[3:]]
    assert from_kafka(headers, json.dumps(WHOLE).encode()).id == "a1"


def test_no_content_type_is_json_in_binary_mode() -> None:
    assert from_kafka(HEADERS[1:], b"{}").datacontenttype == "application/json"


def test_a_record_key_never_becomes_an_attribute_and_a_plain_traceparent_is_the_hop() -> None:
    hop = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    event = from_kafka([*HEADERS, ("traceparent", hop)], b"{}")
    assert event.traceparent is None
    assert event.extensions == {}


def test_an_event_without_anything_to_say_is_no_tombstone() -> None:
    assert to_kafka(from_kafka(HEADERS, b"{}"))[1] == b"{}"


def test_attributes_in_json_may_be_booleans_integers_and_null() -> None:
    event = structured(exercise=True, sequence=7, subject=None)
    assert isinstance(event, Event)
    assert (event.exercise, event.extensions, event.subject) == (True, {"sequence": "7"}, None)


def test_data_in_base64_are_read_as_json() -> None:
    encoded = {key: value for key, value in WHOLE.items() if key != "data"}
    encoded["data_base64"] = base64.b64encode(b'{"a":1}').decode()
    event = from_http(STRUCTURED, [], json.dumps(encoded).encode())[0]
    assert isinstance(event, Event)
    assert event.data == {"a": 1}
    assert refused(data_base64="e30=") == {"data_base64": "contradiction"}
    assert refused(data=None, data_base64="%") == {"data_base64": "base64"}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"data": '{"a": 1}'}, {"data": "type"}),
        ({"data": None}, {"data": "type"}),
        ({"specversion": None}, {"specversion": "required"}),
        ({"specversion": "0.3"}, {"specversion": "one_of"}),
        ({"sequence": 2**31}, {"extensions.sequence": "type"}),
        ({"nested": {}}, {"extensions.nested": "type"}),
        ({"bad_name": "x"}, {"extensions": "name"}),
        ({"datacontenttype": "text/plain"}, {"datacontenttype": "media_type"}),
        ({"data": {"a": "x" * 65536}}, {"data": "size"}),
    ],
)
def test_a_structured_event_that_breaks_the_format_is_refused(changes: dict[str, Any], fault: dict[str, str]) -> None:
    assert refused(**changes) == fault


def test_each_bad_element_of_a_batch_has_its_own_refusal() -> None:
    batch = [WHOLE, 3, {**WHOLE, "id": ""}, {**WHOLE, "id": "a4"}]
    first, second, third, fourth = from_http(BATCH, [], json.dumps(batch).encode())
    assert isinstance(first, Event)
    assert isinstance(second, Refusal)
    assert isinstance(third, Refusal)
    assert isinstance(fourth, Event)
    assert (second.id, second.errors[0].field) == (None, "event")
    assert (third.source, third.errors[0].field) == ("/school/220322/s1", "id")


@pytest.mark.parametrize("body", [b"{}", b"3", b"nonsense"])
def test_a_batch_that_is_no_array_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        from_http(BATCH, [], body)


@pytest.mark.parametrize("content_type", [None, "", "text/plain", "application/cloudevents+xml", "multipart/form-data"])
def test_http_takes_no_other_content_type(content_type: str | None) -> None:
    with pytest.raises(UnsupportedMediaType):
        from_http(
            content_type, [("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "/a"), ("ce-type", "t")], b"{}"
        )


def test_http_binary_reads_percent_encoded_and_quoted_values_and_sees_doubles() -> None:
    headers = [("ce-specversion", "1.0"), ("Ce-Id", "%E5%90%89%20%22"), ("ce-source", '"/a\\"b"'), ("ce-type", "t")]
    event = from_http("application/json", headers, b"{}")[0]
    assert isinstance(event, Event)
    assert (event.id, event.source) == ('吉 "', '/a"b')
    (refusal,) = from_http("application/json", [*headers, ("ce-id", "2")], b"{}")
    assert isinstance(refusal, Refusal)
    assert refusal.errors[0].rule == "duplicate_header"


@pytest.mark.parametrize("value", ["%FF", "é"])
def test_http_binary_refuses_values_that_are_not_percent_encoded_utf8(value: str) -> None:
    (refusal,) = from_http("application/json", [("ce-id", value)], b"{}")
    assert isinstance(refusal, Refusal)
    assert refusal.errors[0].rule == "encoding"


def test_a_refusal_never_repeats_an_id_number() -> None:
    refusal = structured(
        id="220122201501011230", source="/school/220322/13812345678", type=None, **{"220122201501011230": {}}
    )
    assert isinstance(refusal, Refusal)
    assert (refusal.source, refusal.id) == (None, None)
    assert "220122201501011230" not in str(refusal)
