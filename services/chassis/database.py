"""Connections to PostgreSQL and the migrations of every service."""

import hashlib
import logging
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from services.chassis.transient import Disconnected

log = logging.getLogger(__name__)

Pool = asyncpg.Pool
# A connection of one's own or one lent by the pool: what every query function takes.
Db = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
# A process that freezes inside a transaction must not hold up others: the server ends that transaction after 5 s.
# command_timeout is the longer one, so that the server's own reason is what we see.
SERVER = {"idle_in_transaction_session_timeout": "5000", "lock_timeout": "4000", "timezone": "UTC", "jit": "off"}
COMMAND_TIMEOUT = 8.0
MIGRATIONS = Path(__file__).parents[1]
LOCK = 0x5348_4F55  # one migration at a time


def _encode(value: Any) -> bytes:
    return b"\x01" + orjson.dumps(value)


def _decode(value: bytes) -> Any:
    return orjson.loads(value[1:])


async def prepare(connection: asyncpg.Connection) -> None:
    """Register what every connection of ours knows: jsonb as Python objects, in and out."""
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=_encode, decoder=_decode, format="binary")


async def _connecting(*arguments: Any, **options: Any) -> asyncpg.Connection:
    """A socket that is not there is an outage, not a bug; told apart here, where alone it can be."""
    try:
        return await asyncpg.connect(*arguments, **options)
    except OSError as error:
        raise Disconnected(f"cannot connect to PostgreSQL: {error!r}") from error


async def connect(dsn: str, *, application: str = "shouhu", **server: str) -> asyncpg.Connection:
    """One connection outside any pool: for LISTEN, session locks and commands."""
    connection = await _connecting(
        dsn,
        command_timeout=COMMAND_TIMEOUT,
        server_settings={"timezone": "UTC", "application_name": application, **server},
    )
    await prepare(connection)
    return connection


async def _as_it_is(_: asyncpg.Connection) -> None:
    """Nothing to undo when a connection goes back: sessions are never changed through the pool (no SET, no LISTEN, no
    session lock), and asyncpg ends an open transaction by itself. The usual reset is a round trip for every query."""


async def connect_pool(dsn: str, *, size: int = 8, application: str = "shouhu", **server: str) -> asyncpg.Pool:
    """A pool of at most `size` connections whose transactions cannot hold up others for more than 5 s; `server`: further settings."""
    return await asyncpg.create_pool(
        dsn, min_size=1, max_size=size, init=prepare, connect=_connecting, reset=_as_it_is,
        command_timeout=COMMAND_TIMEOUT,
        server_settings={**SERVER, "application_name": application, **server},
    )  # fmt: skip


class MigrationChanged(RuntimeError):
    """A migration was changed after it had been applied."""


def migrations(root: Path = MIGRATIONS) -> dict[str, str]:
    """Every migration by its name (`referral/0001_case`), in the order in which they are applied: chassis first."""
    files = sorted(
        root.glob("*/migrations/*.sql"), key=lambda file: (file.parts[-3] != "chassis", file.parts[-3], file.name)
    )
    return {f"{file.parts[-3]}/{file.stem}": file.read_text() for file in files}


async def migrate(dsn: str, root: Path = MIGRATIONS) -> list[str]:
    """Apply what is not applied yet, each in its own transaction, one migrating process at a time; returns their names.

    Raises MigrationChanged when an applied file no longer is what it was.
    """
    connection = await asyncpg.connect(dsn, command_timeout=300)
    applied: list[str] = []
    try:
        await connection.execute("select pg_advisory_lock($1)", LOCK)
        await connection.execute(
            "create schema if not exists chassis; create table if not exists chassis.migration("
            "name text primary key, sha256 text not null, at timestamptz not null default clock_timestamp())"
        )
        rows = await connection.fetch("select name, sha256 from chassis.migration")
        known: dict[str, str] = {row["name"]: row["sha256"] for row in rows}
        for name, sql in migrations(root).items():
            digest = hashlib.sha256(sql.encode()).hexdigest()
            if known.get(name, digest) != digest:
                raise MigrationChanged(f"{name} was changed after it had been applied; write a new file instead")
            if name not in known:
                async with connection.transaction():
                    await connection.execute(sql)
                    await connection.execute(
                        "insert into chassis.migration(name, sha256) values ($1, $2)", name, digest
                    )
                applied.append(name)
    finally:
        await connection.close()
    return applied
