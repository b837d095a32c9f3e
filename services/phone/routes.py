"""The gateway's door: messages in by the plain channel and by every provider's interface, and the page with the phones."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from services.access.problems import not_found
from services.access.sample import is_loopback
from services.chassis.context import Context
from services.phone import control, pages
from services.phone.behaviour import Provider
from services.phone.courier import Courier
from services.phone.gateway import Gateway
from services.phone.inbox import Arrival, Bundle
from services.phone.providers import aliyun_sms, aliyun_voice, tencent_sms, tencent_voice, wecom, wecom_oauth
from services.phone.providers.wecom_oauth import Users
from services.phone.providers.wecom_token import Tokens
from services.phone.tells import tells

_CLOUDS: Mapping[Provider, Callable[[Gateway], APIRouter]] = {
    "aliyun-sms": aliyun_sms.router,
    "aliyun-voice": aliyun_voice.router,
    "tencent-sms": tencent_sms.router,
    "tencent-voice": tencent_voice.router,
}


def router(context: Context) -> APIRouter:
    """`/phone`, `/phone/api/…` and the providers. Looking needs operations or a sample caller; sending needs this machine."""
    door = APIRouter()
    gateway, tokens, users = Gateway(context), Tokens(), Users()
    courier = Courier(gateway, tells(gateway))
    gateway.inbox.told = courier.wake
    here = [Depends(_from_this_machine)]
    door.include_router(_plain(gateway), prefix="/phone", dependencies=here)
    door.include_router(control.router(gateway, tokens), prefix="/phone")
    door.include_router(wecom.router(gateway, tokens), prefix="/phone/wecom", dependencies=here)
    door.include_router(wecom_oauth.router(gateway, tokens, users), prefix="/phone/wecom", dependencies=here)
    for name, provider in _CLOUDS.items():
        door.include_router(provider(gateway), prefix=f"/phone/{name}", dependencies=here)
    door.include_router(pages.router(gateway, users))
    with contextlib.suppress(RuntimeError):  # no loop runs where only the paths are wanted
        asyncio.get_running_loop()
        courier.wake()  # what waited when the last process ended
    return door


def _from_this_machine(request: Request) -> None:
    if request.client is None or not is_loopback(request.client.host):
        raise not_found()


def _plain(gateway: Gateway) -> APIRouter:
    door = APIRouter()

    @door.post("/api/send", include_in_schema=False)
    async def send(request: Request, arrival: Arrival) -> Response:
        """What a `json://` channel calls; the answer comes after the message is kept."""
        behaviour = gateway.behaviours.of(arrival.to, arrival.channel, "json")
        if behaviour.mode == "refuse":
            return JSONResponse({"error": "blocked"}, 422)
        if behaviour.mode == "refuse_for_now":
            return JSONResponse({"error": "busy"}, 503)
        await gateway.wait(request, behaviour)
        await gateway.inbox.keep(Bundle(arrivals=(arrival,)))
        if behaviour.mode == "silent":
            await gateway.hold(request, behaviour.seconds)
        return JSONResponse({"result": "ok"})

    return door
