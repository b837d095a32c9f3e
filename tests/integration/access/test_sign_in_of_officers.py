"""Codes, sign-ins that go elsewhere and sessions of people, on a real database."""

from datetime import datetime, timedelta

import pytest

from services.access import accounts, codes, elsewhere, sessions
from services.access.codes import HOURLY, TRIES, WRONG_HOURLY, TooMany
from services.chassis.context import Context

MINUTE = timedelta(minutes=1)


@pytest.fixture
def now(context: Context) -> datetime:
    return context.clock.now()


async def on_the_roster(context: Context, person: str = "p1") -> None:
    await context.pool.execute("insert into notifier.person(id, name) values ($1, '值班一')", person)
    await context.pool.execute(
        "insert into notifier.holding(post_key, kind, level, area, function, person_id, position)"
        " values ('education@county/220122/duty_officer', 'education', 'county', '220122', 'duty_officer', $1, 0)",
        person,
    )


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def test_a_code_is_good_once_and_in_the_browser_that_asked_alone(context: Context, now: datetime) -> None:
    asked = await codes.ask(context.pool, "13900000001", "p1", now)
    assert len(asked.code) == 6
    assert await codes.check(context.pool, "another browser", asked.code, now) is None
    assert await codes.check(context.pool, asked.browser, f" {asked.code} ", now) == "p1"
    assert (
        await codes.check(context.pool, asked.browser, asked.code, now + timedelta(seconds=3)) == "p1"
    )  # one press, twice sent
    assert await codes.check(context.pool, asked.browser, asked.code, now + MINUTE) is None


async def test_a_code_ends_after_five_minutes_or_five_tries(context: Context, now: datetime) -> None:
    late = await codes.ask(context.pool, "a", "p1", now)
    assert await codes.check(context.pool, late.browser, late.code, now + 5 * MINUTE) is None
    tried = await codes.ask(context.pool, "b", "p1", now)
    for _ in range(TRIES):
        assert await codes.check(context.pool, tried.browser, other(tried.code), now) is None
    assert await codes.check(context.pool, tried.browser, tried.code, now) is None


async def test_known_and_unknown_names_are_treated_alike(context: Context, now: datetime) -> None:
    for name, person in (("known", "p1"), ("nobody", None)):
        first = await codes.ask(context.pool, name, person, now)
        with pytest.raises(TooMany) as soon:
            await codes.ask(context.pool, f" {name.upper()} ", person, now + MINUTE / 2)
        assert soon.value.wait == MINUTE / 2
        for n in range(1, HOURLY):
            await codes.ask(context.pool, name, person, now + n * MINUTE)
        with pytest.raises(TooMany) as often:
            await codes.ask(context.pool, name, person, now + HOURLY * MINUTE)
        assert often.value.wait == timedelta(hours=1) - HOURLY * MINUTE
        await codes.ask(context.pool, name, person, now + timedelta(hours=1))
        found = await codes.check(context.pool, first.browser, first.code, now)
        assert found is None  # its row went with the hour
    unknown = await codes.ask(context.pool, "stranger", None, now)
    assert await codes.check(context.pool, unknown.browser, unknown.code, now) is None


async def test_whoever_tries_many_names_at_once_is_stopped(context: Context, now: datetime) -> None:
    asked = await codes.ask(context.pool, "last", "p1", now)
    await context.pool.execute(
        "insert into access.sign_in_code select sha256(n::text::bytea), sha256(n::text::bytea), null, ''::bytea, $1, $1, $2"
        " from generate_series(1, $3::int) n",
        now, TRIES, WRONG_HOURLY // TRIES,
    )  # fmt: skip
    assert await codes.check(context.pool, asked.browser, asked.code, now) is None
    with pytest.raises(TooMany):
        await codes.ask(context.pool, "new", "p2", now)


async def test_neither_code_nor_secret_nor_name_lies_in_the_database(context: Context, now: datetime) -> None:
    asked = await codes.ask(context.pool, "13900000001", "p1", now)
    away = await elsewhere.leave(context.pool, "/duty", now)
    kept = str(await context.pool.fetch("select * from access.sign_in_code")) + str(
        await context.pool.fetch("select * from access.sign_in_elsewhere")
    )
    assert not any(each in kept for each in ("13900000001", asked.browser, asked.code, away.state, away.browser))


async def test_a_state_is_good_once_in_time_and_in_its_own_browser(context: Context, now: datetime) -> None:
    away = await elsewhere.leave(context.pool, "/r/JL26-7KQ2M4XA", now)
    assert await elsewhere.come_back(context.pool, away.state, "another browser", now) is None
    assert await elsewhere.come_back(context.pool, away.state, away.browser, now) == "/r/JL26-7KQ2M4XA"
    assert await elsewhere.come_back(context.pool, away.state, away.browser, now) is None
    late = await elsewhere.leave(context.pool, "/duty", now)
    assert await elsewhere.come_back(context.pool, late.state, late.browser, now + 5 * MINUTE) is None


async def test_a_persons_session_lasts_while_the_roster_names_them(context: Context, now: datetime) -> None:
    await on_the_roster(context)
    secret = await sessions.open_session(context.pool, now, person="p1")
    caller = await sessions.caller_of(context.pool, secret, now)
    assert caller is not None
    assert (caller.role, caller.person_id, caller.name, caller.sample) == ("officer", "p1", "值班一", False)
    assert await sessions.caller_of(context.pool, secret, now + sessions.LIFETIME) is None
    await context.pool.execute("delete from notifier.holding")
    assert await sessions.caller_of(context.pool, secret, now) is None


async def test_whose_accounts_are_all_closed_does_not_come_back_as_a_person(context: Context, now: datetime) -> None:
    await on_the_roster(context)
    secret = await sessions.open_session(context.pool, now, person="p1")
    await accounts.add(
        context.pool, account="li", name="李", role="officer", password="a long password", person_id="p1", now=now
    )
    assert await accounts.person_of(context.pool, "li") == "p1"
    assert await sessions.caller_of(context.pool, secret, now) is not None
    await accounts.close(context.pool, "li", now)
    assert await sessions.caller_of(context.pool, secret, now) is None
    assert await accounts.person_of(context.pool, "li") is None
