"""Bearer tokens of sources, officers and operations: made, listed, revoked, recognised."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from services.access.db import Db
from services.access.roles import Caller, Role
from services.access.secrets import at_rest, new_secret

_CALLER = """
select id, name, role, source, person_id, sample from access.token
where hash = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
"""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; `secret` is shown once and cannot be had again."""

    id: str
    secret: str


async def create(
    db: Db, *, role: Role, name: str, now: datetime, source: str | None = None, person_id: str | None = None,
    expires_at: datetime | None = None, sample: bool = False,
) -> NewToken:  # fmt: skip
    """Make a token. A source token names its registered source; an officer's names a person of the roster."""
    secret = new_secret(f"shouhu_{role}")
    digest = at_rest(secret)
    token_id = f"t_{digest.hex()[:12]}"
    await db.execute(
        "insert into access.token(id, hash, role, name, source, person_id, sample, created_at, expires_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        token_id, digest, role, name, source, person_id, sample, now, expires_at,
    )  # fmt: skip
    return NewToken(token_id, secret)


async def caller_of(db: Db, secret: str, now: datetime) -> Caller | None:
    """Who holds this secret; None if nobody does, or not any more."""
    row = await db.fetchrow(_CALLER, at_rest(secret), now)
    return None if row is None else Caller(**row)


async def listed(db: Db) -> list[asyncpg.Record]:
    """Every token without its secret, newest first."""
    return await db.fetch(
        "select id, role, name, source, person_id, sample, created_at, expires_at, revoked_at"
        " from access.token order by created_at desc, id"
    )


async def revoke(db: Db, token_id: str, now: datetime) -> bool:
    """End a token, and with it the sessions opened by it; False if there is no such valid token."""
    done: str | None = await db.fetchval(
        "update access.token set revoked_at = $2 where id = $1 and revoked_at is null returning id", token_id, now
    )
    return done is not None
