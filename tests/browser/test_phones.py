"""The simulated phones in a real browser: answered and pressed by hand, and shown as they look then."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio
from alibabacloud_dysmsapi20170525.client import Client
from alibabacloud_dysmsapi20170525.models import SendSmsRequest
from alibabacloud_tea_openapi.utils_models import Config
from fastapi import FastAPI
from playwright.async_api import BrowserContext, Page, expect

from services.access.headers import SecurityHeaders
from services.access.problems import install_problems
from services.phone import sample
from services.phone.routes import router
from tests.browser.conftest import Site, sign_in
from tests.integration.phone.conftest import Heard, Phones, callback, host_of, served

__all__ = ["callback"]
NUMBER = "10000000001"


@pytest_asyncio.fixture
async def gateway(site: Site) -> AsyncIterator[Phones]:
    """The gateway beside the doors, on a port of its own: a session of the doors is good there too."""
    app = FastAPI()
    install_problems(app)
    app.add_middleware(SecurityHeaders)
    app.include_router(router(site.context))
    async with served(app) as address:
        headers = {"Authorization": f"Bearer {site.tokens['operations']}"}
        async with httpx.AsyncClient(base_url=f"http://{address}", headers=headers, timeout=10) as client:
            yield Phones(f"http://{address}", client, app, site.context)


async def opened(visitor: BrowserContext, site: Site, gateway: Phones) -> Page:
    await sign_in(visitor, site, "officer")
    page = await visitor.new_page()
    await page.goto(f"{gateway.address}/phone")
    return page


async def send_wecom(gateway: Phones) -> None:
    asked = {"corpid": sample.WECOM_CORP, "corpsecret": sample.WECOM_SECRET}
    token = (await gateway.client.get("/phone/wecom/cgi-bin/gettoken", params=asked)).json()["access_token"]
    card: dict[str, Any] = {
        "card_type": "button_interaction", "task_id": "m1", "main_title": {"title": "红色转介"},
        "button_list": [{"text": "签收", "key": "acknowledge"}],
    }  # fmt: skip
    body = {"touser": NUMBER, "agentid": sample.WECOM_AGENT, "msgtype": "template_card", "template_card": card}
    told = await gateway.client.post(f"/phone/wecom/cgi-bin/message/send?access_token={token}", json=body)
    assert told.json()["errcode"] == 0


async def send_sms(gateway: Phones) -> None:
    async with served(host_of(gateway.app, "/phone/aliyun-sms")) as host:
        account = Config(
            access_key_id=sample.ALIYUN_KEY, access_key_secret=sample.ALIYUN_SECRET, endpoint=host, protocol="http"
        )
        asked = SendSmsRequest(
            phone_numbers=NUMBER,
            sign_name=sample.SIGN,
            template_code="SMS_100000001",
            template_param='{"text": "红色转介"}',
        )
        told = await asyncio.to_thread(Client(account).send_sms, asked)
    assert told.body is not None
    assert told.body.code == "OK"


async def test_an_sms_is_answered_and_a_card_pressed_while_the_page_follows(
    visitor: BrowserContext, site: Site, gateway: Phones, callback: Heard
) -> None:
    for provider, kind in (("wecom", "press"), ("aliyun-sms", "reply")):
        await gateway.set("callbacks", provider=provider, kind=kind, url=callback.url)
    page = await opened(visitor, site, gateway)
    await expect(page.locator(".empty")).to_be_visible()
    await send_wecom(gateway)
    await page.get_by_role("button", name="签收").click()
    ((_, query, _),) = await callback.wait()
    assert query["msg_signature"]
    await send_sms(gateway)
    field = page.get_by_role("textbox", name="回复短信")
    await field.fill("收到")
    await page.get_by_role("button", name="发送").click()
    calls = await callback.wait(2)
    assert "收到" in calls[1][2].decode()
    await expect(page.locator(".sent")).to_contain_text("收到")
    await page.get_by_role("button", name="1", exact=True).click()
    assert '"1"' in (await callback.wait(3))[2][2].decode()
