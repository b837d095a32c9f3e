"""The phone gateway: what it keeps, whom it answers, how it misbehaves."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from services.access import tokens
from services.access.problems import install_problems
from services.access.sample import NotLoopback
from services.chassis.context import Context
from services.phone.routes import router
from services.phone.service import start

MESSAGE = {
    "message_id": "m1", "to": "13800000001", "channel": "sms", "referral": "JL26-AAAAAAAA", "to_role": "duty_officer",
    "level": 0, "text": "【吉林儿童保护】红色转介", "exercise": False, "reason": "opened", "kind": "civil_affairs",
    "agency_level": "county", "area": "220122", "message": "x", "title": "",
}  # fmt: skip


@pytest_asyncio.fixture
async def app(context: Context) -> FastAPI:
    made = FastAPI()
    install_problems(made)
    made.include_router(router(context))
    return made


@pytest_asyncio.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as made:
        yield made


@pytest_asyncio.fixture
async def operations(context: Context) -> dict[str, str]:
    made = await tokens.create(context.pool, role="operations", name="ops", now=context.clock.now())
    return {"Authorization": f"Bearer {made.secret}"}


async def test_a_message_is_kept_and_listed_for_its_contact(
    client: httpx.AsyncClient, operations: dict[str, str]
) -> None:
    assert (await client.post("/phone/api/send", json=MESSAGE)).status_code == 200
    assert (await client.post("/phone/api/send", json={**MESSAGE, "to": "13800000002"})).status_code == 200
    answer = await client.get("/phone/api/messages", params={"to": "13800000001"}, headers=operations)
    (item,) = answer.json()["items"]
    names = ("message_id", "to", "channel", "referral", "to_role", "level", "text", "exercise")
    assert item.pop("at").endswith("+08:00")
    assert item == {name: MESSAGE[name] for name in names}


async def test_the_same_message_twice_is_there_twice(client: httpx.AsyncClient, operations: dict[str, str]) -> None:
    await asyncio.gather(*(client.post("/phone/api/send", json=MESSAGE) for _ in range(2)))
    answer = await client.get("/phone/api/messages", headers=operations)
    assert len(answer.json()["items"]) == 2


async def test_reading_needs_the_operations_role(client: httpx.AsyncClient, context: Context) -> None:
    made = await tokens.create(context.pool, role="officer", name="off", now=context.clock.now(), person_id="p")
    assert (await client.get("/phone/api/messages")).status_code == 401
    officer = {"Authorization": f"Bearer {made.secret}"}
    assert (await client.get("/phone/api/messages", headers=officer)).status_code == 403
    assert (await client.get("/phone")).status_code == 303


async def test_another_machine_cannot_ring_a_phone(app: FastAPI) -> None:
    transport = httpx.ASGITransport(app, client=("10.0.0.5", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as stranger:
        assert (await stranger.post("/phone/api/send", json=MESSAGE)).status_code == 404


@pytest.mark.parametrize(("mode", "status", "kept"), [("refuse", 422, 0), ("refuse_for_now", 503, 0), ("slow", 200, 1)])
async def test_a_phone_misbehaves_for_the_contact_that_was_named(
    client: httpx.AsyncClient, operations: dict[str, str], mode: str, status: int, kept: int
) -> None:
    setting: dict[str, Any] = {"mode": mode, "to": "13800000001", "seconds": 0.01}
    assert (await client.put("/phone/api/behaviour", json=setting, headers=operations)).status_code == 200
    assert (await client.post("/phone/api/send", json=MESSAGE)).status_code == status
    assert (await client.post("/phone/api/send", json={**MESSAGE, "to": "9"})).status_code == 200
    items = (await client.get("/phone/api/messages", headers=operations)).json()["items"]
    assert len(items) == kept + 1


async def test_the_page_shows_phones_in_chinese_and_in_english(
    client: httpx.AsyncClient, operations: dict[str, str]
) -> None:
    await client.post("/phone/api/send", json=MESSAGE)
    page = await client.get("/phone", headers=operations)
    assert "模拟手机" in page.text
    assert "农安县民政局" in page.text
    assert "短信" in page.text
    assert "Simulated phones" in (await client.get("/phone?lang=en", headers=operations)).text
    assert (await client.get("/phone/phone.js")).headers["content-type"].startswith("text/javascript")


async def test_the_gateway_does_not_start_where_others_could_reach_it(context: Context) -> None:
    context.settings = context.settings.model_copy(update={"http": ("0.0.0.0", 8080)})
    with pytest.raises(NotLoopback):
        await start(context)
