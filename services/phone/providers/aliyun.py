"""What both of Aliyun's services share: the door, the answer's form, templates, limits and numbers."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from string import Template
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from services.phone.behaviour import Provider
from services.phone.gateway import Gateway, Verdict
from services.phone.providers.aliyun_signature import Asked, Nonces, Refused, checked

Answer = dict[str, Any]
Action = Callable[[Gateway, Request, Mapping[str, str]], Awaitable[Answer]]
MOBILE = re.compile(r"^1\d{10}$")
LIMITS = {"second": "秒级", "minute": "分钟级", "hour": "小时级", "day": "天级"}
WORDS = {
    "OK": "OK",
    "isv.MOBILE_NUMBER_ILLEGAL": "非法手机号",
    "isv.SMS_TEMPLATE_ILLEGAL": "模板不合法(不存在或被拉黑)",
    "isv.SMS_SIGNATURE_ILLEGAL": "签名不合法(不存在或被拉黑)",
    "isv.TEMPLATE_MISSING_PARAMETERS": "模板变量缺少参数",
    "isv.INVALID_JSON_PARAM": "JSON参数不合法,只接受字符串值",
    "isv.INVALID_PARAMETERS": "参数异常",
    "isv.AMOUNT_NOT_ENOUGH": "账户余额不足",
    "isv.OUT_OF_SERVICE": "业务停机",
    "isv.BUSINESS_LIMIT_CONTROL": "业务限流",
    "isv.DAY_LIMIT_CONTROL": "触发日发送限额",
    "isv.BLACK_KEY_CONTROL_LIMIT": "黑名单管控",
    "isp.SYSTEM_ERROR": "系统异常,请重试",
}


def door(gateway: Gateway, provider: Provider, channel: str, version: str, actions: Mapping[str, Action]) -> APIRouter:
    """`POST` and `GET /`, for the actions of one service."""
    made, nonces = APIRouter(), Nonces()

    async def call(request: Request) -> Response:
        told = (provider, str(request.url.query))
        number = gateway.new_id(*told).upper()
        asked = Asked(
            request.method, "/", request.scope["query_string"].decode("latin-1"), dict(request.headers), await request.body()
        )  # fmt: skip
        try:
            action, given = checked(asked, version, nonces, gateway.context.clock.now())
            if action not in actions:
                raise Refused(
                    404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method."
                )
            if "Send" not in action and "Single" not in action and not await gateway.alive(request, provider, channel):
                raise Refused(
                    503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server."
                )
            answer = await actions[action](gateway, request, given)
        except Refused as why:
            return JSONResponse(
                {"RequestId": number, "HostId": f"{provider}.example", "Code": why.code, "Message": why.message,
                 "Recommend": "https://api.aliyun.com/troubleshoot"}, why.status,
            )  # fmt: skip
        return JSONResponse({"RequestId": number, **answer})

    made.add_api_route("/", call, methods=["GET", "POST"], include_in_schema=False)
    return made


def said(code: str, message: str = "") -> Answer:
    """An answer with nothing but its code."""
    return {"Code": code, "Message": message or WORDS.get(code, code)}


def refusal(verdict: Verdict, number_illegal: str) -> Answer:
    """What is answered for a contact that was refused."""
    if verdict.limit is not None:
        return said("isv.BUSINESS_LIMIT_CONTROL", f"触发{LIMITS[verdict.limit]}流控Permits:1")
    return said(verdict.code or ("isp.SYSTEM_ERROR" if verdict.transient else number_illegal))


def filled(template: str | None, given: str) -> tuple[str, str]:
    """The text of a template with its parameters (a JSON object of strings), or "" and the code that refuses them."""
    if template is None:
        return "", "isv.SMS_TEMPLATE_ILLEGAL"
    try:
        told = json.loads(given or "{}")
    except ValueError:
        return "", "isv.INVALID_JSON_PARAM"
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        return "", "isv.INVALID_JSON_PARAM"
    try:
        return Template(template).substitute(told), ""
    except (KeyError, ValueError):
        return "", "isv.TEMPLATE_MISSING_PARAMETERS"


def digits(identity: str, count: int) -> str:
    """An id as Aliyun writes it: so many decimal digits."""
    return f"{int(identity, 16) % 10**count:0{count}d}"
