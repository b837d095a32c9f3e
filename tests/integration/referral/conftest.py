"""The doors of referrals and of the account, over cases that the real handlers made, with the callers that come to them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from fastapi import FastAPI

from events.agency import Agency
from events.codec import to_kafka
from events.envelope import Event
from services.access import sources, tokens
from services.access.problems import install_problems
from services.access.registration import Registration
from services.account.routes import router as account_router
from services.chassis.clock import SHANGHAI
from services.chassis.database import connect_pool
from services.chassis.record import StoredRecord
from services.directory.people import Assignment, Person
from services.directory.posts import Post
from services.notifier.roster_store import replace_assignments
from services.referral.routes import router
from services.simulate.world import World

AT = datetime(2026, 9, 9, 10, tzinfo=SHANGHAI)
SOURCE = "/hospital/220122/h1"
POSTS = {
    "station": Post(Agency("police_station", "unit", "220122"), "duty_officer"),
    "desk": Post(Agency("police_command", "county", "220122"), "duty_officer"),
    "civil": Post(Agency("civil_affairs", "county", "220122"), "duty_officer"),
    "lead": Post(Agency("civil_affairs", "county", "220122"), "case_lead"),
    "women": Post(Agency("womens_federation", "county", "220122"), "duty_officer"),
    "elsewhere": Post(Agency("police_station", "unit", "220182"), "duty_officer"),
    "lead_elsewhere": Post(Agency("civil_affairs", "county", "220182"), "case_lead"),
}


@dataclass
class Doors:
    """A world, a client of its doors, and headers by caller: `ops`, `ops2`, `hospital`, `school`, or the name of a post."""

    world: World
    http: httpx.AsyncClient
    headers: dict[str, dict[str, str]]
    sent: int = 0

    async def report(self, id_: str = "a1", child: str | None = "c_1", **data: Any) -> None:
        """A hospital reports suspected violence: HIGH unless `data` say more."""
        about = {"child_ref": child, "age_years": 10} if child else {"child_known": False}
        told = {"residence_code": "220122100", "hukou_code": "220122100", "confidence": "suspected",
                "occurred_at": AT.isoformat(), "injury_level": "none"}  # fmt: skip
        event = Event(
            id=id_,
            source=SOURCE,
            type="abuse.domestic_violence.suspected.v1",
            time=AT,
            subject=child,
            data=told | about | data,
        )
        headers, value = to_kafka(event)
        self.sent += 1
        at = int(self.world.clock.now().timestamp() * 1000)
        await self.world.take_in(StoredRecord("in.sample", 0, self.sent, at, None, value, tuple(headers)))

    async def get(self, path: str, who: str = "ops", **query: str) -> httpx.Response:
        return await self.http.get(f"/api/v1{path}", headers=self.headers[who], params=query)

    async def items(self, who: str = "ops", **query: str) -> list[dict[str, Any]]:
        """What a caller finds in the list."""
        answer = await self.get("/referrals", who, **query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def referral(self, kind: str, **wanted: str) -> dict[str, Any]:
        """The one referral to a kind of agency."""
        (found,) = (
            r for r in await self.items() if r["agency"]["kind"] == kind and all(r[k] == v for k, v in wanted.items())
        )
        return found

    async def act(self, referral: dict[str, Any], action: str, who: str, request_id: str = "", version: int | None = None,
                  **data: Any) -> httpx.Response:  # fmt: skip
        body = {
            "version": referral["version"] if version is None else version,
            "request_id": request_id or f"{who}-{action}-{referral['version']}", "data": data,
        }  # fmt: skip
        return await self.http.post(
            f"/api/v1/referrals/{referral['id']}/actions/{action}", json=body, headers=self.headers[who]
        )


@pytest_asyncio.fixture
async def doors(database: str, tmp_path: Path) -> AsyncIterator[Doors]:
    """Nobody has reported anything yet; every post has its officer."""
    pool = await connect_pool(database, size=4)
    try:
        world = await World.open(pool, database, tmp_path, AT)
        made: dict[str, tokens.NewToken] = {}
        for name in ("h1", "h2"):
            await sources.add(pool, Registration(name, "hospital", "220122", ("abuse.*",)), AT)
        made["hospital"] = await tokens.create(pool, role="source", name="h1", source="h1", now=AT)
        made["school"] = await tokens.create(pool, role="source", name="h2", source="h2", now=AT)
        for name in ("ops", "ops2"):
            made[name] = await tokens.create(pool, role="operations", name=name, now=AT)
        roster = []
        for name, post in POSTS.items():
            roster.append(Assignment(post, (Person(f"p_{name}", name, {"sms": f"sms-{name}"}),)))
            made[name] = await tokens.create(pool, role="officer", name=name, person_id=f"p_{name}", now=AT)
        async with pool.acquire() as db, db.transaction():
            await replace_assignments(db, roster)
        app = FastAPI()
        install_problems(app)
        app.include_router(router(world.context))
        app.include_router(account_router(world.context))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield Doors(
                world, client, {name: {"Authorization": f"Bearer {token.secret}"} for name, token in made.items()}
            )
    finally:
        await pool.close()
