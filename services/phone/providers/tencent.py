"""What both of Tencent's services share: the door, the answer's form, numbers and templates."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from services.phone.behaviour import Provider
from services.phone.gateway import Gateway, Verdict
from services.phone.limits import Span
from services.phone.providers.tencent_signature import Refused, check

Answer = dict[str, Any]
Action = Callable[[Gateway, Request, Mapping[str, Any]], Awaitable[Answer]]
MOBILE = re.compile(r"^(?:\+86|0086|86)?(1\d{10})$")
LIMITS: Mapping[Span, str] = {
    "second": "RequestLimitExceeded",
    "minute": "LimitExceeded.PhoneNumberThirtySecondLimit",
    "hour": "LimitExceeded.PhoneNumberOneHourLimit",
    "day": "LimitExceeded.PhoneNumberDailyLimit",
}
_PLACE = re.compile(r"\{(\d+)\}")


def door(
    gateway: Gateway, provider: Provider, channel: str, service: str, version: str, actions: Mapping[str, Action]
) -> APIRouter:
    """`POST /`, for the actions of one service."""
    made = APIRouter()

    async def call(request: Request) -> Response:
        body, headers = await request.body(), dict(request.headers)
        number = gateway.new_id(provider, headers.get("x-tc-timestamp", ""))
        number = f"{number[:8]}-{number[8:12]}-{number[12:16]}-{number[16:20]}-{number[20:]}"
        try:
            answer = await _answered(gateway, request, headers, body)
        except Refused as why:
            answer = {"Error": {"Code": why.code, "Message": why.message}}
        return JSONResponse({"Response": {**answer, "RequestId": number}})

    async def _answered(gateway: Gateway, request: Request, headers: Mapping[str, str], body: bytes) -> Answer:
        query = request.scope["query_string"].decode("latin-1")
        check(request.method, "/", query, headers, body, service, gateway.context.clock.now())
        action = headers.get("x-tc-action", "")
        if action not in actions:
            raise Refused("InvalidAction", "The request interface is not found.")
        if headers.get("x-tc-version") != version:
            raise Refused("NoSuchVersion", "The version does not exist.")
        if not action.startswith("Send") and not await gateway.alive(request, provider, channel):
            raise Refused("InternalError.Timeout", "The interface timed out.")
        try:
            given = json.loads(body)
        except ValueError:
            given = None
        if not isinstance(given, dict):
            raise Refused("FailedOperation.JsonParseFail", "The body is not a JSON object.")
        return await actions[action](gateway, request, given)

    made.add_api_route("/", call, methods=["POST"], include_in_schema=False)
    return made


def needed(given: Mapping[str, Any], *names: str) -> list[str]:
    """The values of these text parameters. Raises Refused for one that is not there."""
    values = [given.get(name) for name in names]
    for name, value in zip(names, values, strict=True):
        if value in (None, ""):
            raise Refused("MissingParameter", f"The request is missing the parameter `{name}`.")
        if not isinstance(value, str):
            raise Refused("InvalidParameter", f"The parameter `{name}` must be a string.")
    return [str(value) for value in values]


def bare(number: str) -> str | None:
    """The eleven digits of a mainland number; None for anything else."""
    found = MOBILE.match(number)
    return found.group(1) if found else None


def filled(template: str, given: object) -> str | None:
    """The text of a template with its numbered parameters; None if they are not as many, or no texts."""
    told: Sequence[object] = given if isinstance(given, list) else ()
    places = {int(place) for place in _PLACE.findall(template)}
    if len(told) != len(places) or not all(isinstance(value, str) for value in told):
        return None
    return _PLACE.sub(lambda place: str(told[int(place.group(1)) - 1]), template)


def code_of(verdict: Verdict, unknown_number: str) -> str:
    """The code of a contact that was refused."""
    if verdict.limit is not None:
        return LIMITS[verdict.limit]
    return verdict.code or ("InternalError.SendAndRecvFail" if verdict.transient else unknown_number)
