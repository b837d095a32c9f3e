"""A database of a simulation's own: made from a migrated template, dropped afterwards; beside a running `up` or on one started for it."""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import orjson

from services.chassis.database import connect_pool, migrate, migrations
from services.chassis.settings import Settings
from services.embedded import postgres


@asynccontextmanager
async def temporary(settings: Settings) -> AsyncIterator[tuple[asyncpg.Pool, str, Path]]:
    """A pool on an empty, migrated database, its DSN and a private directory for keys; all gone at the end."""
    with tempfile.TemporaryDirectory(prefix="shouhu-simulate-") as name:
        directory = Path(name)
        server = _running(settings)
        if server is not None:
            async with _own_database(server) as (pool, dsn):
                yield pool, dsn, directory
        else:
            with postgres.running(directory) as started:
                await migrate(started.dsn)
                pool = await _pool(started.dsn)
                try:
                    yield pool, started.dsn, directory
                finally:
                    await asyncio.wait_for(pool.close(), 10)


async def _pool(dsn: str) -> asyncpg.Pool:
    """The database is dropped at the end, so no commit waits for the disk."""
    return await connect_pool(dsn, size=4, application="simulate", synchronous_commit="off")


def _running(settings: Settings) -> str | None:
    """The PostgreSQL of a running `up` (endpoints.json), or the configured one."""
    try:
        told = orjson.loads((settings.data.expanduser() / "endpoints.json").read_bytes())
        return str(told["postgres"])
    except (OSError, ValueError, KeyError):
        return settings.postgres


@asynccontextmanager
async def _own_database(server: str) -> AsyncIterator[tuple[asyncpg.Pool, str]]:
    schema = hashlib.sha256("".join(migrations().values()).encode()).hexdigest()[:12]
    template, name = f"shouhu_template_{schema}", f"shouhu_simulate_{os.getpid()}"
    admin = await asyncpg.connect(server)
    try:
        await admin.execute("select pg_advisory_lock(hashtext('shouhu simulate template'))")
        if not await admin.fetchval("select 1 from pg_database where datname = $1", template):
            await admin.execute(f"create database {template}")
            await migrate(on(server, template))
        await admin.execute(f"drop database if exists {name} with (force)")
        await admin.execute(f"create database {name} template {template} strategy file_copy")
        await admin.execute("select pg_advisory_unlock(hashtext('shouhu simulate template'))")
        pool = await _pool(on(server, name))
        try:
            yield pool, on(server, name)
        finally:
            await asyncio.wait_for(pool.close(), 10)
            await admin.execute(f"drop database if exists {name} with (force)")
    finally:
        await admin.close()


def on(server: str, database: str) -> str:
    """The same server's address with another database."""
    parts = urlsplit(server)
    return urlunsplit(parts._replace(path=f"/{database}"))
