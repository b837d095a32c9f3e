"""The way from the operations page to the demo's phones."""

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request

from services.console.visit import has_phones


@pytest.mark.parametrize("mounted", [True, False])
async def test_the_phones_are_linked_only_where_they_are(mounted: bool) -> None:
    app, gateway = FastAPI(), APIRouter(prefix="/phone")
    gateway.add_api_route("", lambda: "phones")
    if mounted:
        app.include_router(gateway)

    @app.get("/linked")
    async def linked(request: Request) -> bool:
        return has_phones(request)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        assert (await client.get("/linked")).json() is mounted
