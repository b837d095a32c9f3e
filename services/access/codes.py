"""Signing in by a code: six digits, five minutes, five tries, in the browser that asked and nowhere else.

Nothing here says whether somebody is known: a row is kept for every name that was typed, and waits for a code all the same.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from services.access.db import Db
from services.access.secrets import at_rest, new_secret

VALID = timedelta(minutes=5)
TRIES = 5
PAUSE = timedelta(minutes=1)  # between two codes for one name
HOURLY = 5  # codes for one name
# Wrong tries an hour over all names, after which nobody signs in by code for a while: whoever tries many names at once stays at
# one hit in two thousand hours. Passwords, tokens and WeCom are not touched by it.
WRONG_HOURLY = 500
GRACE = timedelta(seconds=10)  # the same press, sent twice
_HOUR = timedelta(hours=1)

_ASKED = """select max(sent_at) as last, min(sent_at) as first, count(*) as times from access.sign_in_code
    where asked_for = $1 and sent_at > $2"""
_WRONG = "select coalesce(sum(tries), 0) from access.sign_in_code where sent_at > $1 and used_at is null"
_KEEP = "insert into access.sign_in_code(browser, asked_for, person, code, sent_at, expires_at) values ($1, $2, $3, $4, $5, $6)"
_TRY = """update access.sign_in_code set tries = tries + 1
    where browser = $1 and expires_at > $2 and tries < $3 and (used_at is null or used_at > $4) returning person, code"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that waits: `browser` is the secret for its cookie, `code` what is sent to the person, if there is one."""

    browser: str
    code: str


class TooMany(Exception):
    """Not now: `wait` until it is worth trying again."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too many codes")
        self.wait = wait


async def ask(pool: asyncpg.Pool, name: str, person: str | None, now: datetime) -> Asked:
    """A code for whoever was named, None for nobody of ours. Raises TooMany, alike for the known and the unknown."""
    asked_for = at_rest(" ".join(name.casefold().split()))
    made = Asked(new_secret("b"), f"{secrets.randbelow(1_000_000):06d}")
    async with pool.acquire() as db, db.transaction():
        await db.execute(
            "lock table access.sign_in_code in share row exclusive mode"
        )  # two at once must not both be the fifth
        await db.execute("delete from access.sign_in_code where sent_at <= $1", now - _HOUR)
        row = await db.fetchrow(_ASKED, asked_for, now - _HOUR)
        if row is not None and row["times"] >= HOURLY:
            raise TooMany(row["first"] + _HOUR - now)
        if row is not None and row["times"] and row["last"] + PAUSE > now:
            raise TooMany(row["last"] + PAUSE - now)
        if await db.fetchval(_WRONG, now - _HOUR) >= WRONG_HOURLY:
            raise TooMany(PAUSE)
        await db.execute(
            _KEEP, at_rest(made.browser), asked_for, person, _digest(made.browser, made.code), now, now + VALID
        )
    return made


async def check(db: Db, browser: str, code: str, now: datetime) -> str | None:
    """The person whose code this is; None for a wrong, used up or expired one. Every call is a try."""
    if await db.fetchval(_WRONG, now - _HOUR) >= WRONG_HOURLY:
        return None
    row = await db.fetchrow(_TRY, at_rest(browser), now, TRIES, now - GRACE)
    if row is None or row["code"] != _digest(browser, code) or row["person"] is None:
        return None
    await db.execute(
        "update access.sign_in_code set used_at = coalesce(used_at, $2) where browser = $1", at_rest(browser), now
    )
    person: str = row["person"]
    return person


def _digest(browser: str, code: str) -> bytes:
    return hashlib.sha256(f"{browser}\x1f{code.strip()}".encode()).digest()
