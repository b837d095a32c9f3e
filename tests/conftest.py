"""Fixtures for every test: real parts, started when the first test asks for them."""

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.chassis.context import Context
from services.chassis.kafka_address import KafkaAddress
from services.embedded.postgres import Postgres
from tests import real_parts

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """The PostgreSQL server of this test run."""
    with real_parts.real_postgres(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaAddress]:
    """The Kafka broker of this test run; use `topic_prefix` in the names of topics."""
    with real_parts.real_kafka(tmp_path_factory.mktemp("kafka")) as address:
        yield address


@pytest.fixture
def topic_prefix() -> str:
    """Different for every test."""
    return f"t{next(_numbers)}-"


@pytest_asyncio.fixture
async def database(postgres: Postgres) -> AsyncIterator[str]:
    """The DSN of a migrated, empty database of this test's own."""
    async with real_parts.fresh_database(postgres) as dsn:
        yield dsn


@pytest_asyncio.fixture
async def context(database: str, tmp_path: Path) -> AsyncIterator[Context]:
    """A process's context on `database`, without Kafka, on the machine's clock."""
    async with real_parts.fresh_context(database, tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def exporter() -> InMemorySpanExporter:
    """Where spans go; the SDK takes one provider for a process."""
    kept = InMemorySpanExporter()
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider()
        trace.set_tracer_provider(provider)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    return kept


@pytest.fixture
def spans(exporter: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    """The spans of one test."""
    exporter.clear()
    yield exporter
    exporter.clear()
