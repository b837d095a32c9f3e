"""The real PostgreSQL and the real Apache Kafka that tests run on, each started once for all of them."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from services.chassis.clock import Clock, SystemClock
from services.chassis.context import Context
from services.chassis.database import connect_pool, migrate
from services.chassis.kafka_address import KafkaAddress
from services.chassis.seal import load_seal
from services.chassis.settings import Settings
from services.embedded import kafka as embedded_kafka
from services.embedded import postgres as embedded_postgres
from services.embedded.postgres import Postgres

_numbers = itertools.count(1)


@contextlib.contextmanager
def real_postgres(data: Path) -> Iterator[Postgres]:
    """A server with database `template_shouhu`, to which every migration was applied."""
    with embedded_postgres.running(data) as server:
        asyncio.run(_make_template(server))
        yield server


@contextlib.contextmanager
def real_kafka(data: Path) -> Iterator[KafkaAddress]:
    """A broker."""
    with embedded_kafka.running(data) as server:
        yield KafkaAddress.parse(server.address)


async def _make_template(server: Postgres) -> None:
    await _command(server, "create database template_shouhu")
    await migrate(server.dsn_of("template_shouhu"))


async def _command(server: Postgres, sql: str) -> None:
    connection = await asyncpg.connect(server.dsn_of("postgres"))
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def fresh_database(server: Postgres) -> AsyncIterator[str]:
    """The DSN of a migrated, empty database of one's own."""
    name = f"test_{next(_numbers)}"
    await _command(server, f"create database {name} template template_shouhu strategy file_copy")
    try:
        yield server.dsn_of(name)
    finally:
        await _command(server, f"drop database {name} with (force)")


@contextlib.asynccontextmanager
async def fresh_context(dsn: str, directory: Path, *, kafka: KafkaAddress | None = None,
                        clock: Clock | None = None) -> AsyncIterator[Context]:  # fmt: skip
    """A process's context on that database."""
    settings = Settings(postgres=dsn, data=directory, kafka=kafka, http=("127.0.0.1", 0))
    pool = await connect_pool(dsn, application="test")
    try:
        yield Context(settings, pool, load_seal(directory), clock or SystemClock())
    finally:
        await asyncio.wait_for(pool.close(), 10)


async def create_topics(kafka: KafkaAddress, partitions: int, *names: str) -> None:
    """Make topics; an error of the broker is raised."""
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    try:
        answer = await admin.create_topics([NewTopic(name, partitions, 1) for name in names])
        faults = [error for error in answer.topic_errors if error[1]]
        assert not faults, faults
    finally:
        await admin.close()
