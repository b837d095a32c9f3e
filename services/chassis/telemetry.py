"""Traces by OpenTelemetry, across Kafka and days: our own extract and inject, since Faust's are blind inside batches.

No attribute may hold personal data: coordinates and ids only.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog
from opentelemetry import trace
from opentelemetry.context import Context as TraceContext
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Span, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from services.chassis import trace_names as names
from services.chassis.record import Record, header

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_PROPAGATOR = TraceContextTextMapPropagator()
_NEVER_FORWARDED = ("traceparent", "tracestate")
tracer = trace.get_tracer("shouhu")


def start_tracing(service: str) -> None:
    """Export spans by OTLP/HTTP if `OTEL_EXPORTER_OTLP_ENDPOINT` is set; else spans cost next to nothing."""
    if not (os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")):
        trace.set_tracer_provider(trace.NoOpTracerProvider())  # while none is set, every question looks for one again
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    provider = TracerProvider(resource=Resource.create({"service.name": f"shouhu-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def current_traceparent() -> str | None:
    """W3C `traceparent` of the present span, to be kept in a row or an event; None outside any span."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


def parent(traceparent: str | None) -> TraceContext:
    """The trace context that a stored `traceparent` stands for; an unreadable one is no parent.

    It is looked at here, because the propagator would log what it cannot read, and that may be a person's number.
    """
    readable = traceparent is not None and _TRACEPARENT.fullmatch(traceparent)
    return _PROPAGATOR.extract({"traceparent": traceparent} if readable else {}, TraceContext())


def _record_traceparent(record: Record) -> str | None:
    raw = header(record, "traceparent") or header(record, "ce_traceparent")
    return raw.decode("ascii", "replace") if raw else None


@contextmanager
def continued(name: str, traceparent: str | None, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[Span]:
    """A span that goes on with a trace stored earlier, perhaps days ago."""
    with tracer.start_as_current_span(name, parent(traceparent), kind) as span:
        yield span


@contextmanager
def handling(record: Record, service: str) -> Iterator[Span]:
    """The span of one record, child of its producer's; log lines inside carry the event's id."""
    attributes: dict[str, str | int] = {
        names.SYSTEM: "kafka", names.OPERATION: "process", names.OPERATION_TYPE: "process", names.GROUP: service,
        names.DESTINATION: record.topic, names.PARTITION: str(record.partition), names.OFFSET: record.offset,
    }  # fmt: skip
    for name, attribute in names.EVENT_HEADERS.items():
        if (value := header(record, name)) is not None:
            attributes[attribute] = value.decode("utf-8", "replace")
    context = parent(_record_traceparent(record))
    with (
        structlog.contextvars.bound_contextvars(event=attributes.get(names.EVENT_ID)),
        tracer.start_as_current_span(f"process {record.topic}", context, SpanKind.CONSUMER, attributes) as span,
    ):
        yield span


@contextmanager
def handling_batch(records: Sequence[Record], service: str) -> Iterator[Span]:
    """The span of a batch, a trace of its own with links to every record's."""
    if not tracing():
        yield trace.INVALID_SPAN
        return
    links = [Link(linked) for r in records if (linked := _span_context(r)).is_valid]
    attributes: dict[str, str | int] = {
        names.SYSTEM: "kafka",
        names.OPERATION: "process",
        names.GROUP: service,
        names.BATCH: len(records),
    }
    with tracer.start_as_current_span(
        f"process batch {service}", TraceContext(), SpanKind.CONSUMER, attributes, links
    ) as span:
        yield span


def tracing() -> bool:
    """True if spans go anywhere."""
    return isinstance(trace.get_tracer_provider(), TracerProvider)


def _span_context(record: Record) -> trace.SpanContext:
    return trace.get_current_span(parent(_record_traceparent(record))).get_span_context()


def outgoing_headers(headers: Sequence[tuple[str, bytes]], traceparent: str | None) -> list[tuple[str, bytes]]:
    """The headers to send, with the sender's own trace context and no other."""
    kept = [(name, value) for name, value in headers if name not in _NEVER_FORWARDED]
    return [*kept, ("traceparent", traceparent.encode())] if traceparent else kept
