"""Log lines: one JSON object each, with the event, the referral and the trace they belong to."""

import logging
import os
import sys

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger
from typing_extensions import override

# At their own levels these write several lines for every message, and ten a second while the broker is away.
_QUIET = {
    logging.ERROR: ("faust", "mode", "aiokafka", "opentelemetry"),
    logging.WARNING: ("services.chassis.faust_source", "asyncio", "httpx", "httpcore", "uvicorn", "apprise", "urllib3"),
}


def _traced(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        line["trace"] = trace.format_trace_id(span.trace_id)
        line["span"] = trace.format_span_id(span.span_id)
    return line


def start_logging(service: str, level: int = logging.INFO) -> None:
    """Send the standard library's and structlog's lines to standard error: JSON, or coloured text on a terminal."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _traced,
    ]
    pretty = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    last = structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(ensure_ascii=False)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.EventRenamer("message"),
            lambda _l, _m, line: {"service": service, **line},
            *([] if pretty else [structlog.processors.format_exc_info]),
            last,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    handler.addFilter(_NoFloods())
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for quiet, names in _QUIET.items():
        for name in names:
            logging.getLogger(name).setLevel(quiet)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


class _NoFloods(logging.Filter):
    """Lets a library say the same thing once in 10 s: while the broker is away, aiokafka repeats it all the time."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    @override
    def filter(self, line: logging.LogRecord) -> bool:
        if not line.name.startswith(("aiokafka", "faust", "mode")):
            return True
        if line.created - self._said.get(str(line.msg), 0.0) < 10:
            return False
        if len(self._said) > 1000:
            self._said.clear()
        self._said[str(line.msg)] = line.created
        return True
