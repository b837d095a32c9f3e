"""Where the providers tell us of receipts, replies and presses: what one enters in their consoles."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

import asyncpg
import httpx
from pydantic import BaseModel, ConfigDict, field_validator

from services.access.sample import is_loopback
from services.chassis.database import connect
from services.phone.behaviour import Provider
from services.phone.channels import Cloud
from services.phone.inbox import Kind
from services.phone.providers import wecom_event


class Callback(BaseModel):
    """Where a provider tells us of something; on this machine only. `url` None: nowhere."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
    provider: Provider
    kind: Kind
    url: str | None
    verify: bool = False

    @field_validator("url")
    @classmethod
    def _here(cls, url: str | None) -> str | None:
        if url is not None and not is_loopback(urlsplit(url).hostname or ""):
            raise ValueError("expected an address on this machine, such as http://127.0.0.1:8080/…")
        return url


async def enter(db: asyncpg.Pool | asyncpg.Connection, callback: Callback) -> None:
    """From now on it is told there; what waits to be told goes there too."""
    if callback.url is None:
        await db.execute(
            "delete from phone.callback where provider = $1 and kind = $2", callback.provider, callback.kind
        )
        return
    await db.execute(
        "insert into phone.callback values ($1, $2, $3) on conflict (provider, kind) do update set url = excluded.url",
        callback.provider,
        callback.kind,
        callback.url,
    )


def told_at(http: str, cloud: Cloud, paths: Mapping[str, str]) -> tuple[Callback, ...]:
    """Everything that the sample account's providers tell, at the notifier's door, by the path of each channel."""
    told: tuple[tuple[str, Provider, Kind, str], ...] = (
        ("wecom", "wecom", "press", "presses"),
        ("sms", "aliyun-sms" if cloud == "aliyun" else "tencent-sms", "receipt", "receipts"),
        ("sms", "aliyun-sms" if cloud == "aliyun" else "tencent-sms", "reply", "replies"),
        ("voice", "aliyun-voice" if cloud == "aliyun" else "tencent-voice", "receipt", "receipts"),
    )
    return tuple(
        Callback(provider=provider, kind=kind, url=f"{http}/callbacks/{paths[channel]}/{place}")
        for channel, provider, kind, place in told
    )


async def enter_all(dsn: str, callbacks: Iterable[Callback]) -> None:
    """Enter these in the database of a system that is about to start."""
    db = await connect(dsn)
    try:
        for callback in callbacks:
            await enter(db, callback)
    finally:
        await db.close()


async def verified(callback: Callback, now: datetime) -> bool:
    """Whether the URL opens what WeCom seals, as WeCom asks before it takes one; the others do not ask."""
    if callback.provider != "wecom" or callback.url is None:
        return True
    ask, word = wecom_event.verification(callback.url, now)
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            answer = await client.get(ask)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200 and answer.text == word
