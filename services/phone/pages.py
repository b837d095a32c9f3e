"""The page with the phones, side by side, as they look now."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sse_starlette.sse import EventSourceResponse

from events.agency import Agency
from services.access.callers import Caller, caller_from_request, caller_or_none, csrf_token
from services.access.headers import HEADERS
from services.access.problems import not_found
from services.access.sample import is_loopback
from services.chassis.clock import SHANGHAI
from services.directory.agencies import agency_name
from services.directory.kinds import FUNCTIONS
from services.phone.control import may_look
from services.phone.gateway import Gateway
from services.phone.phones import has_card, phones
from services.phone.providers.wecom_oauth import COOKIE, Users
from services.phone.words import WORDS

HERE = Path(__file__).parent
PAGE = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
FILES = {"phone.css": "text/css", "phone.js": "text/javascript"}


def router(gateway: Gateway, users: Users) -> APIRouter:
    """`""`, `/phones`, `/live`, `/wecom/open`, and the page's own files."""
    door = APIRouter(prefix="/phone")
    known = caller_from_request(gateway.context)
    perhaps = caller_or_none(gateway.context)

    @door.get("", include_in_schema=False)
    async def page(request: Request, caller: Annotated[Caller | None, Depends(perhaps)], lang: str = "zh") -> Response:
        """The phones, side by side."""
        if caller is None:
            return RedirectResponse("/login?next=/phone", 303, HEADERS)
        may_look(caller)
        return await _render("phone.html", lang, csrf=csrf_token(request))

    @door.get("/phones", include_in_schema=False)
    async def parts(caller: Annotated[Caller, Depends(known)], lang: str = "zh") -> Response:
        """The phones alone, for the page to put in."""
        may_look(caller)
        return await _render("phones.html", lang)

    @door.get("/live", include_in_schema=False)
    async def live(caller: Annotated[Caller, Depends(known)]) -> Response:
        """An event whenever something arrived or changed, at most four a second."""
        may_look(caller)

        async def arrivals() -> AsyncIterator[dict[str, str]]:
            changed = gateway.inbox.changed
            while True:
                await changed.wait()
                changed = gateway.inbox.changed  # what changes during the pause below counts too
                yield {"event": "arrived", "data": "1"}
                await asyncio.sleep(0.25)

        return EventSourceResponse(arrivals(), headers=HEADERS, ping=15)

    @door.get("/wecom/open", include_in_schema=False)
    async def open_link(caller: Annotated[Caller, Depends(known)], user: str, url: str) -> Response:
        """Open a link of a message as this user's phone would: WeCom's sign-in then knows who it is."""
        may_look(caller)
        if not _leads_here(url) or not await has_card(gateway.context.pool, user):
            raise not_found()
        answer = RedirectResponse(url, 303, HEADERS)
        secret = users.open(user, gateway.context.clock.now())
        answer.set_cookie(COOKIE, secret, path="/phone", httponly=True, samesite="lax")
        return answer

    @door.get("/{name}", include_in_schema=False)
    async def file(name: str) -> Response:
        """The page's own style and script."""
        if name not in FILES:
            raise not_found()
        return Response((HERE / "static" / name).read_bytes(), media_type=FILES[name])

    async def _render(template: str, lang: str, **more: str) -> HTMLResponse:
        words = WORDS.get(lang, WORDS["zh"])
        chosen = "en" if words is WORDS["en"] else "zh"
        rows = [_shown(row, chosen) for row in await phones(gateway.context.pool)]
        body = PAGE.get_template(template).render(phones=rows, words=words, lang=chosen, **more)
        return HTMLResponse(body, headers=HEADERS)

    return door


def _leads_here(url: str) -> bool:
    to = urlsplit(url)
    if to.scheme or to.netloc:
        return to.scheme in ("http", "https") and is_loopback(to.hostname or "")
    return url.startswith("/") and not url.startswith(("//", "/\\"))


def _shown(phone: dict[str, Any], lang: str) -> dict[str, Any]:
    english = lang == "en"
    function = FUNCTIONS.get(phone["to_role"])
    role = phone["to_role"] if function is None else function.en if english else function.zh
    office = ""
    if phone["kind"] and phone["agency_level"]:
        office = agency_name(Agency(phone["kind"], phone["agency_level"], phone["area"]), "en" if english else "zh")
    messages = [_timed(row) | _pressable(row) for row in phone["messages"]]
    return {**phone, "role": role, "office": office, "messages": messages, "replies": [*map(_timed, phone["replies"])]}


def _timed(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "at": row["at"].astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S")}


def _pressable(message: dict[str, Any]) -> dict[str, Any]:
    """What can be done with a message: `buttons`, or what stands in their place (`done`), and a `link` with its words."""
    card = message["card"] or {}
    if not message["submission"] and message["channel"] == "wecom" and message["referral"]:
        return {"buttons": [], "done": "", "link": f"/r/{message['referral']}", "label": message["referral"]}
    done = card.get("replace_text", "")
    return {
        "buttons": [] if done else [button for button in card.get("button_list", ()) if button["key"]],
        "done": done,
        "link": card.get("url") or (card.get("card_action") or {}).get("url", ""),
        "label": card.get("btntxt", ""),
    }
