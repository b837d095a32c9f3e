"""The door of the tracker: who sees what is owed, and who may say that it was done."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from events.agency import Agency
from services.access import tokens
from services.access.problems import install_problems
from services.chassis.clock import SimulatedClock
from services.chassis.context import Context
from services.chassis.work import transaction
from services.directory.people import Assignment, Person
from services.directory.posts import Post
from services.notifier.roster_store import replace_assignments
from services.tracker.duties import duties_of
from services.tracker.open_periods import open_due
from services.tracker.routes import router
from tests import real_parts
from tests.integration.tracker.children import event, learn, on_file, owed
from tests.unit.tracker.children import at

START = at("2026-12-20", 9)
POSTS = {
    "lead": Post(Agency("civil_affairs", "county", "220122"), "case_lead"),
    "desk": Post(Agency("civil_affairs", "county", "220122"), "duty_officer"),
    "welfare": Post(Agency("civil_affairs", "county", "220122"), "child_welfare_officer"),
    "director": Post(Agency("village_committee", "village", "220122"), "child_director"),
    "elsewhere": Post(Agency("civil_affairs", "county", "220182"), "case_lead"),
}
LISTS = {
    "police": "residence_permit",
    "education": "migrant_pupils",
    "health": "health_0_6",
    "cdc": "out_of_county_vaccinated",
}


@dataclass
class Door:
    """A client of the door, and headers by caller: `ops`, or the name of a post."""

    context: Context
    http: httpx.AsyncClient
    headers: dict[str, dict[str, str]]

    async def items(self, who: str = "ops", **query: str) -> list[dict[str, Any]]:
        answer = await self.http.get("/api/v1/obligations", headers=self.headers[who], params=query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def complete(
        self, one: dict[str, Any], who: str = "ops", request_id: str = "r1", **body: Any
    ) -> httpx.Response:
        told = {"request_id": request_id, "text": "done", **body}
        return await self.http.post(f"/api/v1/obligations/{one['id']}/complete", json=told, headers=self.headers[who])


@pytest_asyncio.fixture
async def door(database: str, tmp_path: Path) -> AsyncIterator[Door]:
    """Every post has its officer; the periods of December are open."""
    async with real_parts.fresh_context(database, tmp_path, clock=SimulatedClock(START)) as context:
        async with transaction(context, "tracker") as work:
            await open_due(work, duties_of(context), START)
        made = {"ops": await tokens.create(context.pool, role="operations", name="ops", now=START)}
        roster = []
        for name, post in POSTS.items():
            roster.append(Assignment(post, (Person(f"p_{name}", name, {"sms": f"sms-{name}"}),)))
            made[name] = await tokens.create(context.pool, role="officer", name=name, person_id=f"p_{name}", now=START)
        async with transaction(context, "notifier") as work:
            await replace_assignments(work.db, roster)
        app = FastAPI()
        install_problems(app)
        app.include_router(router(context))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield Door(context, client, {name: {"Authorization": f"Bearer {t.secret}"} for name, t in made.items()})


async def test_an_officer_sees_what_the_own_agency_owes(door: Door) -> None:
    assert {one["agency"]["area"] for one in await door.items("desk", limit="200")} == {"220122"}
    assert {one["agency"]["area"] for one in await door.items("elsewhere", limit="200")} == {"220182"}


async def test_a_post_that_is_listed_for_a_county_answers_for_its_villages(door: Door) -> None:
    await on_file(door.context, c_1={"rating": "fair", "last_visit_on": "2026-12-01"})
    assert [one["child"] for one in await door.items("director")] == ["c_1"]


async def test_a_sealed_matter_is_seen_by_its_named_post_alone(door: Door) -> None:
    await on_file(door.context, c_1={"rating": "fair", "last_visit_on": "2026-12-01", "child_categories": ["hiv"]})
    [one] = await door.items("welfare", child="c_1")
    assert one["to_role"] == "child_welfare_officer"
    assert await door.items("desk", child="c_1") == []
    answer = await door.http.get(f"/api/v1/obligations/{one['id']}", headers=door.headers["desk"])
    assert answer.status_code == 404


async def test_pages_follow_one_another_without_gap_or_repeat(door: Door) -> None:
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await door.http.get(
            "/api/v1/obligations", headers=door.headers["ops"], params={"limit": "150", "code": "T07", **cursor}
        )
        page = answer.json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert (
        len(seen)
        == len(set(seen))
        == await door.context.pool.fetchval("select count(*) from tracker.obligation where code = 'T07'")
    )


async def test_whoever_did_it_says_so_once(door: Door) -> None:
    [one] = await door.items("lead", code="T07")
    first = await door.complete(one, "lead")
    assert (first.status_code, first.json()["state"], first.json()["ended_by"]) == (200, "done", "hand")
    again = await door.complete(one, "lead")
    assert again.json() == first.json()
    assert (await door.complete(one, "lead", "r2")).status_code == 409


@pytest.mark.parametrize("body", [{"text": ""}, {"request_id": ""}, {"colour": "red"}])
async def test_what_is_missing_is_named(door: Door, body: dict[str, str]) -> None:
    [one] = await door.items("lead", code="T07")
    answer = await door.complete(one, "lead", **body)
    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_for_others_it_does_not_exist(door: Door) -> None:
    [one] = await door.items("lead", code="T07")
    assert (await door.complete(one, "elsewhere")).status_code == 404


async def test_no_hand_completes_a_visit(door: Door) -> None:
    await on_file(door.context, c_1={"rating": "fair", "last_visit_on": "2026-12-01"})
    [one] = await door.items("ops", child="c_1")
    answer = await door.complete(one)
    assert answer.status_code == 409
    assert "seen" in answer.json()["detail"]
    assert not one["may_complete"]


async def test_an_update_waits_for_the_base_lists_of_its_period(door: Door) -> None:
    [one] = await door.items("lead", code="T05")
    refused = await door.complete(one, "lead")
    assert refused.status_code == 409
    assert {fault["field"] for fault in refused.json()["errors"]} == {f"base_lists.{name}" for name in LISTS.values()}
    for kind, name in LISTS.items():
        await learn(
            door.context,
            event("data.list.delivered", START, None, f"/{kind}/220122/x1", list_kind=name, period="2026-H2"),
        )
    assert (await door.complete(one, "lead", "r2")).status_code == 200


async def test_what_was_done_for_a_child_begins_the_next(door: Door) -> None:
    await learn(door.context, event("placement.temporary.started", at("2026-11-30"), source="/civil_affairs/220122/b1"))
    [review] = await door.items("lead", code="T27")
    assert review["due_on"] == "2026-12-30"
    assert (await door.complete(review, "lead")).status_code == 200
    assert ("T27", "2027-01-19", "open") in await owed(door.context)
