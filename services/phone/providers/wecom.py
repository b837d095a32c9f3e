"""WeCom: tokens, application messages, their recall and the update of a card (developer.work.weixin.qq.com).

Paths 91039 (gettoken), 90236 (message/send), 94867 (recall), 94888 (update_template_card). Refusals come with HTTP 200.
"""

from collections.abc import Sequence
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from services.phone import sample
from services.phone.gateway import Gateway, Verdict, Wanted
from services.phone.providers import wecom_cards
from services.phone.providers.wecom_message import Card, Message, as_card, flaw, shown
from services.phone.providers.wecom_token import OK, Answer, Tokens, fault

KINDS = ("text", "textcard", "template_card")
BUSY, NOBODY = -1, 81013
LIMITED = "api freq out of limit"


def router(gateway: Gateway, tokens: Tokens) -> APIRouter:
    """`/cgi-bin/…`."""
    door = APIRouter()

    @door.get("/cgi-bin/gettoken", include_in_schema=False)
    async def gettoken(request: Request, corpid: str = "", corpsecret: str = "") -> Response:
        if not await gateway.alive(request, "wecom", "wecom"):
            return JSONResponse(fault(BUSY, "system busy"))
        return JSONResponse(tokens.give(corpid, corpsecret, gateway.context.clock.now()))

    @door.post("/cgi-bin/message/send", include_in_schema=False)
    async def send(request: Request, access_token: str = "") -> Response:
        body = await request.body()
        wrong = tokens.wrong(access_token, gateway.context.clock.now())
        return JSONResponse(wrong or await _send(gateway, request, body))

    @door.post("/cgi-bin/message/recall", include_in_schema=False)
    async def recall(request: Request, access_token: str = "") -> Response:
        body = await request.body()
        wrong = tokens.wrong(access_token, gateway.context.clock.now())
        return JSONResponse(wrong or await wecom_cards.recall(gateway, body))

    @door.post("/cgi-bin/message/update_template_card", include_in_schema=False)
    async def update(request: Request, access_token: str = "") -> Response:
        body = await request.body()
        wrong = tokens.wrong(access_token, gateway.context.clock.now())
        return JSONResponse(wrong or await wecom_cards.update(gateway, body))

    return door


async def _send(gateway: Gateway, request: Request, body: bytes) -> Answer:
    try:
        message = Message.model_validate_json(body)
    except ValidationError as error:
        first = error.errors()[0]
        return fault(40058, f"invalid Request Parameter: {'.'.join(map(str, first['loc']))}: {first['msg']}")
    users = tuple(user for user in message.touser.split("|") if user)
    if message.agentid != sample.WECOM_AGENT:
        return fault(301002, "not allow operate another agent with this accesstoken")
    if message.msgtype not in KINDS:
        return fault(40008, "invalid message type")
    if not users:  # the sample company has neither departments nor tags
        return fault(NOBODY, "user & party & tag all invalid")
    part = message.part()
    if part is None:
        return (
            fault(44004, "empty content") if message.msgtype == "text" else fault(40058, f"{message.msgtype} missing")
        )
    if isinstance(part, Card) and (why := flaw(part)) is not None:
        return fault(40058, why)
    task = part.task_id if isinstance(part, Card) else ""
    wanted = Wanted("wecom", "wecom", users, shown(part), out_id=task, template=message.msgtype, card=as_card(part))
    if task and await wecom_cards.known(gateway, task):
        return fault(40058, "task_id is used already")
    if message.enable_duplicate_check:
        again = timedelta(seconds=message.duplicate_check_interval)
        if (sent := await wecom_cards.same(gateway, wanted, again)) is not None:
            return _answer(sent, [])
    given = gateway.new_id("wecom", *users)
    verdicts = await gateway.take(request, wanted, given)
    answer = _refusal(verdicts) or _answer(given, verdicts)
    if isinstance(part, Card) and part.card_type == "button_interaction" and answer["errcode"] == 0:
        answer |= {"response_code": f"{given}-sent"}
    return answer


def _answer(given: str, verdicts: Sequence[Verdict]) -> Answer:
    lists: dict[str, list[str]] = {"invaliduser": [], "unlicenseduser": []}
    for verdict in verdicts:
        if verdict.refused:
            lists["unlicenseduser" if verdict.code == "unlicenseduser" else "invaliduser"].append(verdict.to)
    return OK | {name: "|".join(users) for name, users in lists.items() if users} | {"msgid": given}


def _refusal(verdicts: Sequence[Verdict]) -> Answer | None:
    """A refusal of the whole call: one that is about the call, or one that leaves nobody to tell."""
    for verdict in verdicts:
        if verdict.limit is not None:
            return fault(45009, LIMITED)
        if verdict.transient:
            return fault(_number(verdict.code) or BUSY, "system busy")
        if (number := _number(verdict.code)) is not None and number != NOBODY:
            return fault(number, "refused")
    users = [verdict.to for verdict in verdicts if verdict.code in ("", str(NOBODY))]
    if all(verdict.refused for verdict in verdicts) and users:
        return fault(NOBODY, "user & party & tag all invalid") | {"invaliduser": "|".join(users)}
    return None


def _number(code: str) -> int | None:
    """An errcode that was set for a contact; None for `invaliduser`, `unlicenseduser` and nothing at all."""
    return int(code) if code.removeprefix("-").isdecimal() else None
