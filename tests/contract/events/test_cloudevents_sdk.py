"""Both directions against the CloudEvents SDK. It invents a `time` where there is none, so its events here have one."""

import string
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from cloudevents.core.bindings import http as sdk_http
from cloudevents.core.bindings import kafka as sdk_kafka
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from events.codec import BATCH, STRUCTURED, from_http, from_kafka, to_http, to_kafka, to_structured
from events.envelope import ATTRIBUTES, Event

_words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=40)
_names = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=20).filter(
    lambda name: name not in ATTRIBUTES and name not in ("data", "datacontentencoding")
)
_zones = st.sampled_from([UTC, timezone(timedelta(hours=8))])
_first, _last = (datetime(year, 6, 1, tzinfo=UTC).replace(tzinfo=None) for year in (1900, 2099))
_times = st.datetimes(_first, _last, timezones=_zones)
_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | _text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def events(draw: st.DrawFn, timed: bool = False) -> Event:
    optional = {
        "time": _times,
        "subject": _words,
        "dataschema": _words,
        "correlationid": _words,
        "causationid": _words,
        "traceparent": st.just("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        "tracestate": _words,
        "dataclassification": st.sampled_from(["C1", "C2", "C3", "C4"]),
        "exercise": st.booleans(),
        "acceptedtime": _times,
    }
    chosen = {name: draw(form) for name, form in optional.items() if draw(st.booleans()) or (timed and name == "time")}
    return Event(
        id=draw(_words),
        source=draw(_words),
        type=draw(_words),
        extensions=draw(st.dictionaries(_names, _words, max_size=3)),
        data=draw(st.dictionaries(_text, _json, max_size=4)),
        **chosen,
    )


def as_sdk(event: Event) -> CloudEvent:
    attributes: dict[str, Any] = dict(event.attributes())
    if event.time is not None:
        attributes["time"] = event.time
    return CloudEvent(attributes, event.data)


def same(theirs: Any, ours: Event) -> None:
    assert theirs.get_data() == ours.data
    attributes = theirs.get_attributes()
    assert attributes.pop("time", None) == ours.time
    assert {name: str(value).lower() if value is True else value for name, value in attributes.items()} == {
        name: text for name, text in ours.attributes().items() if name != "time"
    }


@given(event=events(timed=True))
def test_what_we_write_to_kafka_the_sdk_reads_the_same(event: Event) -> None:
    headers, value = to_kafka(event)
    message = sdk_kafka.KafkaMessage(headers=dict(headers), key=None, value=value)
    assert len(message.headers) == len(headers)
    same(sdk_kafka.from_kafka(message, JSONFormat()), event)


@given(event=events(timed=True))
def test_what_the_sdk_writes_to_kafka_we_read_the_same(event: Event) -> None:
    for message in (
        sdk_kafka.to_binary_event(as_sdk(event)),
        sdk_kafka.to_structured_event(as_sdk(event)),
    ):
        assert from_kafka(list(message.headers.items()), message.value) == event


@given(event=events(timed=True))
def test_what_we_write_to_http_the_sdk_reads_the_same(event: Event) -> None:
    headers, body = to_http(event)
    same(sdk_http.from_http_event(sdk_http.HTTPMessage(headers=dict(headers), body=body)), event)
    structured = sdk_http.HTTPMessage(headers={"content-type": STRUCTURED}, body=to_structured(event))
    same(sdk_http.from_http_event(structured), event)


@given(event=events(timed=True))
def test_what_the_sdk_writes_to_http_we_read_the_same(event: Event) -> None:
    for message in (sdk_http.to_binary_event(as_sdk(event)), sdk_http.to_structured_event(as_sdk(event))):
        assert from_http(message.headers["content-type"], message.headers, message.body) == [event]


@given(several=st.lists(events(), max_size=3))
def test_a_batch_gives_every_event_back(several: list[Event]) -> None:
    body = b"[" + b",".join(to_structured(event) for event in several) + b"]"
    assert from_http(BATCH, [], body) == several


@given(event=events())
def test_a_round_trip_changes_nothing(event: Event) -> None:
    assert from_kafka(*to_kafka(event)) == event
    headers = [("content-type", STRUCTURED.encode())]
    assert from_kafka(headers, to_structured(event)) == event


def test_a_structured_message_with_copied_headers_is_read_where_the_sdk_misreads_it() -> None:
    event = Event(id="a1", source="/a", type="t", data={"a": 1})
    copied, _ = to_kafka(event)
    headers = [("content-type", STRUCTURED.encode()), *copied[1:]]
    assert from_kafka(headers, to_structured(event)) == event
    misread = sdk_kafka.from_kafka(
        sdk_kafka.KafkaMessage(headers=dict(headers), key=None, value=to_structured(event)), JSONFormat()
    )
    assert misread.get_data() != event.data
