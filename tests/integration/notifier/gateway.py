"""The phone gateway with its providers, our door beside it, and a notifier whose channels are the providers' own interfaces."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from services.access import tokens
from services.access.problems import install_problems
from services.chassis.context import Context
from services.directory.people import Assignment, Person
from services.directory.posts import Post
from services.notifier.channels import AppriseChannels, read_channels
from services.notifier.deliver import deliver_due
from services.notifier.desk import set_desk
from services.notifier.door import router as door
from services.notifier.roster_store import replace_assignments
from services.phone.channels import Cloud, account_channels
from services.phone.routes import router as phones
from tests.integration.notifier import stories
from tests.integration.phone.conftest import served

PATHS = {name: f"{name}-path-nobody-can-guess" for name in ("sms", "wecom", "voice")}
NUMBERS = {"a": "13800000001", "b": "13800000002", "l": "13800000003"}
KINDS = {"receipts": "receipt", "replies": "reply", "presses": "press"}


@dataclass
class World:
    """A notifier and its providers. `client` has the operations role at the gateway."""

    context: Context
    address: str
    client: httpx.AsyncClient
    channels: AppriseChannels
    cloud: Cloud

    async def set(self, path: str, **what: Any) -> None:
        """PUT to `/phone/api/…`."""
        answer = await self.client.put(f"/phone/api/{path}", json=what)
        assert answer.status_code == 200, answer.text

    async def behave(self, mode: str, provider: str | None = None, **what: Any) -> None:
        """How a provider treats messages from now on."""
        await self.set("behaviour", mode=mode, **({"provider": provider} if provider else {}), **what)

    async def tell_at(self, channel: str, kind: str) -> None:
        """The provider of a channel tells our door of this kind."""
        provider = "wecom" if channel == "wecom" else f"{self.cloud}-{channel}"
        url = f"{self.address}/callbacks/{PATHS[channel]}/{kind}"
        await self.set("callbacks", provider=provider, kind=KINDS[kind], url=url, verify=channel == "wecom")

    async def received(self, to: str | None = None) -> list[tuple[str, str]]:
        """Contact and channel of what is on the phones."""
        rows = (await self.client.get("/phone/api/messages")).json()["items"]
        return [(row["to"], row["channel"]) for row in rows if to in (None, row["to"])]

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.context.pool.fetch(sql)]

    async def deliveries(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Person and channel -> state and reason."""
        sql = "select person_id, channel, state, reason from notifier.delivery"
        return {(p, c): (s, r) for p, c, s, r in await self.rows(sql)}

    async def open(self, number: int = 1, **given: Any) -> None:
        """A referral that is told at once and handed over."""
        fact = stories.referral(number, self.context.clock.now(), **given)
        await stories.now_is(self.context, fact)
        await stories.hear(self.context, stories.opened(fact))
        await deliver_due(self.context)

    async def ask_now(self) -> None:
        """Ask for everything that waits for a receipt, now."""
        await self.context.pool.execute(
            "update notifier.delivery set ask_at = $1 where ask_at is not null", self.context.clock.now()
        )
        await deliver_due(self.context)


@asynccontextmanager
async def world(context: Context, cloud: Cloud) -> AsyncIterator[World]:
    """A running world; two officers and a leader on the roster, each with a number and a WeCom id."""
    await stories.publish_view(context.pool)
    app = FastAPI()
    install_problems(app)
    app.include_router(phones(context))
    app.include_router(door(context))
    made = await tokens.create(context.pool, role="operations", name="ops", now=context.clock.now())
    people = {"duty_officer": ("a", "b"), "duty_leader": ("l",)}
    roster = [
        Assignment(Post(stories.AGENCY, function), tuple(person(id_) for id_ in ids))
        for function, ids in people.items()
    ]
    async with context.pool.acquire() as db:
        await replace_assignments(db, roster)
    async with served(app) as at:
        address = f"http://{at}"
        content = account_channels(address, cloud, PATHS)
        for entry in content.values():
            if isinstance(entry, dict) and "url" in entry:
                entry["url"] = f"{entry['url']}{'&' if '?' in entry['url'] else '?'}cto=1&rto=1"
        channels = read_channels(json.dumps(content))
        set_desk(context, channels)
        headers = {"Authorization": f"Bearer {made.secret}"}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=10) as client:
            yield World(context, address, client, channels, cloud)
        channels.close()


def person(id_: str) -> Person:
    """Somebody with a number and a WeCom id."""
    return Person(id_, f"样例{id_}", {"sms": NUMBERS[id_], "voice": NUMBERS[id_], "wecom": f"wx-{id_}"}, True)
