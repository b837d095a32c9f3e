"""When the house is full or the database says no, the source is told to come again, and nothing is half done."""

from typing import Any

import httpx
import pytest

from services.chassis.context import Context
from services.intake.backlog import Backlog


@pytest.mark.parametrize("sqlstate", ["53100", "25006", "57P01", "53300"])
async def test_a_database_that_says_no_is_503_and_nothing_was_accepted(
    context: Context, post: Any, event: Any, sqlstate: str
) -> None:
    await context.pool.execute(
        "create function say_no() returns trigger language plpgsql as"
        f" $$ begin raise exception 'no' using errcode = '{sqlstate}'; end $$;"
        "create trigger say_no before insert on chassis.outbox execute function say_no()"
    )
    answer = await post(event())
    assert answer.status_code == 503
    assert answer.headers["retry-after"].isdigit()
    assert answer.headers["content-type"] == "application/problem+json"
    assert await context.pool.fetchval("select count(*) from intake.event_key") == 0
    await context.pool.execute("drop trigger say_no on chassis.outbox")
    assert (await post(event())).json()["results"][0]["status"] == "accepted"


async def test_a_database_that_is_away_is_503(context: Context, post: Any, event: Any) -> None:
    await context.pool.close()
    assert (await post(event())).status_code == 503


async def test_too_much_unpublished_is_429(context: Context, callers: Any, http: httpx.AsyncClient) -> None:
    await context.pool.execute(
        "insert into chassis.outbox(service, topic, headers) select 'intake', 'child-events', '[]' from"
        " generate_series(1, $1::int)",
        context.settings.backlog + 1,
    )
    answer = await http.post(
        "/api/v1/events", content=b"{}", headers={"Content-Type": "application/cloudevents+json", **callers.hospital}
    )
    assert answer.status_code == 429
    assert answer.headers["retry-after"].isdigit()


async def test_too_many_undecided_events_are_noticed(context: Context, post: Any, event: Any) -> None:
    async def over(bound: int) -> bool:
        return await Backlog(bound).over(context.pool)

    await post([event(id=f"e{number}") for number in range(30)])
    await context.pool.execute("update chassis.outbox set published_at = created_at")
    assert await over(5)
    assert not await over(25)
    assert not await over(100)
