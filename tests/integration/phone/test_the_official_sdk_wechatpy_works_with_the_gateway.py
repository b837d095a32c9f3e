"""wechatpy, which others wrote for the real WeCom, against the gateway: the gateway's own reading is not its only witness."""

import asyncio
import base64
from typing import Any

import httpx
import pytest
import xmltodict
from wechatpy.enterprise import WeChatClient
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.exceptions import APILimitedException, InvalidSignatureException, WeChatClientException

from services.phone import sample
from tests.integration.phone.conftest import Heard, Phones

USER = "zhang.san"


def wecom(phones: Phones, corp: str = sample.WECOM_CORP, secret: str = sample.WECOM_SECRET) -> WeChatClient:
    """A client of the library whose host is the gateway; nothing else of it is changed."""

    class Client(WeChatClient):
        API_BASE_URL = f"{phones.address}/phone/wecom/cgi-bin/"

        def fetch_access_token(self) -> Any:
            # The library has the real host in this one call.
            params = {"corpid": self.corp_id, "corpsecret": self.secret}
            return self._fetch_access_token(url=f"{self.API_BASE_URL}gettoken", params=params)

    return Client(corp, secret)


def crypto() -> WeChatCrypto:
    return WeChatCrypto(sample.WECOM_TOKEN, sample.WECOM_AES_KEY, sample.WECOM_CORP)


def card(task: str = "task-1") -> dict[str, Any]:
    return {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "button_interaction", "task_id": task, "source": {"desc": "吉林儿童保护"},
            "main_title": {"title": "红色转介 JL26-AAAAAAAA"}, "sub_title_text": "请于14:30前签收",
            "card_action": {"type": 1, "url": "http://127.0.0.1:8080/r/JL26-AAAAAAAA"},
            "button_list": [{"text": "签收", "key": "acknowledge", "style": 1}],
        },
    }  # fmt: skip


async def send_card(phones: Phones, client: WeChatClient, task: str = "task-1") -> dict[str, Any]:
    told: dict[str, Any] = await asyncio.to_thread(client.message.send, sample.WECOM_AGENT, USER, msg=card(task))
    return told


async def page_with(phones: Phones, words: str) -> str:
    """The phones' page, once it shows these words."""
    for _ in range(100):
        if words in (page := (await phones.client.get("/phone/phones")).text):
            return page
        await asyncio.sleep(0.05)
    raise AssertionError(f"{words} never came")


async def test_a_text_arrives_on_the_phone(phones: Phones) -> None:
    told = await asyncio.to_thread(wecom(phones).message.send_text, sample.WECOM_AGENT, USER, "红色转介 JL26-AAAAAAAA")
    assert told["errcode"] == 0
    assert told["msgid"]
    (message,) = await phones.messages(to=USER)
    assert (message["channel"], message["text"], message["referral"]) == (
        "wecom",
        "红色转介 JL26-AAAAAAAA",
        "JL26-AAAAAAAA",
    )


async def test_a_text_card_arrives_on_the_phone(phones: Phones) -> None:
    await asyncio.to_thread(
        wecom(phones).message.send_text_card, sample.WECOM_AGENT, USER, "红色转介", "<div class=\"gray\">请签收</div>", "http://127.0.0.1:1/r/x"
    )  # fmt: skip
    (message,) = await phones.messages()
    assert message["text"] == "红色转介\n请签收"


@pytest.mark.parametrize(
    ("corp", "secret", "code"), [("ww-other", sample.WECOM_SECRET, 40013), (sample.WECOM_CORP, "wrong", 40001)]
)
async def test_wrong_credentials_get_no_token(phones: Phones, corp: str, secret: str, code: int) -> None:
    with pytest.raises(WeChatClientException) as refused:
        await asyncio.to_thread(wecom(phones, corp, secret).fetch_access_token)
    assert refused.value.errcode == code


async def test_the_library_refreshes_a_token_that_expired_before_its_time(phones: Phones) -> None:
    client = wecom(phones)
    await asyncio.to_thread(client.fetch_access_token)
    first = client.access_token
    assert (await phones.client.delete("/phone/api/wecom-tokens")).status_code == 200
    assert (await asyncio.to_thread(client.message.send_text, sample.WECOM_AGENT, USER, "x"))["errcode"] == 0
    assert client.access_token != first


async def test_a_user_outside_is_named_and_the_others_are_told(phones: Phones) -> None:
    await phones.set("behaviour", mode="refuse", to="nobody")
    told = await asyncio.to_thread(wecom(phones).message.send_text, sample.WECOM_AGENT, [USER, "nobody"], "x")
    assert told["invaliduser"] == "nobody"
    with pytest.raises(WeChatClientException) as refused:
        await asyncio.to_thread(wecom(phones).message.send_text, sample.WECOM_AGENT, "nobody", "x")
    assert refused.value.errcode == 81013


async def test_a_user_without_a_licence_is_named_under_errcode_0(phones: Phones) -> None:
    await phones.set("behaviour", mode="refuse", to=USER, code="unlicenseduser")
    told = await asyncio.to_thread(wecom(phones).message.send_text, sample.WECOM_AGENT, USER, "x")
    assert (told["errcode"], told["unlicenseduser"]) == (0, USER)
    assert await phones.messages() == []


async def test_too_many_messages_are_refused_as_throttled(phones: Phones) -> None:
    await phones.set("limits", provider="wecom", minute=1)
    client = wecom(phones)
    await asyncio.to_thread(client.message.send_text, sample.WECOM_AGENT, USER, "x")
    with pytest.raises(APILimitedException):
        await asyncio.to_thread(client.message.send_text, sample.WECOM_AGENT, USER, "y")


async def test_another_application_may_not_send(phones: Phones) -> None:
    with pytest.raises(WeChatClientException) as refused:
        await asyncio.to_thread(wecom(phones).message.send_text, 7, USER, "x")
    assert refused.value.errcode == 301002


async def test_a_press_reaches_the_callback_sealed_as_the_library_opens_it(phones: Phones, callback: Heard) -> None:
    await phones.set("callbacks", provider="wecom", kind="press", url=callback.url)
    told = await send_card(phones, wecom(phones))
    press = {"submission": told["msgid"], "to": USER, "key": "acknowledge"}
    assert (await phones.client.post("/phone/api/presses", json=press)).status_code == 200
    ((_, query, body),) = await callback.wait()
    text = crypto().decrypt_message(body.decode(), query["msg_signature"], query["timestamp"], query["nonce"])
    event = xmltodict.parse(text)["xml"]
    assert (event["Event"], event["FromUserName"], event["EventKey"], event["TaskId"], event["AgentID"]) == (
        "template_card_event", USER, "acknowledge", "task-1", str(sample.WECOM_AGENT),
    )  # fmt: skip
    assert event["ResponseCode"]


async def test_the_answer_to_a_press_takes_the_buttons_away(phones: Phones, callback: Heard) -> None:
    reply = (
        f"<xml><ToUserName><![CDATA[{USER}]]></ToUserName><FromUserName><![CDATA[{sample.WECOM_CORP}]]></FromUserName>"
        "<CreateTime>1</CreateTime><MsgType><![CDATA[update_button]]></MsgType>"
        "<Button><ReplaceName><![CDATA[已签收]]></ReplaceName></Button></xml>"
    )
    callback.answer = lambda *_: (200, crypto().encrypt_message(reply, "nonce", "1").encode())
    await phones.set("callbacks", provider="wecom", kind="press", url=callback.url)
    told = await send_card(phones, wecom(phones))
    press = {"submission": told["msgid"], "to": USER, "key": "acknowledge"}
    await phones.client.post("/phone/api/presses", json=press)
    await callback.wait()
    page = await page_with(phones, "已签收")
    assert 'class="press"' not in page
    assert (await phones.client.post("/phone/api/presses", json=press)).status_code == 409


async def test_a_card_is_changed_once_by_its_response_code(phones: Phones) -> None:
    client = wecom(phones)
    told = await send_card(phones, client)
    change = {
        "userids": [USER], "agentid": sample.WECOM_AGENT, "response_code": told["response_code"], "button": {"replace_name": "他人已签收"},
    }  # fmt: skip
    assert (await asyncio.to_thread(client.post, "message/update_template_card", data=change))["errcode"] == 0
    assert "他人已签收" in (await phones.client.get("/phone/phones")).text
    with pytest.raises(WeChatClientException):
        await asyncio.to_thread(client.post, "message/update_template_card", data=change)


async def test_a_forged_press_does_not_open_with_the_token(phones: Phones, callback: Heard) -> None:
    await phones.set("callbacks", provider="wecom", kind="press", url=callback.url)
    await phones.set("behaviour", mode="forged", to=USER)
    await send_card(phones, wecom(phones))
    ((_, query, body),) = await callback.wait()
    with pytest.raises(InvalidSignatureException):
        crypto().decrypt_message(body.decode(), query["msg_signature"], query["timestamp"], query["nonce"])
    assert await phones.messages() == []


async def test_a_callback_is_verified_as_the_library_answers(phones: Phones, callback: Heard) -> None:
    def answer(_: str, query: dict[str, str], __: bytes) -> tuple[int, bytes]:
        word = crypto().check_signature(query["msg_signature"], query["timestamp"], query["nonce"], query["echostr"])
        return 200, word.encode()

    entry = {"provider": "wecom", "kind": "press", "url": callback.url, "verify": True}
    callback.answer = lambda *_: (200, b"something else")
    assert (await phones.client.put("/phone/api/callbacks", json=entry)).status_code == 422
    callback.answer = answer
    assert (await phones.client.put("/phone/api/callbacks", json=entry)).status_code == 200


async def test_the_sign_in_tells_whose_phone_the_page_was_opened_on(phones: Phones) -> None:
    client = wecom(phones)
    url = client.oauth.authorize_url("http://127.0.0.1:1/login/wecom", "state-1")
    gateway = url.split("#")[0].replace("https://open.weixin.qq.com", f"{phones.address}/phone/wecom")
    async with httpx.AsyncClient() as stranger:
        assert (await stranger.get(gateway)).status_code == 403
    assert (await phones.client.get("/phone/wecom/open", params={"user": USER, "url": gateway})).status_code == 404
    await send_card(phones, client)
    opened = await phones.client.get("/phone/wecom/open", params={"user": USER, "url": gateway})
    back = await phones.client.get(opened.headers["location"])
    query = httpx.URL(back.headers["location"]).params
    assert query["state"] == "state-1"
    assert (await asyncio.to_thread(client.oauth.get_user_info, query["code"]))["UserId"] == USER
    with pytest.raises(WeChatClientException) as spent:
        await asyncio.to_thread(client.oauth.get_user_info, query["code"])
    assert spent.value.errcode == 40029


async def test_the_sign_in_leads_nowhere_but_to_this_machine(phones: Phones) -> None:
    asked = {
        "appid": sample.WECOM_CORP,
        "redirect_uri": "https://example.org/",
        "response_type": "code",
        "scope": "snsapi_base",
    }
    answer = await phones.client.get("/phone/wecom/connect/oauth2/authorize", params=asked)
    assert answer.status_code == 400
    await send_card(phones, wecom(phones))
    opened = await phones.client.get("/phone/wecom/open", params={"user": USER, "url": "https://example.org/"})
    assert opened.status_code == 404


def test_the_key_of_the_sample_account_is_one() -> None:
    assert len(base64.b64decode(sample.WECOM_AES_KEY + "=")) == 32
