"""Tokens, accounts and sessions on a real database, and a page behind them."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import httpx
import pytest
import pytest_asyncio
from fastapi import Depends, FastAPI, Request
from starlette.responses import PlainTextResponse, Response

from services.access import accounts, sessions, sources, tokens
from services.access.callers import ALL, Caller, caller_from_request, csrf_token, held_posts
from services.access.problems import install_problems
from services.access.registration import Registration
from services.access.sample import (
    NotLoopback,
    load_sample_access,
    refuse_sample_access_elsewhere,
    revoke_sample_tokens,
    token_file,
)
from services.chassis.context import Context

PASSWORD = "correct horse battery"


@pytest.fixture
def now(context: Context) -> datetime:
    return context.clock.now()


@pytest_asyncio.fixture
async def page(context: Context) -> AsyncIterator[httpx.AsyncClient]:
    """A page and an action behind `caller_from_request`."""
    app = FastAPI()
    install_problems(app)
    known = Depends(caller_from_request(context))

    @app.get("/page")
    async def show(request: Request, caller: Annotated[Caller, known]) -> Response:
        return PlainTextResponse(csrf_token(request))

    @app.post("/act")
    async def act(caller: Annotated[Caller, known]) -> str:
        return caller.id

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        yield client


async def test_no_secret_lies_in_the_database(context: Context, now: datetime) -> None:
    await accounts.add(context.pool, account="ops", name="Ops", role="operations", password=PASSWORD, now=now)
    session = await accounts.sign_in(context.pool, "ops", PASSWORD, now)
    token = await tokens.create(context.pool, role="operations", name="x", now=now)
    assert session is not None
    kept = ""
    for table in ("token", "account", "session"):
        kept += str(await context.pool.fetch(f"select * from access.{table}"))
    assert all(secret not in kept for secret in (PASSWORD, session, token.secret))
    assert "$argon2id$" in kept


async def test_a_token_ends_when_it_expires(context: Context, now: datetime) -> None:
    token = await tokens.create(
        context.pool, role="officer", name="Li", person_id="p1", now=now, expires_at=now + timedelta(days=1)
    )
    caller = await tokens.caller_of(context.pool, token.secret, now)
    assert caller == Caller(token.id, "Li", "officer", person_id="p1")
    assert await tokens.caller_of(context.pool, token.secret, now + timedelta(days=1)) is None


async def test_five_wrong_passwords_rest_the_account(context: Context, now: datetime) -> None:
    await accounts.add(
        context.pool, account="li", name="Li", role="officer", person_id="p1", password=PASSWORD, now=now
    )
    for _ in range(accounts.PATIENCE):
        assert await accounts.sign_in(context.pool, "li", "wrong", now) is None
    assert await accounts.sign_in(context.pool, "li", PASSWORD, now) is None
    assert await accounts.sign_in(context.pool, "li", PASSWORD, now + accounts.REST) is not None
    assert await accounts.sign_in(context.pool, "nobody", PASSWORD, now) is None


async def test_a_closed_account_and_a_revoked_token_end_their_sessions(context: Context, now: datetime) -> None:
    await accounts.add(context.pool, account="ops", name="Ops", role="operations", password=PASSWORD, now=now)
    by_account = await accounts.sign_in(context.pool, "ops", PASSWORD, now)
    token = await tokens.create(context.pool, role="operations", name="x", now=now)
    by_token = await sessions.open_session(context.pool, now, token=token.id)
    assert by_account is not None
    for secret, who in ((by_account, "ops"), (by_token, token.id)):
        caller = await sessions.caller_of(context.pool, secret, now)
        assert caller is not None
        assert caller.id == who
    assert await sessions.caller_of(context.pool, by_token, now + sessions.LIFETIME) is None
    await accounts.close(context.pool, "ops", now)
    await tokens.revoke(context.pool, token.id, now)
    assert await sessions.caller_of(context.pool, by_account, now) is None
    assert await sessions.caller_of(context.pool, by_token, now) is None


async def test_a_session_acts_only_with_its_csrf_token(
    context: Context, page: httpx.AsyncClient, now: datetime
) -> None:
    token = await tokens.create(context.pool, role="operations", name="x", now=now)
    cookie = {"Cookie": f"{sessions.COOKIE}={await sessions.open_session(context.pool, now, token=token.id)}"}
    other = {"Cookie": f"{sessions.COOKIE}={await sessions.open_session(context.pool, now, token=token.id)}"}
    csrf = (await page.get("/page", headers=cookie)).text
    assert csrf != (await page.get("/page", headers=other)).text
    assert (await page.post("/act", headers=cookie)).status_code == 403
    assert (await page.post("/act", headers=cookie, data={"csrf_token": "wrong"})).status_code == 403
    assert (await page.post("/act", headers=other | {"X-CSRF-Token": csrf})).status_code == 403
    assert (await page.post("/act", headers=cookie | {"X-CSRF-Token": csrf})).status_code == 200
    assert (await page.post("/act", headers=cookie, data={"csrf_token": csrf})).status_code == 200
    assert (await page.post("/act", headers={"Authorization": f"Bearer {token.secret}"})).status_code == 200
    assert (await page.post("/act")).status_code == 401


def test_the_cookie_is_strict_and_out_of_reach_of_scripts() -> None:
    response = Response()
    sessions.set_cookie(response, "s_x", secure=True)
    cookie = response.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("samesite=strict", "httponly", "secure", "path=/"))


async def test_sample_tokens_are_files_of_ours_and_survive_a_second_start(
    context: Context, tmp_path: Path, now: datetime
) -> None:
    await load_sample_access(context.pool, tmp_path, "127.0.0.1", now)
    first = {name: token_file(tmp_path, f"sample-{name}").read_text() for name in ("source", "officer", "operations")}
    assert {token_file(tmp_path, f"sample-{name}").stat().st_mode & 0o777 for name in first} == {0o600}
    await load_sample_access(context.pool, tmp_path, "localhost", now)
    for role, secret in first.items():
        assert token_file(tmp_path, f"sample-{role}").read_text() == secret
        caller = await tokens.caller_of(context.pool, secret.strip(), now)
        assert caller is not None
        assert (caller.role, caller.sample) == (role, True)
    assert await sources.registered(context.pool, "sample") == sources.SAMPLE


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "shouhu.example.org", "::"])
async def test_sample_access_is_refused_where_others_reach_it(
    context: Context, tmp_path: Path, now: datetime, host: str
) -> None:
    with pytest.raises(NotLoopback, match="loopback"):
        await load_sample_access(context.pool, tmp_path, host, now)
    assert not any(token_file(tmp_path, f"sample-{role}").exists() for role in ("source", "officer", "operations"))
    await refuse_sample_access_elsewhere(context.pool, host, now)
    await load_sample_access(context.pool, tmp_path, "127.0.0.1", now)
    with pytest.raises(NotLoopback, match="revoke --sample"):
        await refuse_sample_access_elsewhere(context.pool, host, now)
    assert await revoke_sample_tokens(context.pool, now) == 3
    await refuse_sample_access_elsewhere(context.pool, host, now)


async def test_a_source_can_be_changed_but_not_ours(context: Context, now: datetime) -> None:
    source = Registration("h1", "hospital", "220122", ("abuse.*",))
    assert await sources.add(context.pool, source, now)
    assert not await sources.add(context.pool, source, now)
    assert await sources.add(context.pool, Registration("h1", "hospital", "220122", ("*",)), now)
    for name in ("shouhu", "sample"):
        await sources.add(context.pool, sources.SAMPLE, now)
        with pytest.raises(ValueError, match="product's own"):
            await sources.add(context.pool, Registration(name, "hospital", "220122", ("*",)), now)


async def test_posts_are_held_by_people_of_the_roster(context: Context) -> None:
    officer = Caller("t", "Li", "officer", person_id="p1")
    assert await held_posts(context.pool, officer) == frozenset()
    assert "civil_affairs@county/220122/duty_officer" in ALL
    assert await held_posts(context.pool, Caller("t", "s", "officer", sample=True)) is ALL
    assert await held_posts(context.pool, Caller("t", "o", "operations")) == frozenset()
