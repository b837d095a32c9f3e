# mypy: disallow-untyped-calls=False
# (apprise's classes have no annotations)
"""tencentsms:// SMS by Tencent Cloud (sms 2021-01-11): SendSms, and PullSmsSendStatusByPhoneNumber for what became of it.

`tencentsms://ID:KEY@sms.tencentcloudapi.com/?app=1400006666&sign=吉林儿童保护`, and templates in the channels file. Our
message's id goes with it as SessionContext; where the account has that, it comes back with the state.
"""

from typing import Any, ClassVar

from apprise import NotificationManager
from typing_extensions import override

from services.notifier.outcome import Outcome, Reason, Receipt, refused, sent, unknown
from services.notifier.parcel import Parcel, Question
from services.notifier.plugins.numbers import e164
from services.notifier.plugins.provider import Provider
from services.notifier.plugins.reasons import Codes, plain
from services.notifier.plugins.tencent import Tencent, error_of

VERSION, REGION = "2021-01-11", "ap-guangzhou"
# cloud.tencent.com 382/59177; `X.` stands for every code that begins so
CODES = Codes(
    final={
        "InvalidParameterValue.IncorrectPhoneNumber": "bad_number", "InvalidParameterValue.CalledNumberVerifyFail": "bad_number",
        "MissingParameter.EmptyPhoneNumberSet": "bad_number", "FailedOperation.PhoneNumberInBlacklist": "blocked",
        "FailedOperation.InsufficientBalanceInSmsPackage": "no_balance", "FailedOperation.InsufficientBalance": "no_balance",
        "FailedOperation.ContainSensitiveWord": "text_refused", "FailedOperation.FailResolvePacket": "template_wrong",
        "FailedOperation.TemplateIncorrectOrUnapproved": "template_wrong", "FailedOperation.TemplateIdNotExist": "template_wrong",
        "FailedOperation.TemplateUnapprovedOrNotExist": "template_wrong", "FailedOperation.JsonParseFail": "template_wrong",
        "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": "template_wrong",
        "InvalidParameterValue.": "template_wrong", "InvalidParameter": "template_wrong", "MissingParameter": "template_wrong",
        "MissingParameter.": "template_wrong", "FailedOperation.SignatureIncorrectOrUnapproved": "signature_wrong",
        "FailedOperation.MissingSignature": "signature_wrong", "AuthFailure.Signature": "signature_wrong",
        "AuthFailure.SignatureFailure": "signature_wrong", "AuthFailure.SignatureExpire": "signature_wrong",
        "AuthFailure.": "not_permitted", "UnauthorizedOperation": "not_permitted", "UnauthorizedOperation.": "not_permitted",
        "UnsupportedOperation.": "not_permitted", "LimitExceeded.AppDailyLimit": "throttled",
        "LimitExceeded.DailyLimit": "throttled",
    },
    for_now={
        "RequestLimitExceeded": "throttled", "RequestLimitExceeded.": "throttled",
        "LimitExceeded.DeliveryFrequencyLimit": "throttled", "LimitExceeded": "throttled", "InternalError": "provider_fault",
        "InternalError.": "provider_fault", "ResourceUnavailable": "provider_fault",
    },
    number_full=(
        "LimitExceeded.PhoneNumberDailyLimit", "LimitExceeded.PhoneNumberOneHourLimit",
        "LimitExceeded.PhoneNumberThirtySecondLimit", "LimitExceeded.PhoneNumberSameContentDailyLimit",
    ),
    open=("InternalError.Timeout", "InternalError.SendAndRecvFail"),
)  # fmt: skip
CARRIERS: dict[str, Reason] = {
    "EXPIRED": "unreachable", "DELETED": "unreachable", "UNDELIV": "unreachable", "REJECTD": "blocked", "MBBLACK": "blocked",
    "BLACK": "blocked", "MK:0001": "bad_number", "MK:0000": "bad_number", "MN:0001": "bad_number", "DB:0142": "blocked",
}  # fmt: skip


class TencentSms(Provider):
    """One application's SMS. A receipt follows, by callback or query."""

    service_name = "Tencent Cloud SMS"
    secure_protocol = "tencentsms"
    promises: ClassVar[bool] = True
    wants: ClassVar[tuple[str, ...]] = ("app", "sign")
    needs_template: ClassVar[bool] = True

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        region = self.options.get("region", REGION)
        self.api = Tencent(self.way, self.key, self.secret, "sms", VERSION, region, self.given.clock)

    @override
    def hand_over(self, parcel: Parcel) -> Outcome:
        """SendSms to one number."""
        template = self.template(parcel)
        if template is None:
            return refused(f"no template of the provider for {parcel.template or 'this text'}", "template_wrong")
        told = self.api.call("SendSms", {
            "SmsSdkAppId": self.options["app"], "SignName": self.options["sign"], "TemplateId": template.id,
            "TemplateParamSet": list(self.filled(template, parcel).values()), "PhoneNumberSet": [e164(parcel.to)],
            "SessionContext": parcel.message_id,
        })  # fmt: skip
        if isinstance(told, Outcome):
            return told
        if (code := error_of(told)) is not None:
            return CODES.outcome(plain(code))
        statuses = told.get("SendStatusSet")
        if not (isinstance(statuses, list) and len(statuses) == 1 and isinstance(statuses[0], dict)):
            return unknown("its answer names no message")
        if statuses[0].get("Code") == "Ok":
            return sent(str(statuses[0].get("SerialNo") or ""), promised=True)
        return CODES.outcome(plain(statuses[0].get("Code")))

    @override
    def ask(self, question: Question) -> Receipt | None:
        """PullSmsSendStatusByPhoneNumber from the minute in which it was handed over; only known states are there."""
        told = self.api.call("PullSmsSendStatusByPhoneNumber", {
            "SmsSdkAppId": self.options["app"], "PhoneNumber": e164(question.to), "Offset": 0, "Limit": 100,
            "BeginTime": int(question.since.timestamp()) - 60,
        })  # fmt: skip
        if isinstance(told, Outcome) or error_of(told) is not None:
            return None
        for row in told.get("PullSmsSendStatusSet") or []:
            serial, session = str(row.get("SerialNo") or ""), row.get("SessionContext")
            if (question.provider_id and serial == question.provider_id) or session == question.message_id:
                return judged(row)
        return None


def judged(row: dict[str, Any]) -> Receipt:
    """One state."""
    serial = str(row.get("SerialNo") or "")
    if row.get("ReportStatus") == "SUCCESS":
        return Receipt("delivered", provider_id=serial)
    code = plain(row.get("Description") or "none")
    return Receipt("failed", f"the carrier says {code}", CARRIERS.get(code, "unreachable"), serial)


NotificationManager().add(TencentSms)
