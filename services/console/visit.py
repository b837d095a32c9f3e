"""One visit of one person: who, in which language, at what moment; and how a page is answered."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match

from services.access.callers import Caller
from services.access.headers import HEADERS
from services.console import moments
from services.console.assets import asset_address
from services.console.texts import Lang, Text, language, text_of
from services.console.waiting import moment
from services.directory.agencies import agency_name
from services.directory.kinds import FUNCTIONS, KINDS
from services.directory.territory import territory

LANGUAGE_COOKIE = "shouhu_lang"
_YEAR = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Visit:
    """What every page of this visit knows. `csrf` is empty for a caller with a bearer token, who needs none."""

    request: Request
    text: Text
    now: datetime
    caller: Caller | None = None
    csrf: str = ""

    @property
    def operations(self) -> bool:
        return self.caller is not None and self.caller.role == "operations"


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(asset=asset_address, exact=moments.exact, kinds=KINDS)
    return environment


def render(visit: Visit, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """A page or a part of one, in the visit's language."""
    words = visit.text
    body = _templates().get_template(template).render(
        visit=visit, text=words, lang=words.lang, now=visit.now.astimezone(UTC),
        when=partial(moments.when, now=visit.now, text=words), span=partial(moments.span, text=words),
        agency_name=partial(agency_name, lang=words.lang), place=partial(territory().name, lang=words.lang),
        stamp=lambda at: moments.when(moment(at), visit.now, words, seconds=True),
        function=partial(_function, lang=words.lang), switch=_switch(visit), phones=has_phones(visit.request), **facts,
    )  # fmt: skip
    return HTMLResponse(body, status)


def text_for(request: Request) -> Text:
    """The words for a request: `?lang=`, then the cookie, then Chinese."""
    return text_of(language(request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)))


def finish(request: Request, response: Response) -> Response:
    """Give an answer the headers of every page, and remember the language that was asked for."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if "lang" in request.query_params:
        response.set_cookie(LANGUAGE_COOKIE, text_for(request).lang, max_age=_YEAR, httponly=True, samesite="lax")
    return response


def safe_return(path: str | None) -> str:
    """Where to go after signing in: a path of this site, else the start page."""
    good = path is not None and path.startswith("/") and not path.startswith(("//", "/\\", "/login", "/logout"))
    return path if good and path is not None and path.isprintable() else "/"


def has_phones(request: Request) -> bool:
    """Whether the demo's phone gateway is mounted at this address."""
    asked = {
        "type": "http",
        "method": "GET",
        "path": "/phone",
        "root_path": "",
        "headers": [],
        "query_string": b"",
        "app": request.app,
    }
    return any(route.matches({**asked})[0] is Match.FULL for route in request.app.routes)


def _switch(visit: Visit) -> str:
    """This page's address in the other language; a page that answered a POST has none of its own, so the start page's."""
    request = visit.request
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in ("lang", "part")]
    path = request.url.path if request.method == "GET" else "/"
    return f"{path}?{urlencode([*kept, ('lang', visit.text.other)])}"


def _function(code: str | None, lang: Lang) -> str:
    """What a function of a post is called."""
    known = FUNCTIONS.get(code or "")
    return code or "" if known is None else known.zh if lang == "zh" else known.en
