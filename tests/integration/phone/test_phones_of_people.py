"""Messages by any provider stand on the phone of the person whom the notifier meant, with what it knows of them."""

import httpx
from fastapi import FastAPI, Request

from services.console.visit import has_phones
from services.phone import sample
from tests.integration.phone.conftest import Phones

NUMBER = "10000000001"
ID = "0123456789abcdef0123456789abcdef"

_NOTICE = """
insert into notifier.notice (id, cause, gathering, referral_id, number, case_id, county, role, severity, classification, kind,
    agency_level, area, function, level, reason, text, channels, exercise, not_before, created_at, state, failed)
values ('n', 'e', 'g', 'r', 'JL26-AAAAAAAA', 'c', '220122', 'primary', 'CRITICAL', 'C2', 'civil_affairs', 'county', '220122',
    'duty_officer', 1, 'opened', 'opened', '{}', false, $1, $1, 'told', '{}')
"""
_MESSAGE = """
insert into notifier.message (id, notice_id, referral_ids, numbers, kind, agency_level, area, to_role, level, reason, person_id,
    person_name, text, exercise, warnings, usable, created_at, state)
values ($2, 'n', '{r}', '{JL26-AAAAAAAA}', 'civil_affairs', 'county', '220122', 'duty_officer', 1, 'opened', 'p1', '样例·张三', 'x',
    false, '{}', '{}', $1, 'open')
"""


async def send_wecom(phones: Phones, part: dict[str, object]) -> None:
    asked = {"corpid": sample.WECOM_CORP, "corpsecret": sample.WECOM_SECRET}
    token = (await phones.client.get("/phone/wecom/cgi-bin/gettoken", params=asked)).json()["access_token"]
    body = {"touser": NUMBER, "agentid": sample.WECOM_AGENT, **part}
    told = await phones.client.post(f"/phone/wecom/cgi-bin/message/send?access_token={token}", json=body)
    assert told.json()["errcode"] == 0, told.text


def card(task: str) -> dict[str, object]:
    told = {
        "card_type": "button_interaction", "task_id": task, "main_title": {"title": "红色转介"},
        "button_list": [{"text": "签收", "key": "acknowledge"}],
    }  # fmt: skip
    return {"msgtype": "template_card", "template_card": told}


async def test_one_person_has_one_phone_whatever_the_provider_knows(phones: Phones) -> None:
    now = phones.context.clock.now()
    await phones.context.pool.execute(_NOTICE, now)
    await phones.context.pool.execute(_MESSAGE, now, ID)
    await send_wecom(phones, card(ID))
    await send_wecom(phones, {"msgtype": "text", "text": {"content": "您的验证码是123456"}})
    page = (await phones.client.get("/phone/phones")).text
    assert page.count('class="phone"') == 1
    assert "样例·张三" in page
    assert "农安县民政局" in page
    first = (await phones.messages())[0]
    assert (first["message_id"], first["referral"], first["to_role"], first["level"]) == (
        ID, "JL26-AAAAAAAA", "duty_officer", 1,
    )  # fmt: skip


async def test_a_call_is_known_by_the_fifteen_signs_that_it_carries(phones: Phones) -> None:
    now = phones.context.clock.now()
    await phones.context.pool.execute(_NOTICE, now)
    await phones.context.pool.execute(_MESSAGE, now, ID)
    await phones.context.pool.execute(
        "insert into phone.message (message_id, \"to\", channel, referral, to_role, level, reason, kind, agency_level, area,"
        " text, exercise, at, submission) values ($2, $3, 'voice', '', '', 0, '', '', '', '', 'x', false, $1, 'call')",
        now, ID[:15], NUMBER,
    )  # fmt: skip
    (told,) = await phones.messages()
    assert (told["message_id"], told["referral"]) == (ID, "JL26-AAAAAAAA")


async def test_a_card_can_be_recalled(phones: Phones) -> None:
    await send_wecom(phones, card("t1"))
    given = await phones.context.pool.fetchval("select id from phone.submission")
    asked = {"corpid": sample.WECOM_CORP, "corpsecret": sample.WECOM_SECRET}
    token = (await phones.client.get("/phone/wecom/cgi-bin/gettoken", params=asked)).json()["access_token"]
    path = f"/phone/wecom/cgi-bin/message/recall?access_token={token}"
    assert (await phones.client.post(path, json={"msgid": given})).json()["errcode"] == 0
    page = (await phones.client.get("/phone/phones")).text
    assert "消息已撤回" in page
    assert "红色转介" not in page


async def test_the_same_words_within_the_interval_ring_once(phones: Phones) -> None:
    text = {"msgtype": "text", "text": {"content": "x"}, "enable_duplicate_check": 1, "duplicate_check_interval": 120}
    for _ in range(2):
        await send_wecom(phones, text)
    assert len(await phones.messages()) == 1
    await send_wecom(phones, {**text, "enable_duplicate_check": 0})
    assert len(await phones.messages()) == 2


async def test_a_task_id_is_used_once(phones: Phones) -> None:
    await send_wecom(phones, card("t1"))
    asked = {"corpid": sample.WECOM_CORP, "corpsecret": sample.WECOM_SECRET}
    token = (await phones.client.get("/phone/wecom/cgi-bin/gettoken", params=asked)).json()["access_token"]
    body = {"touser": NUMBER, "agentid": sample.WECOM_AGENT, **card("t1")}
    told = await phones.client.post(f"/phone/wecom/cgi-bin/message/send?access_token={token}", json=body)
    assert told.json()["errcode"] == 40058


async def test_callbacks_lead_to_this_machine_only(phones: Phones) -> None:
    entry = {"provider": "wecom", "kind": "press", "url": "https://example.org/"}
    assert (await phones.client.put("/phone/api/callbacks", json=entry)).status_code == 422


async def test_a_provider_cannot_be_used_from_another_machine(phones: Phones) -> None:
    transport = httpx.ASGITransport(phones.app, client=("10.0.0.5", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as stranger:
        for path in ("wecom/cgi-bin/gettoken", "aliyun-sms/", "aliyun-voice/"):
            assert (await stranger.get(f"/phone/{path}")).status_code == 404
        for path in ("tencent-sms/", "tencent-voice/"):
            assert (await stranger.post(f"/phone/{path}")).status_code == 404


async def test_the_console_finds_the_phones(phones: Phones) -> None:
    app: FastAPI = phones.app

    @app.get("/linked")
    async def linked(request: Request) -> bool:
        return has_phones(request)

    assert (await phones.client.get("/linked")).json() is True
