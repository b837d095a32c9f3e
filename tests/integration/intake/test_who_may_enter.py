"""Every door of intake × every role × what is not theirs."""

from typing import Any

import httpx
import pytest

from services.access import tokens
from services.chassis.context import Context

DOORS = ["/api/v1/events", "/api/v1/children"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("who", "status"),
    [("nobody", 401), ("wrong", 401), ("officer", 403), ("operations", 403), ("hospital", 0), ("sample", 0)],
)
async def test_only_sources_enter(
    http: httpx.AsyncClient, callers: Any, event: Any, door: str, who: str, status: int
) -> None:
    strangers = {"nobody": {}, "wrong": {"Authorization": "Bearer shouhu_source_AAAA"}}
    headers = strangers[who] if who in strangers else getattr(callers, who)
    answer = await http.post(door, content=b"{", headers={"Content-Type": "application/cloudevents+json", **headers})
    assert answer.status_code == (status or 400)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("door", DOORS)
async def test_a_door_says_nothing_to_other_methods_or_paths(http: httpx.AsyncClient, callers: Any, door: str) -> None:
    assert (await http.get(door, headers=callers.hospital)).status_code == 405
    assert (await http.post(door + "/c_8h2k", headers=callers.hospital)).status_code == 404


@pytest.mark.parametrize(
    ("who", "source", "status"),
    [
        ("hospital", "/hospital/220122/h1", 202), ("hospital", "/hospital/220122/h2", 403),
        ("hospital", "/hospital/220322/h1", 403), ("hospital", "/shouhu/220000/referral", 403),
        ("sample", "/hospital/220122/h1", 202), ("sample", "/police/220322/p1", 202),
        ("sample", "/shouhu/220000/referral", 403),
    ],
)  # fmt: skip
async def test_nobody_speaks_for_another_source(
    post: Any, callers: Any, event: Any, who: str, source: str, status: int
) -> None:
    answer = await post(event(source=source), getattr(callers, who))
    assert answer.status_code == status, answer.text


async def test_a_revoked_token_ends_at_once(context: Context, post: Any, callers: Any, event: Any) -> None:
    now = context.clock.now()
    token = await tokens.create(context.pool, role="source", name="t", source="h1", now=now)
    headers = {"Authorization": f"Bearer {token.secret}"}
    assert (await post(event(), headers)).status_code == 202
    await tokens.revoke(context.pool, token.id, now)
    assert (await post(event(), headers)).status_code == 401
