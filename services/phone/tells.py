"""In whose words the courier speaks: for each provider and kind of news, the request that its documentation promises."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import httpx

from services.phone.courier import Rows, Tell
from services.phone.gateway import Gateway
from services.phone.providers import aliyun_sms, aliyun_voice, tencent_sms, tencent_voice, wecom_cards, wecom_event

Words = Callable[[Mapping[str, Any], bool], Any]


def tells(gateway: Gateway) -> Mapping[tuple[str, str], Tell]:
    """Every provider's way of telling."""
    return {
        ("wecom", "press"): partial(_pressed, gateway),
        ("aliyun-sms", "receipt"): partial(_list, "code", lambda row, forged: aliyun_sms.report(row, forged=forged)),
        ("aliyun-sms", "reply"): partial(_list, "code", lambda row, _: aliyun_sms.uplink(row)),
        ("aliyun-voice", "receipt"): partial(
            _list, "code", lambda row, forged: aliyun_voice.report(row, forged=forged)
        ),
        ("tencent-sms", "receipt"): partial(
            _list, "result", lambda row, forged: tencent_sms.report(row, forged=forged)
        ),
        ("tencent-sms", "reply"): partial(_each, "result", lambda row, _: tencent_sms.uplink(row)),
        ("tencent-voice", "receipt"): partial(
            _each, "result", lambda row, forged: tencent_voice.report(row, forged=forged)
        ),
    }


async def _list(zero: str, words: Words, client: httpx.AsyncClient, url: str, rows: Rows, forged: bool) -> bool:
    """All in one array."""
    return _taken(await client.post(url, json=[words(row, forged) for row in rows]), zero)


async def _each(zero: str, words: Words, client: httpx.AsyncClient, url: str, rows: Rows, forged: bool) -> bool:
    """One after another."""
    good = True
    for row in rows:
        good = _taken(await client.post(url, json=words(row, forged)), zero) and good
    return good


async def _pressed(gateway: Gateway, client: httpx.AsyncClient, url: str, rows: Rows, forged: bool) -> bool:
    good = True
    for row in rows:
        call = wecom_event.pressed(url, row["fact"], gateway.context.clock.now(), forged=forged)
        answer = await client.post(call.url, content=call.body, headers={"Content-Type": "text/xml"})
        good = good and answer.status_code == 200
        text = wecom_event.replacement(answer.text) if answer.status_code == 200 and answer.text else None
        if text and not forged:
            await wecom_cards.replace(gateway, row["fact"]["id"], row["fact"]["to"], text)
    return good


def _taken(answer: httpx.Response, zero: str) -> bool:
    """Whether the answer says that it was taken: Aliyun's `code`, Tencent's `result` is 0."""
    body = answer.json() if answer.status_code == 200 else None
    return isinstance(body, dict) and body.get(zero) == 0
