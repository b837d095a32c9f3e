"""Intake's door as an application, with the callers that come to it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from services.access import sources, tokens
from services.access.headers import SecurityHeaders
from services.access.problems import install_problems
from services.access.registration import Registration
from services.access.sample import register_sample_source
from services.chassis.context import Context
from services.chassis.door import application
from services.intake.routes import router

SOURCE = "/hospital/220122/h1"
TYPE = "abuse.domestic_violence.suspected.v1"


def make_event(**changes: Any) -> dict[str, Any]:
    """A suspected harm as a hospital reports it, in structured mode; `data` given is added to the data."""
    data = {
        "child_ref": "c_8h2k", "age_years": 9, "sex": "female", "residence_code": "220122100",
        "hukou_code": "220122100", "occurrence_code": "220122", "child_categories": ["left_behind"],
        "confidence": "suspected", "occurred_at": "2026-10-02T19:50:00+08:00", "suspect_relation": "father",
        "injury_level": "multiple", "immediate_danger": True, "needs_medical": True,
    } | changes.pop("data", {})  # fmt: skip
    event = {
        "specversion": "1.0", "id": "a1", "source": SOURCE, "type": TYPE, "time": "2026-10-02T20:10:00+08:00",
        "subject": data["child_ref"], "datacontenttype": "application/json", "data": data,
    }  # fmt: skip
    return event | changes


@dataclass(frozen=True)
class Callers:
    """Headers of everybody who may come to the door."""

    hospital: dict[str, str]
    sample: dict[str, str]
    officer: dict[str, str]
    operations: dict[str, str]


@pytest_asyncio.fixture
async def callers(context: Context) -> Callers:
    """A registered hospital, the sample source, an officer and operations."""
    now = context.clock.now()
    await sources.add(context.pool, Registration("h1", "hospital", "220122", ("abuse.*",)), now)
    await sources.add(context.pool, Registration("h2", "hospital", "220122", ("abuse.*",)), now)
    await register_sample_source(context.pool, now)
    made = [
        await tokens.create(context.pool, role="source", name="h1", source="h1", now=now),
        await tokens.create(context.pool, role="source", name="sample", source="sample", sample=True, now=now),
        await tokens.create(context.pool, role="officer", name="Li", person_id="p1", now=now),
        await tokens.create(context.pool, role="operations", name="ops", now=now),
    ]
    return Callers(*({"Authorization": f"Bearer {token.secret}"} for token in made))


@pytest_asyncio.fixture
async def http(context: Context) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the door."""
    app = application()
    install_problems(app)
    app.add_middleware(SecurityHeaders)
    app.include_router(router(context))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


Post = Callable[..., Any]


@pytest.fixture
def post(http: httpx.AsyncClient, callers: Callers) -> Post:
    """Post one event (a dict) or a batch (a list) as the hospital, or as whoever `headers` say."""

    async def send(what: Any, headers: dict[str, str] | None = None) -> httpx.Response:
        kind = "cloudevents-batch" if isinstance(what, list) else "cloudevents"
        return await http.post(
            "/api/v1/events", json=what,
            headers={"Content-Type": f"application/{kind}+json", **(callers.hospital if headers is None else headers)},
        )  # fmt: skip

    return send


@pytest.fixture
def event() -> Callable[..., dict[str, Any]]:
    """Makes events, see make_event."""
    return make_event
