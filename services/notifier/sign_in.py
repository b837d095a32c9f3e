"""How officers are helped to sign in: a code to their own contact, and WeCom's word for who somebody is.

WeCom: developer.work.weixin.qq.com 91022 (authorize), 91023 (getuserinfo), with the account of the channel `wecom`.
"""

import asyncio
import hashlib
import logging
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

import asyncpg
import orjson

from services.access.sample import is_loopback
from services.access.ways import Ways
from services.chassis.context import Context
from services.law.rulebook_file import load_yaml
from services.notifier.channels import AppriseChannels, ChannelsFault, load_channels
from services.notifier.outcome import Outcome
from services.notifier.parcel import Channels, Parcel
from services.notifier.plugins.connection import pool_of
from services.notifier.plugins.provider import Given
from services.notifier.plugins.wecom import OLD_TOKEN, WeCom

log = logging.getLogger(__name__)
WECOM_ASKS = "https://open.weixin.qq.com/connect/oauth2/authorize"  # of the real WeCom; the gateway has its own
ORDER = ("sms", "wecom", "voice")  # a phone that has no network for WeCom often has it for SMS
# A contact counts once it is verified; sample people have nobody who could, and exist on loopback addresses alone.
_VERIFIED = """from notifier.contact c join notifier.person p on p.id = c.person_id
    left join notifier.verified_contact v on v.person_id = c.person_id and v.channel = c.channel
    where (p.sample or v.digest = sha256(convert_to(c.value, 'UTF8')))"""
_BY_CONTACT = (
    f"select distinct c.person_id {_VERIFIED} and lower(c.value) = lower($1) and c.channel = any($2::text[]) limit 2"
)
_CONTACTS = f"select c.channel, c.value {_VERIFIED} and c.person_id = $1"


class ContactWays:
    """Implements `access.ways.Ways` on the notifier's channels and contacts."""

    def __init__(self, pool: asyncpg.Pool, channels: Channels, wecom: WeCom | None) -> None:
        self._pool, self._channels, self._wecom = pool, channels, wecom

    def by_code(self) -> bool:
        return bool(self._channels.configured(exercise=False))

    async def person_reached_at(self, contact: str) -> str | None:
        return await self._person(contact, ("sms", "voice"))

    async def send_code(self, person: str, code: str, minutes: int, now: datetime) -> bool:
        to = {row["channel"]: row["value"] for row in await self._pool.fetch(_CONTACTS, person)}
        for channel in (each for each in ORDER if each in to and each in self._channels.configured(exercise=False)):
            outcome = await self._channels.send(_parcel(person, channel, to[channel], code, minutes, now))
            if outcome.result != "refused":  # an unknown outcome may have arrived: no second code beside it
                return True
            log.warning("a sign-in code was refused on %s: %s", channel, outcome.detail)
        return False

    def wecom_address(self, back: str, state: str) -> str | None:
        if self._wecom is None:
            return None
        asked = {
            "appid": self._wecom.key, "redirect_uri": back, "response_type": "code", "scope": "snsapi_base",
            "state": state, "agentid": self._wecom.options["agent"],
        }  # fmt: skip
        return f"{_asks_at(self._wecom)}?{urlencode(asked)}#wechat_redirect"

    def own_address(self) -> str:
        return self._wecom.options.get("page", "").rstrip("/") if self._wecom is not None else ""

    async def wecom_person(self, code: str) -> str | None:
        user = await asyncio.to_thread(self._user, code) if self._wecom is not None else None
        return await self._person(user, ("wecom",)) if user else None

    async def _person(self, contact: str, channels: tuple[str, ...]) -> str | None:
        rows = await self._pool.fetch(_BY_CONTACT, contact, list(channels))
        return rows[0]["person_id"] if len(rows) == 1 else None

    def _user(self, code: str) -> str | None:
        assert self._wecom is not None
        token = self._wecom.tokens.get()
        told = _ask(self._wecom, token, code) if isinstance(token, str) else {}
        if told.get("errcode") in OLD_TOKEN and isinstance(token, str):
            fresh = self._wecom.tokens.get(bad=token)
            told = _ask(self._wecom, fresh, code) if isinstance(fresh, str) else {}
        if told.get("errcode") != 0:
            log.warning("WeCom does not say who signs in: errcode %s", told.get("errcode", "none"))
        user = told.get("userid") or told.get("UserId")  # none for somebody of another company
        return str(user) if user and told.get("errcode") == 0 else None


def sign_in_ways(context: Context) -> Ways | None:
    """The ways of this installation; None when its channels file is wrong, which stops the notifier too."""
    try:
        channels = load_channels(context.settings.channels, context.clock)
    except ChannelsFault:
        log.critical("SHOUHU_CHANNELS is wrong: nobody can sign in by code or WeCom")
        return None
    return ContactWays(context.pool, channels, wecom_of(channels, context))


def wecom_of(channels: AppriseChannels, context: Context) -> WeCom | None:
    """The application of the channel `wecom`, with a connection of its own; None where that channel is another thing."""
    opened = channels.opened.get(("wecom", False))
    if opened is None or opened.schema != WeCom.secure_protocol:
        return None
    parts = WeCom.parse_url(opened.entry.url)
    return None if parts is None else WeCom(pool=pool_of(4), given=Given(clock=context.clock), **parts)


def _asks_at(wecom: WeCom) -> str:
    """The real WeCom asks at a host of its own; an imitation on this machine where it is."""
    if not is_loopback(wecom.host):
        return WECOM_ASKS
    port = f":{wecom.port}" if isinstance(wecom.port, int) else ""
    return f"http://{wecom.host}{port}{str(wecom.fullpath or '').rstrip('/')}/connect/oauth2/authorize"


def _ask(wecom: WeCom, token: str, code: str) -> dict[str, Any]:
    path = f"/cgi-bin/auth/getuserinfo?{urlencode({'access_token': token, 'code': code})}"
    answer = wecom.way.exchange("GET", path)
    if isinstance(answer, Outcome) or answer.status != 200:
        return {}
    try:
        told = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}


def _parcel(person: str, channel: str, to: str, code: str, minutes: int, now: datetime) -> Parcel:
    params = {"code": code, "minutes": str(minutes)}
    text = _text().format(**params)
    name = hashlib.sha256(f"sign-in\x1f{person}\x1f{channel}\x1f{now.isoformat()}".encode()).hexdigest()[:24]
    return Parcel(
        message_id=name, referral="", to_role="", level=0, exercise=False, to=to, channel=channel, text=text,
        reason="sign_in", kind="", agency_level="", area="", template="verification",
        params={**params, "text": text.partition("】")[2] or text},
    )  # fmt: skip


@cache
def _text() -> str:
    text = files("services.notifier").joinpath("templates/sign_in_code.yaml").read_text(encoding="utf-8")
    return str(load_yaml("templates/sign_in_code.yaml", text)["zh"])
