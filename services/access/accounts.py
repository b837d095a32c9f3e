"""Local accounts: a person of the roster, or operations, who signs in with a name and a password."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.access.db import Db
from services.access.roles import Role
from services.access.sessions import open_session

MIN_PASSWORD = 12  # characters; length is what protects a password, not its alphabet
PATIENCE = 5  # wrong passwords in a row before the account rests
REST = timedelta(minutes=5)
_HASHER = PasswordHasher()
# Verified in place of an account that does not exist, so that the answer takes as long and tells nothing.
_NOBODY = _HASHER.hash("nobody")


async def add(
    db: Db, *, account: str, name: str, role: Role, password: str, now: datetime, person_id: str | None = None
) -> None:
    """Make an account. Raises ValueError for a short password, a wrong name, or an officer without a person."""
    if len(password) < MIN_PASSWORD:
        raise ValueError(f"password: expected at least {MIN_PASSWORD} characters")
    hashed = await asyncio.to_thread(_HASHER.hash, password)
    try:
        await db.execute(
            "insert into access.account(id, name, role, person_id, password_hash, created_at)"
            " values ($1, $2, $3, $4, $5, $6)",
            account, name, role, person_id, hashed, now,
        )  # fmt: skip
    except asyncpg.UniqueViolationError:
        raise ValueError("account: this name is taken") from None
    except asyncpg.CheckViolationError:
        raise ValueError(
            "account: expected lower-case letters, digits, . _ - as name; role officer (with the id of a person of the"
            " roster) or operations"
        ) from None


async def sign_in(db: Db, account: str, password: str, now: datetime) -> str | None:
    """The secret of a new session; None if name or password is wrong, or the account is closed or resting."""
    row = await db.fetchrow(
        "select id, password_hash, locked_until from access.account where id = $1 and closed_at is null", account
    )
    right = await asyncio.to_thread(_verify, _NOBODY if row is None else row["password_hash"], password)
    if row is None or (row["locked_until"] is not None and row["locked_until"] > now):
        return None
    if not right:
        await db.execute(
            "update access.account set failures = case when failures + 1 >= $2 then 0 else failures + 1 end,"
            " locked_until = case when failures + 1 >= $2 then $3::timestamptz end where id = $1",
            row["id"], PATIENCE, now + REST,
        )  # fmt: skip
        return None
    await db.execute("update access.account set failures = 0, locked_until = null where id = $1", row["id"])
    return await open_session(db, now, account=row["id"])


async def person_of(db: Db, account: str) -> str | None:
    """The person of the roster who has this account, if it is open."""
    person: str | None = await db.fetchval(
        "select person_id from access.account where id = $1 and closed_at is null", account
    )
    return person


async def close(db: Db, account: str, now: datetime) -> bool:
    """Close an account and with it its sessions; False if there is none open of that name."""
    done: str | None = await db.fetchval(
        "update access.account set closed_at = $2 where id = $1 and closed_at is null returning id", account, now
    )
    return done is not None


async def listed(db: Db) -> list[asyncpg.Record]:
    """Every account without its password, by name."""
    return await db.fetch(
        "select id, name, role, person_id, created_at, closed_at, locked_until from access.account order by id"
    )


def _verify(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
