"""The door of the providers: receipts, replies and presses come to `/callbacks/<unguessable path>/…`.

Whoever does not know a path, or calls from elsewhere where the provider does not sign, meets nothing (404). What is told is
not believed: a receipt only makes us ask the provider; where it cannot be asked, its word counts for a message of ours alone.
"""

import hmac
import ipaddress
import logging

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from services.access.problems import Problem, not_found
from services.chassis.context import Context
from services.chassis.work import transaction
from services.notifier.channels import AppriseChannels, Opened
from services.notifier.days import days_now
from services.notifier.desk import desk_of
from services.notifier.metrics import CALLBACKS
from services.notifier.news import TAKEN, Malformed, receipts_in, replies_in
from services.notifier.plugins.wecom_card import ACKNOWLEDGE
from services.notifier.plugins.wecom_seal import Forged, Seal, fields
from services.notifier.replies import take_press, take_reply
from services.notifier.told import take_receipts

log = logging.getLogger(__name__)
LARGEST = 256 * 1024  # octets
# In the place of the button, whether it counted or not: what it did stands on the officer's page.
PRESSED = {"acknowledged": "已提交签收", "not_on_duty": "未签收:您当前不当班", "nothing_open": "已无需签收"}


def router(context: Context) -> APIRouter:
    """The three ways in; `start` of the service must have run."""
    door = APIRouter(prefix="/callbacks", include_in_schema=False)

    @door.post("/{path}/receipts")
    async def receipts(request: Request, path: str) -> Response:
        name, channel = _unsigned(context, request, path, "receipts")
        try:
            told = receipts_in(channel.schema, await _body(request))
        except Malformed as why:
            raise _malformed(name, "receipts", why) from None
        known = await take_receipts(context, name, told)
        CALLBACKS.labels(name, "receipts", "taken" if known else "not_ours").inc()
        return JSONResponse(TAKEN[channel.schema])

    @door.post("/{path}/replies")
    async def replies(request: Request, path: str) -> Response:
        name, channel = _unsigned(context, request, path, "replies")
        try:
            said = replies_in(channel.schema, await _body(request))
        except Malformed as why:
            raise _malformed(name, "replies", why) from None
        for each in said:
            async with transaction(context, "notifier") as work:
                await take_reply(work, name, each, await days_now(context, work.db))
        CALLBACKS.labels(name, "replies", "taken").inc()
        return JSONResponse(TAKEN[channel.schema])

    @door.get("/{path}/presses")
    async def verify(request: Request, path: str) -> Response:
        seal = _sealed(context, path)
        try:
            return PlainTextResponse(seal.open(request.query_params.get("echostr", ""), request.query_params))
        except Forged as why:
            raise _forged(why) from None

    @door.post("/{path}/presses")
    async def presses(request: Request, path: str) -> Response:
        seal = _sealed(context, path)
        try:
            envelope = fields((await _body(request)).decode("utf-8", "replace"))
            told = fields(seal.open(envelope.get("Encrypt", ""), request.query_params))
        except Forged as why:
            raise _forged(why) from None
        CALLBACKS.labels("wecom", "presses", "taken").inc()
        if told.get("Event") != "template_card_event" or told.get("EventKey") != ACKNOWLEDGE:
            return PlainTextResponse("")  # WeCom tells of much else; an empty answer means that it was heard
        async with transaction(context, "notifier") as work:
            days = await days_now(context, work.db)
            result = await take_press(work, told.get("FromUserName", ""), told.get("TaskId", ""), days)
        if result not in PRESSED:
            return PlainTextResponse("")
        at = str(int(context.clock.now().timestamp()))
        return Response(seal.answer(_update(told, PRESSED[result], at), at), media_type="text/xml")

    return door


def _update(told: dict[str, str], text: str, at: str) -> str:
    """developer.work.weixin.qq.com 90241: the button gives way to a text."""
    return (
        f"<xml><ToUserName><![CDATA[{told['FromUserName']}]]></ToUserName>"
        f"<FromUserName><![CDATA[{told.get('ToUserName', '')}]]></FromUserName><CreateTime>{at}</CreateTime>"
        f"<MsgType><![CDATA[update_button]]></MsgType><Button><ReplaceName><![CDATA[{text}]]></ReplaceName></Button></xml>"
    )


def _at(context: Context, path: str) -> tuple[str, Opened] | None:
    channels = desk_of(context).channels
    if not isinstance(channels, AppriseChannels):
        return None
    found = None
    for (name, _), each in channels.opened.items():  # all of them, so that the time taken tells nothing
        if each.entry.callback and hmac.compare_digest(each.entry.callback.path.encode(), path.encode()):
            found = (name, each)
    return found


def _unsigned(context: Context, request: Request, path: str, kind: str) -> tuple[str, Opened]:
    found = _at(context, path)
    if found is None or found[1].schema not in TAKEN or found[1].entry.callback is None:
        CALLBACKS.labels("", kind, "unknown_path").inc()
        log.warning("a callback to a path that is none of ours was refused")
        raise not_found()
    host = request.client.host if request.client else ""
    try:
        allowed = any(ipaddress.ip_address(host) in network for network in found[1].entry.callback.allow)
    except ValueError:
        allowed = False
    if not allowed:
        CALLBACKS.labels(found[0], kind, "not_allowed").inc()
        log.warning("a callback of channel %s came from an address that is not allowed", found[0])
        raise not_found()
    return found


def _sealed(context: Context, path: str) -> Seal:
    found = _at(context, path)
    if found is None or found[1].schema != "wecom" or found[1].entry.callback is None:
        CALLBACKS.labels("", "presses", "unknown_path").inc()
        log.warning("a callback to a path that is none of ours was refused")
        raise not_found()
    callback = found[1].entry.callback
    return Seal(callback.token, callback.aes_key, found[1].account)


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise Problem(413, "Too large", f"expected at most {LARGEST} octets")
    return body


def _malformed(name: str, kind: str, why: Malformed) -> Problem:
    CALLBACKS.labels(name, kind, "malformed").inc()
    log.warning("a callback of channel %s (%s) was refused: %s", name, kind, why)
    return Problem(400, "Not understood", str(why))


def _forged(why: Forged) -> Problem:
    CALLBACKS.labels("wecom", "presses", "forged").inc()
    log.warning("a callback of channel wecom was refused: %s", why)
    return Problem(403, "Not from WeCom", str(why))
