"""Aliyun's own SDKs for SMS and voice, unchanged, against the gateway as their host."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from alibabacloud_dysmsapi20170525 import models as sms
from alibabacloud_dysmsapi20170525.client import Client as SmsClient
from alibabacloud_dyvmsapi20170525 import models as voice
from alibabacloud_dyvmsapi20170525.client import Client as VoiceClient
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.runtime import RuntimeOptions

from services.chassis.clock import SHANGHAI
from services.phone import sample
from tests.integration.phone.conftest import Heard, Phones, host_of, served

NUMBER = "10000000001"
TEXT = "红色转介 JL26-AAAAAAAA,请于14:30前签收。"


def settings(host: str, key: str = sample.ALIYUN_KEY, secret: str = sample.ALIYUN_SECRET, **more: str) -> Config:
    return Config(access_key_id=key, access_key_secret=secret, endpoint=host, protocol="http", **more)


def message(**more: str) -> sms.SendSmsRequest:
    told = {
        "phone_numbers": NUMBER, "sign_name": sample.SIGN, "template_code": "SMS_100000001", "out_id": "m1",
        "template_param": json.dumps({"text": TEXT}),
    }  # fmt: skip
    return sms.SendSmsRequest(**{**told, **more})


async def send(client: SmsClient, **more: str) -> sms.SendSmsResponseBody:
    answer = await asyncio.to_thread(client.send_sms_with_options, message(**more), RuntimeOptions(autoretry=False))
    assert answer.body is not None
    return answer.body


@pytest_asyncio.fixture
async def host(phones: Phones) -> AsyncIterator[str]:
    async with served(host_of(phones.app, "/phone/aliyun-sms")) as address:
        yield address


@pytest_asyncio.fixture
async def voice_host(phones: Phones) -> AsyncIterator[str]:
    async with served(host_of(phones.app, "/phone/aliyun-voice")) as address:
        yield address


@pytest.mark.parametrize("how", [{}, {"signature_algorithm": "v2"}], ids=["ACS3-HMAC-SHA256", "HMAC-SHA1"])
async def test_a_message_signed_by_the_sdk_arrives(phones: Phones, host: str, how: dict[str, str]) -> None:
    told = await send(SmsClient(settings(host, **how)))
    assert (told.code, told.message) == ("OK", "OK")
    assert told.biz_id
    assert told.request_id
    (got,) = await phones.messages(to=NUMBER)
    assert (got["channel"], got["message_id"], got["text"]) == ("sms", "m1", f"【{sample.SIGN}】{TEXT}")


@pytest.mark.parametrize("how", [{}, {"signature_algorithm": "v2"}], ids=["ACS3-HMAC-SHA256", "HMAC-SHA1"])
@pytest.mark.parametrize(
    ("key", "secret", "code"),
    [
        (sample.ALIYUN_KEY, "wrong", "SignatureDoesNotMatch"),
        ("LTAI-other", sample.ALIYUN_SECRET, "InvalidAccessKeyId.NotFound"),
    ],
)
async def test_a_wrong_key_is_refused(
    phones: Phones, host: str, how: dict[str, str], key: str, secret: str, code: str
) -> None:
    with pytest.raises(ClientException) as refused:
        await send(SmsClient(settings(host, key, secret, **how)))
    assert refused.value.code == code
    assert await phones.messages() == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"phone_numbers": "12"}, "isv.MOBILE_NUMBER_ILLEGAL"),
        ({"sign_name": "别的"}, "isv.SMS_SIGNATURE_ILLEGAL"),
        ({"template_code": "SMS_9"}, "isv.SMS_TEMPLATE_ILLEGAL"),
        ({"template_param": "{}"}, "isv.TEMPLATE_MISSING_PARAMETERS"),
        ({"template_param": '{"text": 5}'}, "isv.INVALID_JSON_PARAM"),
    ],
)
async def test_a_wrong_message_is_refused_in_aliyuns_words(
    phones: Phones, host: str, more: dict[str, str], code: str
) -> None:
    assert (await send(SmsClient(settings(host)), **more)).code == code


@pytest.mark.parametrize("code", ["isv.AMOUNT_NOT_ENOUGH", "isv.BUSINESS_LIMIT_CONTROL", "isv.OUT_OF_SERVICE"])
async def test_a_number_refuses_with_the_code_that_was_set(phones: Phones, host: str, code: str) -> None:
    await phones.set("behaviour", mode="refuse", to=NUMBER, code=code)
    client = SmsClient(settings(host))
    assert (await send(client)).code == code
    assert (await send(client, phone_numbers="10000000002")).code == "OK"


async def test_too_many_messages_to_a_number_are_throttled(phones: Phones, host: str) -> None:
    await phones.set("limits", provider="aliyun-sms", minute=1)
    client = SmsClient(settings(host))
    assert (await send(client)).code == "OK"
    told = await send(client)
    assert (told.code, told.message) == ("isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1")


async def details(phones: Phones, client: SmsClient, **more: str) -> Any:
    day = phones.context.clock.now().astimezone(SHANGHAI).strftime("%Y%m%d")
    asked = sms.QuerySendDetailsRequest(phone_number=NUMBER, send_date=day, page_size=10, current_page=1, **more)
    answer = await asyncio.to_thread(client.query_send_details_with_options, asked, RuntimeOptions())
    assert answer.body is not None
    assert answer.body.code == "OK"
    assert answer.body.sms_send_detail_dtos is not None
    return answer.body.sms_send_detail_dtos.sms_send_detail_dto


@pytest.mark.parametrize(
    ("behaviour", "status", "code"),
    [
        ({"mode": "take", "receipt_after": 0}, 3, "DELIVERED"),
        ({"mode": "take", "receipt_after": 600}, 1, None),
        ({"mode": "no_receipt"}, 1, None),
        ({"mode": "undelivered", "receipt_after": 0, "code": "MOBILE_NOT_ON_SERVICE"}, 2, "MOBILE_NOT_ON_SERVICE"),
        ({"mode": "forged"}, 1, None),
    ],
)
async def test_the_state_of_a_message_is_asked_for(
    phones: Phones, host: str, behaviour: dict[str, Any], status: int, code: str | None
) -> None:
    await phones.set("behaviour", **behaviour)
    client = SmsClient(settings(host))
    sent = await send(client)
    (told,) = await details(phones, client, biz_id=sent.biz_id or "")
    assert (told.send_status, told.err_code, told.out_id, told.phone_num) == (status, code, "m1", NUMBER)


async def test_the_carriers_word_reaches_the_callback(phones: Phones, host: str, callback: Heard) -> None:
    await phones.set("callbacks", provider="aliyun-sms", kind="receipt", url=callback.url)
    await phones.set("behaviour", mode="take", receipt_after=0.05)
    sent = await send(SmsClient(settings(host)))
    ((_, _, body),) = await callback.wait()
    (told,) = json.loads(body)
    assert (told["biz_id"], told["out_id"], told["success"], told["err_code"]) == (sent.biz_id, "m1", True, "DELIVERED")


async def test_a_callback_that_does_not_take_it_is_told_again(phones: Phones, host: str, callback: Heard) -> None:
    callback.answer = lambda *_: (200, b'{"code": 0}') if len(callback.calls) > 1 else (500, b"")
    await phones.set("callbacks", provider="aliyun-sms", kind="receipt", url=callback.url)
    await phones.set("behaviour", mode="take", receipt_after=0)
    await send(SmsClient(settings(host)))
    first, second = await callback.wait(2)
    assert first[2] == second[2]


async def test_a_forged_receipt_says_what_a_query_denies(phones: Phones, host: str, callback: Heard) -> None:
    await phones.set("callbacks", provider="aliyun-sms", kind="receipt", url=callback.url)
    await phones.set("behaviour", mode="forged")
    client = SmsClient(settings(host))
    await send(client)
    ((_, _, body),) = await callback.wait()
    assert json.loads(body)[0]["success"] is True
    (told,) = await details(phones, client)
    assert told.send_status == 1
    assert await phones.messages() == []


async def test_a_reply_reaches_the_callback(phones: Phones, host: str, callback: Heard) -> None:
    await phones.set("callbacks", provider="aliyun-sms", kind="reply", url=callback.url)
    reply = {"sender": NUMBER, "text": "1"}
    assert (await phones.client.post("/phone/api/replies", json=reply)).status_code == 409
    await send(SmsClient(settings(host)))
    assert (await phones.client.post("/phone/api/replies", json=reply)).status_code == 200
    ((_, _, body),) = await callback.wait()
    (told,) = json.loads(body)
    assert (told["phone_number"], told["content"], told["sign_name"]) == (NUMBER, "1", sample.SIGN)


async def test_a_half_dead_provider_never_answers(phones: Phones, host: str) -> None:
    await phones.set("behaviour", mode="half_dead", provider="aliyun-sms")
    client = SmsClient(settings(host))
    with pytest.raises(Exception, match=r"(?i)time"):
        await asyncio.to_thread(
            client.send_sms_with_options, message(), RuntimeOptions(autoretry=False, read_timeout=300)
        )
    assert await phones.messages() == []


async def test_a_message_arrives_though_the_answer_does_not(phones: Phones, host: str) -> None:
    await phones.set("behaviour", mode="silent", to=NUMBER, seconds=60)
    with pytest.raises(Exception, match=r"(?i)time"):
        await asyncio.to_thread(
            SmsClient(settings(host)).send_sms_with_options,
            message(),
            RuntimeOptions(autoretry=False, read_timeout=300),
        )
    assert len(await phones.messages()) == 1


async def test_the_same_signed_request_is_taken_once(phones: Phones, host: str) -> None:
    seen: list[tuple[str, dict[str, str]]] = []

    async def listening(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            seen.append((scope["query_string"].decode(), headers))
        await host_of(phones.app, "/phone/aliyun-sms")(scope, receive, send)

    async with served(listening) as address:
        assert (await send(SmsClient(settings(address)))).code == "OK"
    query, headers = seen[0]
    async with httpx.AsyncClient() as thief:
        again = await thief.post(f"http://{host}/?{query}", headers=headers)
    assert again.json()["Code"] == "SignatureNonceUsed"
    assert len(await phones.messages()) == 1


def call(**more: Any) -> voice.SingleCallByTtsRequest:
    told = {
        "called_number": NUMBER,
        "tts_code": "TTS_100000001",
        "tts_param": json.dumps({"text": TEXT}),
        "out_id": "m1",
    }
    return voice.SingleCallByTtsRequest(**{**told, **more})


@pytest.mark.parametrize(
    ("behaviour", "state"),
    [
        ({"mode": "take", "receipt_after": 0}, "200000"),
        ({"mode": "undelivered", "receipt_after": 0, "code": "200002"}, "200002"),
    ],
)
async def test_a_call_rings_and_its_end_is_asked_for_and_told(
    phones: Phones, voice_host: str, callback: Heard, behaviour: dict[str, Any], state: str
) -> None:
    await phones.set("callbacks", provider="aliyun-voice", kind="receipt", url=callback.url)
    await phones.set("behaviour", **behaviour)
    client = VoiceClient(settings(voice_host))
    rung = await asyncio.to_thread(client.single_call_by_tts_with_options, call(), RuntimeOptions())
    assert rung.body is not None
    assert rung.body.code == "OK"
    asked = voice.QueryCallDetailByCallIdRequest(
        call_id=rung.body.call_id, prod_id=11010000138001, query_date=int(phones.context.clock.now().timestamp() * 1000)
    )
    told = await asyncio.to_thread(client.query_call_detail_by_call_id_with_options, asked, RuntimeOptions())
    assert told.body is not None
    assert json.loads(told.body.data or "")["state"] == state
    ((_, _, body),) = await callback.wait()
    (report,) = json.loads(body)
    assert (report["call_id"], report["status_code"], report["out_id"]) == (rung.body.call_id, state, "m1")
    assert len(await phones.messages()) == (state == "200000")


async def test_a_call_takes_an_out_id_of_15_octets_at_most(phones: Phones, voice_host: str) -> None:
    client = VoiceClient(settings(voice_host))
    told = await asyncio.to_thread(client.single_call_by_tts_with_options, call(out_id="m" * 16), RuntimeOptions())
    assert told.body is not None
    assert told.body.code == "isv.INVALID_PARAMETERS"
