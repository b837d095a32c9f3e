"""In whose words the courier speaks: for each provider and kind of news, the request that its documentation promises."""

from collections.abc import Mapping
from typing import Any

import httpx

from services.phone.courier import Rows, Tell
from services.phone.gateway import Gateway
from services.phone.providers import wecom_cards, wecom_event


def tells(gateway: Gateway) -> Mapping[tuple[str, str], Tell]:
    """Every provider's way of telling."""

    async def pressed(client: httpx.AsyncClient, url: str, rows: Rows, forged: bool) -> bool:
        good = True
        for row in rows:
            call = wecom_event.pressed(url, row["fact"], gateway.context.clock.now(), forged=forged)
            answer = await client.post(call.url, content=call.body, headers={"Content-Type": "text/xml"})
            good = good and answer.status_code == 200
            text = wecom_event.replacement(answer.text) if answer.status_code == 200 and answer.text else None
            if text:
                await wecom_cards.replace(gateway, row["fact"]["id"], row["fact"]["to"], text)
        return good

    return {("wecom", "press"): pressed}


def same_json(provider: str, body: Any) -> bool:
    """Whether an answer says that all was taken: Aliyun's `code`, Tencent's `result` is 0."""
    name = "code" if provider.startswith("aliyun") else "result"
    return isinstance(body, dict) and body.get(name) == 0
