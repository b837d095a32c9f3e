"""One trace from the source's event to the officer's answer, across Kafka and days; nothing of it names a child."""

from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.chassis import telemetry
from services.chassis.record import StoredRecord

PARENT = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
RECORD = StoredRecord("child-events", 3, 14, 0, b"c_secret_child", b'{"child_ref": "c_secret_child"}',
                      (("ce_id", b"e1"), ("ce_type", b"child.missing.v1"), ("ce_subject", b"c_secret_child"),
                       ("traceparent", PARENT.encode())))  # fmt: skip


def test_handling_a_record_goes_on_with_its_producers_trace(spans: InMemorySpanExporter) -> None:
    with telemetry.handling(RECORD, "referral"):
        stored = telemetry.current_traceparent()
    (span,) = spans.get_finished_spans()
    assert span.parent is not None
    assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == ("a" * 32, "b" * 16)
    assert stored is not None
    assert stored.split("-")[1:3] == ["a" * 32, f"{span.context.span_id:016x}"]


def test_a_trace_stored_in_a_row_is_continued_later(spans: InMemorySpanExporter) -> None:
    with telemetry.continued("tick", PARENT):
        pass
    assert f"{spans.get_finished_spans()[0].context.trace_id:032x}" == "a" * 32


def test_a_batch_is_a_trace_of_its_own_that_links_to_each_record(spans: InMemorySpanExporter) -> None:
    with telemetry.handling_batch([RECORD, RECORD], "referral"):
        pass
    (span,) = spans.get_finished_spans()
    assert span.parent is None
    assert [f"{link.context.trace_id:032x}" for link in span.links] == ["a" * 32] * 2


def test_no_span_says_anything_about_a_child(spans: InMemorySpanExporter) -> None:
    with telemetry.handling_batch([RECORD], "referral"), telemetry.handling(RECORD, "referral"):
        pass
    assert all("secret" not in span.to_json() for span in spans.get_finished_spans())


def test_a_received_trace_is_never_sent_on_beside_our_own() -> None:
    sent = telemetry.outgoing_headers([("traceparent", b"old"), ("tracestate", b"old"), ("ce_id", b"e1")], PARENT)
    assert sent == [("ce_id", b"e1"), ("traceparent", PARENT.encode())]
