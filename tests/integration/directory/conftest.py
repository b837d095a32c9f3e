"""A PostgreSQL with the roster's tables, empty for each test."""

from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from services.chassis.database import connect, migrations
from services.embedded.postgres import running


@pytest.fixture(scope="session")
def dsn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("roster")) as postgres:
        yield postgres.dsn


@pytest.fixture
async def db(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(dsn)
    await connection.execute("drop schema if exists notifier cascade")
    await connection.execute(migrations()["notifier/0001_roster"])
    yield connection
    await connection.close()
