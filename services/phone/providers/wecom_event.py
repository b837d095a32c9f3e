"""WeCom tells us of a card press: sealed XML to the callback, whose answer may change the card at once.

developer.work.weixin.qq.com 90240 (template_card_event), 90241 (update_button), 90930 (sealing, verification of a URL).
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from services.phone import sample
from services.phone.providers.wecom_crypto import NotSealed, Seal

SEAL = Seal(sample.WECOM_TOKEN, sample.WECOM_AES_KEY, sample.WECOM_CORP)
FORGER = Seal("somebody-elses-token", sample.WECOM_AES_KEY, sample.WECOM_CORP)


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a callback."""

    url: str
    body: str


def pressed(url: str, fact: Mapping[str, Any], now: datetime, *, forged: bool) -> Call:
    """The request that tells of a press; with `forged` its signature is not WeCom's."""
    told = {
        "ToUserName": sample.WECOM_CORP, "FromUserName": fact["to"], "CreateTime": int(now.timestamp()),
        "MsgType": "event", "Event": "template_card_event", "EventKey": fact.get("key", "acknowledge"),
        "TaskId": fact.get("task", fact["id"]), "CardType": fact.get("card_type", "button_interaction"),
        "ResponseCode": fact.get("code", "none"), "AgentID": sample.WECOM_AGENT,
    }  # fmt: skip
    text = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in told.items())
    seal = FORGER if forged else SEAL
    body = seal.envelope(f"<xml>{text}</xml>", sample.WECOM_AGENT)
    sealed = ElementTree.fromstring(body).findtext("Encrypt") or ""
    return Call(signed(url, seal, sealed, now), body)


def signed(url: str, seal: Seal, sealed: str, now: datetime, **more: str) -> str:
    """The URL with what WeCom adds to it."""
    timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(8)
    query = urlencode(
        {"msg_signature": seal.signature(timestamp, nonce, sealed), "timestamp": timestamp, "nonce": nonce, **more}
    )
    return f"{url}{'&' if urlsplit(url).query else '?'}{query}"


def verification(url: str, now: datetime) -> tuple[str, str]:
    """The URL that WeCom calls when a callback is entered in its console, and what the answer must be."""
    word = secrets.token_hex(16)
    sealed = SEAL.close(word)
    return signed(url, SEAL, sealed, now, echostr=sealed), word


def replacement(answer: str) -> str | None:
    """The text that an answer to a press puts in the place of the buttons; None if it asks for nothing we know."""
    try:
        told = ElementTree.fromstring(SEAL.opened_answer(answer))
    except (NotSealed, ElementTree.ParseError):
        return None
    return told.findtext("Button/ReplaceName") if told.findtext("MsgType") == "update_button" else None
