"""Sessions of a browser: opened by an account, a token or a person of the roster; ended by time, by signing out, or with what opened them."""

from datetime import datetime, timedelta

from starlette.responses import Response

from services.access.db import Db
from services.access.roles import Caller
from services.access.secrets import at_rest, derived, matches, new_secret

COOKIE = "shouhu_session"
LIFETIME = timedelta(hours=12)  # one shift of duty; nobody is signed out in the middle of a night

# What opened the session is looked at on every request, so a revoked token, a closed account or a person who left the roster ends it
# at once. Whoever's accounts are all closed does not come back as a person.
_CALLER = """
select coalesce(a.id, t.id, 'person:' || s.person) as id, coalesce(a.name, t.name, p.name) as name,
       coalesce(a.role, t.role, 'officer') as role, t.source, coalesce(a.person_id, t.person_id, s.person) as person_id,
       coalesce(t.sample, false) as sample
from access.session s
left join access.account a on a.id = s.account and a.closed_at is null
left join access.token t on t.id = s.token and t.revoked_at is null and (t.expires_at is null or t.expires_at > $2)
left join lateral (
    select h.name from notifier.post_holder_view h where h.person_id = s.person and not exists (
        select from access.account c where c.person_id = s.person having count(*) > 0 and bool_and(c.closed_at is not null))
    limit 1) p on true
where s.hash = $1 and s.expires_at > $2 and coalesce(a.id, t.id, p.name) is not null
"""


async def open_session(
    db: Db, now: datetime, *, account: str | None = None, token: str | None = None, person: str | None = None
) -> str:
    """A new session of an account, a token or a person; returns its secret for the cookie. Sessions long over are swept out."""
    secret = new_secret("s")
    await db.execute("delete from access.session where expires_at < $1", now - LIFETIME)
    await db.execute(
        "insert into access.session(hash, account, token, person, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
        at_rest(secret), account, token, person, now, now + LIFETIME,
    )  # fmt: skip
    return secret


async def caller_of(db: Db, secret: str, now: datetime) -> Caller | None:
    """Whose session it is; None once it is over."""
    row = await db.fetchrow(_CALLER, at_rest(secret), now)
    return None if row is None else Caller(**row)


async def end_session(db: Db, secret: str) -> None:
    """Sign out."""
    await db.execute("delete from access.session where hash = $1", at_rest(secret))


def set_cookie(response: Response, secret: str, *, secure: bool) -> None:
    """Give a browser its session; `secure` when the page came over https (always, but on loopback)."""
    response.set_cookie(
        COOKIE, secret, max_age=int(LIFETIME.total_seconds()), path="/", httponly=True, samesite="strict", secure=secure
    )


def clear_cookie(response: Response) -> None:
    """Take the session from a browser."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


def csrf_of(secret: str) -> str:
    """The CSRF token of a session: derived, so nothing more is stored; a page of another site cannot know it."""
    return derived(secret, "csrf") if secret else ""


def csrf_matches(secret: str, given: str) -> bool:
    """Whether a form carries the CSRF token of its session."""
    return matches(csrf_of(secret), given)
