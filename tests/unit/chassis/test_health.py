"""A process says whether it lives and whether it can work, and tells strangers no more than that."""

import httpx
import pytest
from fastapi import FastAPI

from services.chassis.health import health_routes


async def fine() -> str | None:
    return None


async def broken() -> str | None:
    return "PostgreSQL does not answer"


async def asked(path: str, *, by: str = "127.0.0.1", works: bool = True) -> httpx.Response:
    app = FastAPI()
    app.include_router(health_routes("referral", {"reads": fine, "database": fine if works else broken}))
    transport = httpx.ASGITransport(app, client=(by, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://shouhu") as client:
        return await client.get(path)


async def test_a_process_that_cannot_work_lives_but_is_not_ready_and_says_why() -> None:
    assert (await asked("/healthz", works=False)).status_code == 200
    answer = await asked("/readyz", works=False)
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"reads": "ok", "database": "PostgreSQL does not answer"}


async def test_a_process_that_works_is_ready() -> None:
    assert (await asked("/readyz")).status_code == 200


@pytest.mark.parametrize(
    ("address", "told"), [("127.0.0.1", True), ("10.1.2.3", True), ("::1", True), ("8.8.8.8", False)]
)
async def test_only_internal_addresses_see_metrics_and_reasons(address: str, told: bool) -> None:
    assert ((await asked("/metrics", by=address)).status_code == 200) is told
    assert ("checks" in (await asked("/readyz", by=address)).json()) is told
