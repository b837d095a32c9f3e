"""Tencent SMS, sms 2021-01-11: SendSms, the pulls of states and replies, and the callbacks of both.

cloud.tencent.com 382/55981 (SendSms), 382/55980 and 55979 (pulls), 382/43547 and 43548 (callbacks); the models of the SDK.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request

from services.chassis.clock import SHANGHAI
from services.phone import sample
from services.phone.gateway import Gateway, Wanted
from services.phone.providers.tencent import Answer, bare, code_of, door, filled, needed
from services.phone.providers.tencent_signature import Refused

CARRIER = "UNDELIV"
MANY = 200


def router(gateway: Gateway) -> APIRouter:
    """The service's door."""
    actions = {
        "SendSms": _send, "PullSmsSendStatus": _pull, "PullSmsSendStatusByPhoneNumber": _pull_number, "PullSmsReplyStatus": _replies,
    }  # fmt: skip
    return door(gateway, "tencent-sms", "sms", "sms", "2021-01-11", actions)


async def _send(gateway: Gateway, request: Request, given: Mapping[str, Any]) -> Answer:
    app, template = needed(given, "SmsSdkAppId", "TemplateId")
    numbers = given.get("PhoneNumberSet")
    if not isinstance(numbers, list) or not numbers:
        raise Refused("MissingParameter.EmptyPhoneNumberSet", "The parameter `PhoneNumberSet` is empty.")
    if len(numbers) > MANY:
        raise Refused("LimitExceeded.PhoneNumberCountLimit", f"At most {MANY} numbers in one request.")
    if app != sample.TENCENT_SMS_APP:
        raise Refused("UnauthorizedOperation.SmsSdkAppIdVerifyFail", "The SmsSdkAppId is not of this account.")
    session = str(given.get("SessionContext") or "")
    text, flaw = _text(template, given)
    statuses = []
    for number in dict.fromkeys(map(str, numbers)):
        code, serial = flaw, ""
        if not code and (to := bare(number)) is None:
            code = "InvalidParameterValue.IncorrectPhoneNumber"
        elif not code and to is not None:
            wanted = Wanted("tencent-sms", "sms", (to,), text, out_id=session, template=template, sign=sample.SIGN)
            given_id = f"5000:{int(gateway.new_id('tencent-sms', to), 16)}"
            (verdict,) = await gateway.take(request, wanted, given_id)
            code = code_of(verdict, "FailedOperation.PhoneNumberInBlacklist") if verdict.refused else "Ok"
            if code == "RequestLimitExceeded":
                raise Refused(code, "The number of requests exceeds the frequency limit.")
            serial = "" if verdict.refused else given_id
        statuses.append(
            {"SerialNo": serial, "PhoneNumber": number, "Fee": int(code == "Ok"), "SessionContext": session, "Code": code,
             "Message": "send success" if code == "Ok" else code, "IsoCode": "CN"}
        )  # fmt: skip
    return {"SendStatusSet": statuses}


def _text(template: str, given: Mapping[str, Any]) -> tuple[str, str]:
    """The text, or "" and the code that refuses signature, template or parameters."""
    if given.get("SignName") != sample.SIGN:
        return "", "FailedOperation.SignatureIncorrectOrUnapproved"
    if template not in sample.TENCENT_SMS:
        return "", "FailedOperation.TemplateUnapprovedOrNotExist"
    text = filled(sample.TENCENT_SMS[template], given.get("TemplateParamSet"))
    if text is None:
        return "", "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
    return f"【{sample.SIGN}】{text}", ""


async def _pull(gateway: Gateway, _: Request, given: Mapping[str, Any]) -> Answer:
    """What is known and was not pulled before; each state comes once."""
    rows = await gateway.context.pool.fetch(
        "update phone.submission s set pulled = true from (select provider, id, \"to\" from phone.submission"
        " where provider = 'tencent-sms' and not pulled and due_at <= $1 order by due_at limit $2 for update skip locked) d"
        ' where s.provider = d.provider and s.id = d.id and s."to" = d."to" returning s.*',
        gateway.context.clock.now(), _limit(given),
    )  # fmt: skip
    return {"PullSmsSendStatusSet": [_status(dict(row)) for row in rows]}


async def _pull_number(gateway: Gateway, _: Request, given: Mapping[str, Any]) -> Answer:
    _app(given)
    (number,) = needed(given, "PhoneNumber")
    begin, end, offset = given.get("BeginTime"), given.get("EndTime", 2**31), given.get("Offset")
    if not isinstance(begin, int):
        raise Refused("InvalidParameterValue.BeginTimeVerifyFail", "The parameter `BeginTime` must be a UNIX time.")
    if not isinstance(end, int):
        raise Refused("InvalidParameterValue.EndTimeVerifyFail", "The parameter `EndTime` must be a UNIX time.")
    if offset != 0:
        raise Refused("InvalidParameterValue.OffsetVerifyFail", "The parameter `Offset` must be 0.")
    rows = await gateway.context.pool.fetch(
        "select * from phone.submission where provider = 'tencent-sms' and \"to\" = $1 and at >= to_timestamp($2)"
        " and at <= to_timestamp($3) and due_at <= $4 order by at desc limit $5",
        bare(number) or number, begin, end, gateway.context.clock.now(), _limit(given),
    )  # fmt: skip
    return {"PullSmsSendStatusSet": [_status(dict(row)) for row in rows]}


async def _replies(gateway: Gateway, _: Request, given: Mapping[str, Any]) -> Answer:
    rows = await gateway.context.pool.fetch(
        "update phone.reply r set pulled = true from (select id from phone.reply where provider = 'tencent-sms' and not pulled"
        ' order by id limit $1 for update skip locked) d where r.id = d.id returning r."from", r.text, r.sign, r.at',
        _limit(given),
    )
    return {
        "PullSmsReplyStatusSet": [
            {"ExtendCode": "", "CountryCode": "86", "PhoneNumber": f"+86{row['from']}", "SignName": row["sign"],
             "ReplyContent": row["text"], "ReplyTime": int(row["at"].timestamp()), "SubscriberNumber": row["from"]}
            for row in rows
        ]
    }  # fmt: skip


def _app(given: Mapping[str, Any]) -> None:
    if needed(given, "SmsSdkAppId") != [sample.TENCENT_SMS_APP]:
        raise Refused("UnauthorizedOperation.SmsSdkAppIdVerifyFail", "The SmsSdkAppId is not of this account.")


def _limit(given: Mapping[str, Any]) -> int:
    _app(given)
    limit = given.get("Limit")
    if not isinstance(limit, int) or not 1 <= limit <= 100:
        raise Refused("InvalidParameterValue.LimitVerifyFail", "The parameter `Limit` must be between 1 and 100.")
    return limit


def _status(row: Mapping[str, Any]) -> Answer:
    return {
        "UserReceiveTime": int(row["due_at"].timestamp()), "CountryCode": "86", "SubscriberNumber": row["to"],
        "PhoneNumber": f"+86{row['to']}", "SerialNo": row["id"], "ReportStatus": "SUCCESS" if row["success"] else "FAIL",
        "Description": "DELIVRD" if row["success"] else row["code"] or CARRIER, "SessionContext": row["out_id"],
    }  # fmt: skip


def report(row: Mapping[str, Any], *, forged: bool) -> Answer:
    """One entry of the state callback; a forger says that all is well."""
    good = forged or row["success"]
    at: datetime = row["due_at"] or row["at"]
    return {
        "user_receive_time": at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"), "nationcode": "86",
        "mobile": row["fact"]["to"], "report_status": "SUCCESS" if good else "FAIL",
        "errmsg": "DELIVRD" if good else row["word"] or CARRIER, "description": "用户短信送达成功" if good else "用户短信送达失败",
        "sid": row["fact"]["id"],
    }  # fmt: skip


def uplink(row: Mapping[str, Any]) -> Answer:
    """The reply callback: one reply in a request."""
    fact = row["fact"]
    return {
        "extend": "", "mobile": fact["from"], "nationcode": "86", "sign": fact["sign"], "text": fact["text"],
        "time": int(datetime.fromisoformat(fact["at"]).timestamp()),
    }  # fmt: skip
