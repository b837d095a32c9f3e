"""Tencent Cloud's own SDKs for SMS and voice, unchanged, against the gateway as their host."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111 import models as sms
from tencentcloud.sms.v20210111.sms_client import SmsClient
from tencentcloud.vms.v20200902 import models as voice
from tencentcloud.vms.v20200902.vms_client import VmsClient

from services.phone import sample
from tests.integration.phone.conftest import Heard, Phones, host_of, served

NUMBER = "10000000001"
TEXT = "红色转介 JL26-AAAAAAAA,请于14:30前签收。"


def client(kind: Any, host: str, key: str = sample.TENCENT_KEY, secret: str = sample.TENCENT_SECRET) -> Any:
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=host, reqTimeout=1))
    return kind(Credential(key, secret), "ap-guangzhou", profile)


def message(**more: Any) -> sms.SendSmsRequest:
    asked = sms.SendSmsRequest()
    told = {
        "PhoneNumberSet": [f"+86{NUMBER}"], "SmsSdkAppId": sample.TENCENT_SMS_APP, "SignName": sample.SIGN, "TemplateId": "1000001",
        "TemplateParamSet": [TEXT], "SessionContext": "m1",
    }  # fmt: skip
    asked.from_json_string(json.dumps({**told, **more}))
    return asked


async def send(host: str, **more: Any) -> Any:
    answer = await asyncio.to_thread(client(SmsClient, host).SendSms, message(**more))
    (status,) = answer.SendStatusSet
    return status


@pytest_asyncio.fixture
async def host(phones: Phones) -> AsyncIterator[str]:
    async with served(host_of(phones.app, "/phone/tencent-sms")) as address:
        yield address


@pytest_asyncio.fixture
async def voice_host(phones: Phones) -> AsyncIterator[str]:
    async with served(host_of(phones.app, "/phone/tencent-voice")) as address:
        yield address


async def test_a_message_signed_by_the_sdk_arrives(phones: Phones, host: str) -> None:
    status = await send(host)
    assert (status.Code, status.SessionContext, status.PhoneNumber) == ("Ok", "m1", f"+86{NUMBER}")
    assert status.SerialNo
    (got,) = await phones.messages(to=NUMBER)
    assert (got["channel"], got["message_id"], got["text"]) == ("sms", "m1", f"【{sample.SIGN}】{TEXT}")


@pytest.mark.parametrize(
    ("key", "secret", "code"),
    [
        (sample.TENCENT_KEY, "wrong", "AuthFailure.SignatureFailure"),
        ("AKID-other", sample.TENCENT_SECRET, "AuthFailure.SecretIdNotFound"),
    ],
)
async def test_a_wrong_key_is_refused(phones: Phones, host: str, key: str, secret: str, code: str) -> None:
    with pytest.raises(TencentCloudSDKException) as refused:
        await asyncio.to_thread(client(SmsClient, host, key, secret).SendSms, message())
    assert refused.value.get_code() == code
    assert await phones.messages() == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"PhoneNumberSet": ["+8612"]}, "InvalidParameterValue.IncorrectPhoneNumber"),
        ({"SignName": "别的"}, "FailedOperation.SignatureIncorrectOrUnapproved"),
        ({"TemplateId": "9"}, "FailedOperation.TemplateUnapprovedOrNotExist"),
        ({"TemplateParamSet": []}, "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"),
    ],
)
async def test_a_wrong_message_is_refused_in_tencents_words(
    phones: Phones, host: str, more: dict[str, Any], code: str
) -> None:
    assert (await send(host, **more)).Code == code


async def test_another_application_is_refused(phones: Phones, host: str) -> None:
    with pytest.raises(TencentCloudSDKException) as refused:
        await send(host, SmsSdkAppId="1")
    assert refused.value.get_code() == "UnauthorizedOperation.SmsSdkAppIdVerifyFail"


@pytest.mark.parametrize("code", ["FailedOperation.InsufficientBalanceInSmsPackage", "InternalError.Timeout"])
async def test_a_number_refuses_with_the_code_that_was_set(phones: Phones, host: str, code: str) -> None:
    await phones.set("behaviour", mode="refuse", to=NUMBER, code=code)
    assert (await send(host)).Code == code
    assert (await send(host, PhoneNumberSet=["+8610000000002"])).Code == "Ok"


@pytest.mark.parametrize(
    ("limit", "code"),
    [("minute", "LimitExceeded.PhoneNumberThirtySecondLimit"), ("day", "LimitExceeded.PhoneNumberDailyLimit")],
)
async def test_too_many_messages_to_a_number_are_throttled(phones: Phones, host: str, limit: str, code: str) -> None:
    await phones.set("limits", provider="tencent-sms", **{limit: 1})
    assert (await send(host)).Code == "Ok"
    assert (await send(host)).Code == code


async def test_too_many_requests_of_the_account_are_refused_as_a_whole(phones: Phones, host: str) -> None:
    await phones.set("limits", provider="tencent-sms", second=1)
    results = await asyncio.gather(*(send(host) for _ in range(5)), return_exceptions=True)
    refused = [each for each in results if isinstance(each, TencentCloudSDKException)]
    assert refused
    assert {each.get_code() for each in refused} == {"RequestLimitExceeded"}


async def pull(phones: Phones, host: str) -> list[Any]:
    asked = sms.PullSmsSendStatusRequest()
    asked.from_json_string(json.dumps({"Limit": 10, "SmsSdkAppId": sample.TENCENT_SMS_APP}))
    answer = await asyncio.to_thread(client(SmsClient, host).PullSmsSendStatus, asked)
    return list(answer.PullSmsSendStatusSet)


async def ask(phones: Phones, host: str) -> list[Any]:
    asked = sms.PullSmsSendStatusByPhoneNumberRequest()
    begin = int(phones.context.clock.now().timestamp()) - 60
    told = {
        "BeginTime": begin, "Offset": 0, "Limit": 10, "PhoneNumber": f"+86{NUMBER}", "SmsSdkAppId": sample.TENCENT_SMS_APP,
    }  # fmt: skip
    asked.from_json_string(json.dumps(told))
    answer = await asyncio.to_thread(client(SmsClient, host).PullSmsSendStatusByPhoneNumber, asked)
    return list(answer.PullSmsSendStatusSet)


@pytest.mark.parametrize(
    ("behaviour", "status", "word"),
    [
        ({"mode": "take", "receipt_after": 0}, "SUCCESS", "DELIVRD"),
        ({"mode": "undelivered", "receipt_after": 0, "code": "MK:0001"}, "FAIL", "MK:0001"),
    ],
)
async def test_the_state_of_a_message_is_pulled_once_and_asked_for_any_time(
    phones: Phones, host: str, behaviour: dict[str, Any], status: str, word: str
) -> None:
    await phones.set("behaviour", **behaviour)
    sent = await send(host)
    (told,) = await pull(phones, host)
    assert (told.SerialNo, told.SessionContext, told.ReportStatus, told.Description) == (
        sent.SerialNo, "m1", status, word,
    )  # fmt: skip
    assert await pull(phones, host) == []
    (again,) = await ask(phones, host)
    assert again.SerialNo == sent.SerialNo


@pytest.mark.parametrize("mode", ["no_receipt", "forged"])
async def test_a_state_that_nobody_knows_is_not_pulled(phones: Phones, host: str, mode: str) -> None:
    await phones.set("behaviour", mode=mode)
    await send(host)
    assert await pull(phones, host) == []
    assert await ask(phones, host) == []


async def test_the_carriers_word_reaches_the_callback(phones: Phones, host: str, callback: Heard) -> None:
    await phones.set("callbacks", provider="tencent-sms", kind="receipt", url=callback.url)
    await phones.set("behaviour", mode="take", receipt_after=0.05)
    sent = await send(host)
    ((_, _, body),) = await callback.wait()
    (told,) = json.loads(body)
    assert (told["sid"], told["mobile"], told["report_status"], told["errmsg"]) == (
        sent.SerialNo, NUMBER, "SUCCESS", "DELIVRD",
    )  # fmt: skip


async def test_a_reply_reaches_the_callback_and_is_pulled(phones: Phones, host: str, callback: Heard) -> None:
    await phones.set("callbacks", provider="tencent-sms", kind="reply", url=callback.url)
    await send(host)
    await phones.client.post("/phone/api/replies", json={"sender": NUMBER, "text": "1"})
    ((_, _, body),) = await callback.wait()
    assert {name: json.loads(body)[name] for name in ("mobile", "text", "sign")} == {
        "mobile": NUMBER, "text": "1", "sign": sample.SIGN,
    }  # fmt: skip
    asked = sms.PullSmsReplyStatusRequest()
    asked.from_json_string(json.dumps({"Limit": 10, "SmsSdkAppId": sample.TENCENT_SMS_APP}))
    answer = await asyncio.to_thread(client(SmsClient, host).PullSmsReplyStatus, asked)
    (reply,) = answer.PullSmsReplyStatusSet
    assert (reply.ReplyContent, reply.SubscriberNumber) == ("1", NUMBER)


async def test_a_half_dead_provider_never_answers(phones: Phones, host: str) -> None:
    await phones.set("behaviour", mode="half_dead", provider="tencent-sms")
    with pytest.raises(TencentCloudSDKException) as silent:
        await send(host)
    assert silent.value.get_code() == "ClientNetworkError"
    assert await phones.messages() == []


def call(**more: Any) -> voice.SendTtsVoiceRequest:
    asked = voice.SendTtsVoiceRequest()
    told = {
        "TemplateId": "1000001", "CalledNumber": f"+86{NUMBER}", "VoiceSdkAppid": sample.TENCENT_VOICE_APP, "TemplateParamSet": [TEXT],
        "SessionContext": "m1",
    }  # fmt: skip
    asked.from_json_string(json.dumps({**told, **more}))
    return asked


@pytest.mark.parametrize(("mode", "result"), [("take", "0"), ("undelivered", "1")])
async def test_a_call_rings_and_its_end_is_told(
    phones: Phones, voice_host: str, callback: Heard, mode: str, result: str
) -> None:
    await phones.set("callbacks", provider="tencent-voice", kind="receipt", url=callback.url)
    await phones.set("behaviour", mode=mode, receipt_after=0)
    rung = await asyncio.to_thread(client(VmsClient, voice_host).SendTtsVoice, call())
    assert (bool(rung.SendStatus.CallId), rung.SendStatus.SessionContext) == (True, "m1")
    ((_, _, body),) = await callback.wait()
    told = json.loads(body)["voiceprompt_callback"]
    assert (told["callid"], told["result"], told["mobile"]) == (rung.SendStatus.CallId, result, NUMBER)
    assert len(await phones.messages()) == (result == "0")


async def test_a_call_to_no_number_is_refused(phones: Phones, voice_host: str) -> None:
    with pytest.raises(TencentCloudSDKException) as refused:
        await asyncio.to_thread(client(VmsClient, voice_host).SendTtsVoice, call(CalledNumber="+8612"))
    assert refused.value.get_code() == "InvalidParameterValue.CalledNumberVerifyFail"
