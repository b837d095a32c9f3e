"""A connection to the test's own database."""

from collections.abc import AsyncIterator

import asyncpg
import pytest_asyncio

from services.chassis.database import connect


@pytest_asyncio.fixture
async def db(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(database)
    yield connection
    await connection.close()
