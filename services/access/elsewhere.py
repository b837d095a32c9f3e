"""A sign-in that goes to another site and comes back (OAuth 2): its `state` is good once, for minutes, in one browser."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.access.db import Db
from services.access.secrets import at_rest, new_secret

VALID = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Away:
    """`state` goes along in the address, `browser` stays behind in a cookie."""

    state: str
    browser: str


async def leave(db: Db, back: str, now: datetime) -> Away:
    """Remember who goes, and which page of ours is wanted after the return."""
    away = Away(new_secret("o"), new_secret("b"))
    await db.execute("delete from access.sign_in_elsewhere where expires_at <= $1", now)
    await db.execute(
        "insert into access.sign_in_elsewhere values ($1, $2, $3, $4)",
        at_rest(away.state), at_rest(away.browser), back, now + VALID,
    )  # fmt: skip
    return away


async def come_back(db: Db, state: str, browser: str, now: datetime) -> str | None:
    """The page that was wanted; None for a state that is not this browser's, was used or is too old."""
    back: str | None = await db.fetchval(
        "delete from access.sign_in_elsewhere where state = $1 and browser = $2 and expires_at > $3 returning back",
        at_rest(state), at_rest(browser), now,
    )  # fmt: skip
    return back
