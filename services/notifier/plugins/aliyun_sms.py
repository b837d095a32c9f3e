# mypy: disallow-untyped-calls=False
# (apprise's classes have no annotations)
"""aliyunsms:// SMS by Aliyun (dysmsapi 2017-05-25): SendSms, and QuerySendDetails for what became of it.

`aliyunsms://KEY:SECRET@dysmsapi.aliyuncs.com/?sign=吉林儿童保护`, and templates in the channels file. Our message's id goes
with it as OutId, so that it can be found again without the answer.
"""

from typing import Any, ClassVar

import orjson
from apprise import NotificationManager
from typing_extensions import override

from services.chassis.clock import SHANGHAI
from services.notifier.outcome import Outcome, Reason, Receipt, refused, sent
from services.notifier.parcel import Parcel, Question
from services.notifier.plugins.aliyun import Aliyun
from services.notifier.plugins.numbers import national
from services.notifier.plugins.provider import Provider
from services.notifier.plugins.reasons import Codes, plain

VERSION = "2017-05-25"
PAGE = 50  # the most that one query gives
# help.aliyun.com 101346 (answers), 101347 (what carriers say); `x.` stands for every code that begins so
CODES = Codes(
    final={
        "isv.MOBILE_NUMBER_ILLEGAL": "bad_number", "isv.MOBILE_COUNT_OVER_LIMIT": "bad_number",
        "isv.BLACK_KEY_CONTROL_LIMIT": "text_refused", "isv.SMS_CONTENT_ILLEGAL": "text_refused",
        "isv.PARAM_NOT_SUPPORT_URL": "text_refused", "isv.AMOUNT_NOT_ENOUGH": "no_balance", "isv.OUT_OF_SERVICE": "no_balance",
        "isv.SMS_TEMPLATE_ILLEGAL": "template_wrong", "isv.TEMPLATE_MISSING_PARAMETERS": "template_wrong",
        "isv.TEMPLATE_PARAMS_ILLEGAL": "template_wrong", "isv.INVALID_PARAMETERS": "template_wrong",
        "isv.INVALID_JSON_PARAM": "template_wrong", "isv.PARAM_LENGTH_LIMIT": "template_wrong",
        "isv.SMS_SIGNATURE_ILLEGAL": "signature_wrong", "isv.SMS_SIGN_ILLEGAL": "signature_wrong",
        "isv.SMS_SIGNATURE_SCENE_ILLEGAL": "signature_wrong", "isv.SMS_TEST_SIGN_TEMPLATE_LIMIT": "signature_wrong",
        "SignatureDoesNotMatch": "signature_wrong", "IncompleteSignature": "signature_wrong",
        "SignatureNonceUsed": "signature_wrong", "InvalidTimeStamp.": "signature_wrong", "InvalidAccessKeyId.": "not_permitted",
        "Forbidden.": "not_permitted", "NoPermission": "not_permitted", "isp.RAM_PERMISSION_DENY": "not_permitted",
        "isv.DENY_IP_RANGE": "not_permitted", "isv.ACCOUNT_NOT_EXISTS": "not_permitted",
        "isv.ACCOUNT_ABNORMAL": "not_permitted", "isv.PRODUCT_UN_SUBSCRIPT": "not_permitted",
        "isv.PRODUCT_UNSUBSCRIBE": "not_permitted", "isv.BLACKLIST": "blocked",
    },
    for_now={
        "Throttling": "throttled", "Throttling.": "throttled", "isv.SYSTEM_LIMIT": "throttled",
        "isp.SYSTEM_ERROR": "provider_fault", "isp.GATEWAY_ERROR": "provider_fault", "ServiceUnavailable": "provider_fault",
        "ServiceUnavailableTemporary": "provider_fault", "InternalError": "provider_fault",
    },
    number_full=("isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL"),
)  # fmt: skip
CARRIERS: dict[str, Reason] = {
    "MK:0000": "bad_number", "MK:0001": "bad_number", "MOBILE_NOT_ON_SERVICE": "bad_number", "NOT_EXIST": "bad_number",
    "MBBLACK": "blocked", "BLACK": "blocked", "MOBILE_IN_BLACK": "blocked", "SMS_IN_BLACK": "blocked", "DB:0142": "blocked",
    "CONTENT_KEYWORD": "text_refused", "MOBILE_SEND_LIMIT": "throttled", "AMOUNT_NOT_ENOUGH": "no_balance",
    "REQUEST_SUCCESS_LIMIT": "throttled", "CONTENT_ERROR": "text_refused", "SIGNATURE_BLACKLIST": "signature_wrong",
}  # fmt: skip


class AliyunSms(Provider):
    """One account's SMS. A receipt follows, by callback or query."""

    service_name = "Aliyun SMS"
    secure_protocol = "aliyunsms"
    promises: ClassVar[bool] = True
    wants: ClassVar[tuple[str, ...]] = ("sign",)
    needs_template: ClassVar[bool] = True

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.api = Aliyun(self.way, self.key, self.secret, VERSION, self.given.clock)

    @override
    def hand_over(self, parcel: Parcel) -> Outcome:
        """SendSms."""
        template = self.template(parcel)
        if template is None:
            return refused(f"no template of the provider for {parcel.template or 'this text'}", "template_wrong")
        query = {
            "PhoneNumbers": national(parcel.to), "SignName": self.options["sign"], "TemplateCode": template.id,
            "TemplateParam": orjson.dumps(self.filled(template, parcel)).decode(), "OutId": parcel.message_id,
        }  # fmt: skip
        told = self.api.call("SendSms", query)
        if isinstance(told, Outcome):
            return told
        if told["Code"] == "OK":
            return sent(str(told.get("BizId") or ""), promised=True)
        return CODES.outcome(plain(told["Code"]))

    @override
    def ask(self, question: Question) -> Receipt | None:
        """QuerySendDetails for the number and the day, all pages; ours is the one with our OutId."""
        day = f"{question.since.astimezone(SHANGHAI):%Y%m%d}"
        query = {"PhoneNumber": national(question.to), "SendDate": day, "PageSize": str(PAGE)}
        for page in range(1, 11):
            told = self.api.call("QuerySendDetails", query | {"CurrentPage": str(page)})
            if isinstance(told, Outcome) or told["Code"] != "OK":
                return None
            rows = (told.get("SmsSendDetailDTOs") or {}).get("SmsSendDetailDTO") or []
            found = next((row for row in rows if row.get("OutId") == question.message_id), None)
            if found is not None:
                return judged(found)
            if len(rows) < PAGE:
                return None
        return None


def judged(row: dict[str, Any]) -> Receipt:
    """One line of QuerySendDetails: SendStatus 1 waits for the carrier, 2 failed, 3 arrived."""
    match row.get("SendStatus"):
        case 3:
            return Receipt("delivered")
        case 2:
            code = plain(row.get("ErrCode") or "none")
            return Receipt("failed", f"the carrier says {code}", CARRIERS.get(code, "unreachable"))
        case _:
            return Receipt("waiting")


NotificationManager().add(AliyunSms)
