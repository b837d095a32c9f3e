"""WeCom's sign-in by OAuth 2: who opens a page from WeCom comes back with a code that stands for the user.

developer.work.weixin.qq.com 91022 (authorize), 91023 (getuserinfo). In WeCom's own browser the user is known; here it is
the simulated phone from which a card was opened, and who may open it is who may look at the phones.
"""

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from services.access.headers import HEADERS
from services.access.sample import is_loopback
from services.phone import sample
from services.phone.gateway import Gateway
from services.phone.providers.wecom_token import OK, Tokens, fault

COOKIE = "shouhu_phone"
CODE_VALID = timedelta(minutes=5)
OPEN_FOR = timedelta(hours=12)


class Users:
    """Which simulated phone a browser is, and the codes that were given to it."""

    def __init__(self) -> None:
        self._phones: dict[str, tuple[str, datetime]] = {}
        self._codes: dict[str, tuple[str, datetime]] = {}

    def open(self, user: str, now: datetime) -> str:
        """A secret for the browser that is this user's phone from now on."""
        self._phones = {secret: held for secret, held in self._phones.items() if held[1] > now}
        secret = secrets.token_urlsafe(24)
        self._phones[secret] = (user, now + OPEN_FOR)
        return secret

    def code(self, secret: str, now: datetime) -> str | None:
        """A code for the user whose phone this is."""
        user, end = self._phones.get(secret, ("", now))
        if end <= now:
            return None
        code = secrets.token_urlsafe(32)
        self._codes[code] = (user, now + CODE_VALID)
        return code

    def spend(self, code: str, now: datetime) -> str | None:
        """The user that a code stands for; it is good once, for five minutes."""
        user, end = self._codes.pop(code, ("", now))
        return user if end > now else None


def router(gateway: Gateway, tokens: Tokens, users: Users) -> APIRouter:
    """`/connect/oauth2/authorize` and `/cgi-bin/auth/getuserinfo` (and its older path `/cgi-bin/user/getuserinfo`)."""
    door = APIRouter()

    @door.get("/connect/oauth2/authorize", include_in_schema=False)
    async def authorize(
        request: Request,
        appid: str = "",
        redirect_uri: str = "",
        response_type: str = "",
        scope: str = "",
        state: str = "",
    ) -> Response:
        if appid != sample.WECOM_CORP or response_type != "code" or not scope.startswith("snsapi_"):
            return HTMLResponse("参数错误 appid, response_type or scope", 400, headers=HEADERS)
        to = urlsplit(redirect_uri)
        if to.scheme not in ("http", "https") or not is_loopback(to.hostname or ""):
            return HTMLResponse("50001 redirect_uri 未登记可信域名", 400, headers=HEADERS)
        code = users.code(request.cookies.get(COOKIE, ""), gateway.context.clock.now())
        if code is None:
            return HTMLResponse("请在企业微信客户端打开链接 Open it from a simulated phone.", 403, headers=HEADERS)
        query = urlencode({"code": code, "state": state})
        return RedirectResponse(f"{redirect_uri}{'&' if to.query else '?'}{query}", 302, HEADERS)

    @door.get("/cgi-bin/auth/getuserinfo", include_in_schema=False)
    @door.get("/cgi-bin/user/getuserinfo", include_in_schema=False)
    async def getuserinfo(access_token: str = "", code: str = "") -> Response:
        now = gateway.context.clock.now()
        if (wrong := tokens.wrong(access_token, now)) is not None:
            return JSONResponse(wrong)
        user = users.spend(code, now)
        return JSONResponse(fault(40029, "invalid code") if user is None else OK | {"userid": user, "UserId": user})

    return door
