"""A command's one connection to the database, and who its token says that it is."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import asyncpg

from services.access import tokens
from services.access.roles import Caller
from services.chassis.clock import SystemClock
from services.chassis.database import connect
from services.cli.reach import postgres_dsn

T = TypeVar("T")
MAKE = "shouhu token create --role operations"


class NotKnown(ValueError):
    """The token cannot be read, or is nobody's with the role that is needed."""


def on_database(what: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    """Do something on a connection of one's own, in one transaction."""

    async def inside() -> T:
        db = await connect(postgres_dsn())
        try:
            async with db.transaction():
                return await what(db)
        finally:
            await db.close()

    return asyncio.run(inside())


def token_in(file: Path) -> str:
    """The token in a file; raises NotKnown when it cannot be read."""
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise NotKnown(f"--token-file: {file} cannot be read, expected a file with a token ({MAKE})") from None


async def operations_person(db: asyncpg.Connection, token: str) -> Caller:
    """Whose token it is; raises NotKnown unless it is a valid one of operations."""
    caller = await tokens.caller_of(db, token, SystemClock().now())
    if caller is None or caller.role != "operations":
        raise NotKnown(f"--token-file: expected a valid token of role operations ({MAKE})")
    return caller
