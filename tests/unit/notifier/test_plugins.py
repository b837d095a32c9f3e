"""How our plugins sign, what they make of answers, what they never show; held against the providers' own SDKs."""

import base64
import hashlib
import json
import logging
from datetime import UTC, datetime

import pytest
from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest
from tencentcloud.common.sign import Sign
from wechatpy.enterprise.crypto import WeChatCrypto

from services.notifier.channels import ChannelsFault, read_channels
from services.notifier.parcel import Parcel
from services.notifier.plugins.aliyun import EMPTY, signed
from services.notifier.plugins.aliyun_sms import CODES as ALIYUN
from services.notifier.plugins.numbers import e164, national
from services.notifier.plugins.reasons import Codes, plain
from services.notifier.plugins.tencent import signed as tencent_signed
from services.notifier.plugins.tencent_sms import CODES as TENCENT
from services.notifier.plugins.wecom import meaning, read
from services.notifier.plugins.wecom_card import message
from services.notifier.plugins.wecom_seal import Forged, Seal, fields

AT = datetime(2026, 10, 2, 12, 14, 1, tzinfo=UTC)
PARCEL = Parcel(
    message_id="0123456789abcdef01234567", referral="JL26-AAAAAAAA", to_role="duty_officer", level=0, exercise=False,
    to="wx-a", channel="wecom", text="【吉林儿童保护】红色转介 JL26-AAAAAAAA(农安县),请于20:19前签收。登录专网办理。", reason="opened",
    kind="civil_affairs", agency_level="county", area="220122", template="opened",
    params={"text": "红色转介 JL26-AAAAAAAA(农安县),请于20:19前签收。登录专网办理。", "colour": "红色", "number": "JL26-AAAAAAAA"},
    acknowledge=True,
)  # fmt: skip


def test_a_call_to_aliyun_bears_the_signature_that_its_own_sdk_makes() -> None:
    query = {"PhoneNumbers": "13800000001", "SignName": "吉林儿童保护", "TemplateParam": '{"text":"a b+c~*\'"}'}
    ours = signed("dysmsapi.aliyuncs.com", "SendSms", "2017-05-25", query, "KEY", "SECRET", AT, "nonce")
    request = DaraRequest()
    request.method, request.pathname, request.query = "POST", "/", query
    request.headers = {name: text for name, text in ours.items() if name.startswith("x-acs-") or name == "host"}
    assert ours["authorization"] == Utils.get_authorization(request, "ACS3-HMAC-SHA256", EMPTY, "KEY", "SECRET")


def test_a_call_to_tencent_bears_the_signature_that_its_own_sdk_makes() -> None:
    body = json.dumps({"PhoneNumberSet": ["+8613800000001"]}).encode()
    ours = tencent_signed("sms.tencentcloudapi.com", "sms", body, "KEY", "SECRET", AT)
    request = (
        "POST\n/\n\ncontent-type:application/json\nhost:sms.tencentcloudapi.com\n\ncontent-type;host\n"
        + hashlib.sha256(body).hexdigest()
    )
    to_sign = f"TC3-HMAC-SHA256\n{int(AT.timestamp())}\n2026-10-02/sms/tc3_request\n{hashlib.sha256(request.encode()).hexdigest()}"
    assert ours.endswith(f"Signature={Sign.sign_tc3('SECRET', '2026-10-02', 'sms', to_sign)}")


def test_what_wecom_seals_is_opened_and_what_others_seal_is_not() -> None:
    key = base64.b64encode(bytes(range(32))).decode().rstrip("=")
    theirs, ours = WeChatCrypto("token", key, "corp"), Seal("token", key, "corp")
    whole = theirs.encrypt_message("<xml><Event>x</Event></xml>", "nonce", "1790942041")
    told = fields(whole)
    query = {"msg_signature": told["MsgSignature"], "timestamp": "1790942041", "nonce": "nonce"}
    assert ours.open(told["Encrypt"], query) == "<xml><Event>x</Event></xml>"
    body = ours.answer("<xml>ok</xml>", "1790942041")
    answer = fields(body)
    assert theirs.decrypt_message(body, answer["MsgSignature"], answer["TimeStamp"], answer["Nonce"]) == "<xml>ok</xml>"
    for wrong in (
        query | {"msg_signature": "0" * 40},
        query | {"nonce": "other"},
        {},
    ):
        with pytest.raises(Forged):
            ours.open(told["Encrypt"], wrong)
    with pytest.raises(Forged):
        Seal("token", key, "another").open(told["Encrypt"], query)
    assert "token" not in repr(ours)


@pytest.mark.parametrize("xml", ["", "x", "<a", "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"])
def test_what_is_no_plain_xml_is_refused(xml: str) -> None:
    with pytest.raises(Forged):
        fields(xml)


@pytest.mark.parametrize(
    ("body", "result", "reason"),
    [
        ({"errcode": 0, "msgid": "m1"}, "sent", ""),
        ({"errcode": 0, "invaliduser": "WX-A|other"}, "refused", "no_such_user"),
        ({"errcode": 0, "unlicenseduser": "wx-a"}, "refused", "not_licensed"),
        ({"errcode": 0, "invaliduser": "somebody-else"}, "sent", ""),
        ({"errcode": 81013}, "refused", "no_such_user"), ({"errcode": 45009}, "refused", "throttled"),
        ({"errcode": -1}, "refused", "provider_fault"), ({"errcode": 60020}, "refused", "not_permitted"),
        ({"errcode": 40058}, "refused", "template_wrong"), ({"errcode": 99999}, "refused", "other"),
        ({}, "unknown", "no_answer"), ([], "unknown", "no_answer"), ("x", "unknown", "no_answer"),
    ],
)  # fmt: skip
def test_what_an_answer_of_wecom_means(body: object, result: str, reason: str) -> None:
    outcome = read(json.dumps(body).encode(), "wx-a")
    assert outcome is not None
    assert (outcome.result, outcome.reason) == (result, reason)


def test_an_old_token_is_no_outcome_and_a_card_that_was_sent_before_the_death_was_sent() -> None:
    assert [read(json.dumps({"errcode": code}).encode(), "a") for code in (40014, 42001, 41001)] == [None] * 3
    known = json.dumps({"errcode": 40058, "errmsg": "task_id is used already"}).encode()
    again, first = read(known, "a", again=True), read(known, "a")
    assert again is not None
    assert first is not None
    assert (again.result, first.result) == ("sent", "refused")
    assert meaning(45009).transient


@pytest.mark.parametrize(
    ("codes", "code", "result", "reason", "transient"),
    [
        (ALIYUN, "isv.MOBILE_NUMBER_ILLEGAL", "refused", "bad_number", False),
        (ALIYUN, "isv.BUSINESS_LIMIT_CONTROL", "refused", "throttled", True),
        (ALIYUN, "Throttling.User", "refused", "throttled", True), (ALIYUN, "isp.SYSTEM_ERROR", "refused", "provider_fault", True),
        (ALIYUN, "InvalidAccessKeyId.NotFound", "refused", "not_permitted", False),
        (ALIYUN, "isv.NEVER_HEARD_OF", "refused", "other", False),
        (TENCENT, "LimitExceeded.PhoneNumberDailyLimit", "refused", "throttled", True),
        (TENCENT, "LimitExceeded.AppDailyLimit", "refused", "throttled", False),
        (TENCENT, "InternalError.Timeout", "unknown", "provider_fault", False),
        (TENCENT, "InternalError.OtherError", "refused", "provider_fault", True),
        (TENCENT, "AuthFailure.SignatureFailure", "refused", "signature_wrong", False),
        (TENCENT, "AuthFailure.SecretIdNotFound", "refused", "not_permitted", False),
        (TENCENT, "InvalidParameterValue.IncorrectPhoneNumber", "refused", "bad_number", False),
        (TENCENT, "InvalidParameterValue.TemplateParameterFormatError", "refused", "template_wrong", False),
    ],
)  # fmt: skip
def test_what_a_providers_code_means(codes: Codes, code: str, result: str, reason: str, transient: bool) -> None:
    outcome = codes.outcome(code)
    assert (outcome.result, outcome.reason, outcome.transient) == (result, reason, transient)


def test_a_code_that_is_no_code_is_not_repeated() -> None:
    assert plain("isv.OK_1") == "isv.OK_1"
    assert plain("13800000001 is <b>bad</b>") == plain("x" * 81) == plain("") == "unreadable code"


@pytest.mark.parametrize(
    "number", ["13800000001", "+8613800000001", "008613800000001", "8613800000001", "138-0000 0001"]
)
def test_a_mainland_number_is_written_as_each_provider_wants_it(number: str) -> None:
    assert (national(number), e164(number)) == ("13800000001", "+8613800000001")


def test_a_card_has_a_button_where_presses_come_back_a_link_to_the_page_and_no_more_than_it_may_say() -> None:
    card = message(PARCEL, 7, "https://shouhu.example/", buttons=True)
    assert card["template_card"]["task_id"] == PARCEL.message_id
    assert card["template_card"]["card_action"]["url"] == "https://shouhu.example/r/JL26-AAAAAAAA"
    assert message(PARCEL, 7, "https://shouhu.example", buttons=False)["msgtype"] == "textcard"
    assert message(PARCEL, 7, "", buttons=False)["text"]["content"].startswith("红色转介")
    assert card["enable_duplicate_check"] == 1
    for told in (card, message(PARCEL, 7, "https://shouhu.example", buttons=False)):
        assert "token" not in json.dumps(told)


URLS = {
    "wecom": "wecom://corp:SECRET@host/?agent=1", "sms": "aliyunsms://key:SECRET@host/?sign=x", "voice": "tencentvoice://id:SECRET@host/?app=1",
}  # fmt: skip


def test_a_secret_is_in_no_url_repr_error_or_log_of_a_plugin(caplog: pytest.LogCaptureFixture) -> None:
    templates = {"*": {"id": "T", "params": ["text"]}}
    content = {name: {"url": url} | ({} if name == "wecom" else {"templates": templates}) for name, url in URLS.items()}
    with caplog.at_level(logging.DEBUG):
        made = read_channels(json.dumps(content).replace("@host", "@127.0.0.1:9"))
        for opened in made.opened.values():
            carrier = vars(opened.route)["_carrier"]
            for shown in (carrier.url(), carrier.url(privacy=False), str(carrier), repr(carrier)):
                assert "SECRET" not in shown
            assert carrier.hand_over(PARCEL).reason == "no_connection"
        made.close()
    assert "SECRET" not in caplog.text


def test_secrets_are_read_from_the_environment_and_from_files_and_missing_ones_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHOUHU_TEST_SECRET", "s/e:c@ret")
    text = 'wecom: "wecom://corp:${env:SHOUHU_TEST_SECRET}@host/?agent=1"'
    made = read_channels(text)
    assert vars(made.opened["wecom", False].route)["_carrier"].secret == "s/e:c@ret"
    made.close()
    with pytest.raises(ChannelsFault, match=r"\$\{file:/nowhere\} cannot be read"):
        read_channels('sms: "aliyunsms://k:${file:/nowhere}@host/?sign=x"')


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"url": URLS["sms"]}, "sms.templates: missing"),
        ({"url": URLS["sms"], "templates": {"nosuch": {"id": "1"}}}, "sms.templates.nosuch: not known"),
        ({"url": URLS["sms"], "templates": {"*": {"id": "1", "params": ["child"]}}}, "child is not known"),
        ({"url": "aliyunsms://key:SECRET@host/", "templates": {"*": {"id": "1"}}}, "expected aliyunsms://key:secret@host/?sign=…"),
        ({"url": "aliyunsms://host/?sign=x", "templates": {"*": {"id": "1"}}}, "expected aliyunsms://key:secret@host/?sign=…"),
        ({"url": URLS["sms"], "templates": {"*": {"id": "1"}}, "callback": {"path": "short"}}, "callback.path"),
        ({"url": URLS["sms"], "templates": {"*": {"id": "1"}}, "callback": {"path": "p" * 20}}, "callback.allow: this provider does not sign"),
        ({"url": URLS["wecom"], "callback": {"path": "p" * 20}}, "WeCom signs; expected token and aes_key"),
        ({"url": "json://host", "templates": {"*": {"id": "1"}}}, "templates and callback belong to"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named_by_its_place_and_by_what_was_expected(entry: dict[str, object], fault: str) -> None:
    with pytest.raises(ChannelsFault) as refused:
        read_channels(json.dumps({"sms": entry}))
    assert fault in "\n".join(refused.value.faults)
    assert "SECRET" not in str(refused.value)
