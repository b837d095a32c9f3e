"""Aliyun SMS, dysmsapi 2017-05-25: SendSms, QuerySendDetails, and the reports SmsReport and SmsUp.

help.aliyun.com 419273 (SendSms), 419277 (QuerySendDetails), 101508 (SmsReport), 101871 (SmsUp); codes: 101346.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request

from services.chassis.clock import SHANGHAI
from services.phone import sample
from services.phone.gateway import Gateway, Wanted
from services.phone.providers.aliyun import MOBILE, Answer, digits, door, filled, refusal, said

STAMP = "%Y-%m-%d %H:%M:%S"
MANY = 1000
CARRIER = "UNDELIV"  # what a carrier says of a message that it could not bring


def router(gateway: Gateway) -> APIRouter:
    """The service's door."""
    actions = {"SendSms": _send, "QuerySendDetails": _details}
    return door(gateway, "aliyun-sms", "sms", "2017-05-25", actions)


async def _send(gateway: Gateway, request: Request, given: Mapping[str, str]) -> Answer:
    numbers = tuple(number for number in given.get("PhoneNumbers", "").split(",") if number)
    if not numbers or not all(MOBILE.match(number) for number in numbers):
        return said("isv.MOBILE_NUMBER_ILLEGAL")
    if len(numbers) > MANY:
        return said("isv.MOBILE_COUNT_OVER_LIMIT")
    if given.get("SignName") != sample.SIGN:
        return said("isv.SMS_SIGNATURE_ILLEGAL")
    code = given.get("TemplateCode", "")
    text, flaw = filled(sample.ALIYUN_SMS.get(code), given.get("TemplateParam", ""))
    if flaw:
        return said(flaw)
    wanted = Wanted(
        "aliyun-sms", "sms", numbers, f"【{sample.SIGN}】{text}", out_id=given.get("OutId", ""), template=code, sign=sample.SIGN
    )  # fmt: skip
    given_id = f"{digits(gateway.new_id('aliyun-sms', *numbers), 18)}^0"
    for verdict in await gateway.take(request, wanted, given_id, whole=True):
        if verdict.refused:
            return refusal(verdict, "isv.MOBILE_NUMBER_ILLEGAL")
    return said("OK") | {"BizId": given_id}


async def _details(gateway: Gateway, _: Request, given: Mapping[str, str]) -> Answer:
    try:
        day = datetime.strptime(given["SendDate"], "%Y%m%d").replace(tzinfo=SHANGHAI)
        size, page = int(given["PageSize"]), int(given["CurrentPage"])
        number = given["PhoneNumber"]
    except (KeyError, ValueError):
        return said("isv.INVALID_PARAMETERS")
    if not (1 <= size <= 50 and page >= 1):
        return said("isv.INVALID_PARAMETERS")
    rows = await gateway.context.pool.fetch(
        "select *, count(*) over () as total from phone.submission where provider = 'aliyun-sms' and \"to\" = $1"
        " and at >= $2 and at < $3 and ($4 = '' or id = $4) order by at desc limit $5 offset $6",
        number, day, day + timedelta(days=1), given.get("BizId", ""), size, size * (page - 1),
    )  # fmt: skip
    now = gateway.context.clock.now()
    return said("OK") | {
        "TotalCount": rows[0]["total"] if rows else 0,
        "SmsSendDetailDTOs": {"SmsSendDetailDTO": [_detail(dict(row), now) for row in rows]},
    }


def _detail(row: Mapping[str, Any], now: datetime) -> Answer:
    known = row["due_at"] is not None and row["due_at"] <= now
    told: Answer = {
        "PhoneNum": row["to"], "TemplateCode": row["template"], "OutId": row["out_id"], "Content": row["text"],
        "SendDate": _local(row["at"]), "SendStatus": 1 if not known else 3 if row["success"] else 2,
    }  # fmt: skip
    if known:
        told |= {
            "ReceiveDate": _local(row["due_at"]),
            "ErrCode": "DELIVERED" if row["success"] else row["code"] or CARRIER,
        }
    return told


def report(row: Mapping[str, Any], *, forged: bool) -> Answer:
    """One entry of SmsReport; a forger says that all is well."""
    good = forged or row["success"]
    return {
        "phone_number": row["fact"]["to"], "send_time": _local(row["at"]), "report_time": _local(row["due_at"] or row["at"]),
        "success": good, "err_code": "DELIVERED" if good else row["word"] or CARRIER,
        "err_msg": "用户接收成功" if good else "用户接收失败", "sms_size": str(-(-len(row["text"]) // 67)),
        "biz_id": row["fact"]["id"], "out_id": row["out_id"],
    }  # fmt: skip


def uplink(row: Mapping[str, Any]) -> Answer:
    """One entry of SmsUp."""
    fact = row["fact"]
    return {
        "phone_number": fact["from"], "send_time": _local(datetime.fromisoformat(fact["at"])), "content": fact["text"],
        "sign_name": fact["sign"], "dest_code": "", "sequence_id": fact["reply"],
    }  # fmt: skip


def _local(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime(STAMP)
