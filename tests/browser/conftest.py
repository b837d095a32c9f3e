"""The doors on a real database, and a real browser in front of them."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from services.access.sample import load_sample_access, token_file
from services.chassis.context import Context
from services.cli.compose import compose, service
from tests.browser import sample_cases

CHROMIUM = "/usr/bin/chromium"
DOORS = ("referral", "tracker", "account", "console")


@dataclass(frozen=True)
class Site:
    """Where the doors are, what is behind them, and the sample tokens by role."""

    address: str
    context: Context
    tokens: dict[str, str]


@pytest_asyncio.fixture
async def site(context: Context, tmp_path: Path) -> AsyncIterator[Site]:
    """Referral API and console on one address, with the sample cases."""
    now = context.clock.now()
    async with context.pool.acquire() as db:
        await sample_cases.load(db, now)
    await load_sample_access(context.pool, tmp_path, "127.0.0.1", now)
    app = FastAPI()
    compose(app, context)
    for name in DOORS:
        door = service(name)
        if door.start is not None:
            await door.start(context)
        assert door.router is not None
        app.include_router(door.router(context))
    # Listening before serving: who comes early waits in the queue.
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    host, port = listening.getsockname()
    tokens = {
        role: token_file(tmp_path, f"sample-{role}").read_text().strip() for role in ("source", "officer", "operations")
    }
    yield Site(f"http://{host}:{port}", context, tokens)
    server.should_exit = True
    await serving


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, one for the run."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        await started.close()


@pytest_asyncio.fixture
async def visitor(browser: Browser, site: Site) -> AsyncIterator[BrowserContext]:
    """A browser profile of its own, on a phone's screen."""
    profile = await browser.new_context(
        base_url=site.address, viewport={"width": 360, "height": 740}, locale="zh-CN", timezone_id="America/New_York"
    )
    profile.set_default_timeout(10_000)
    yield profile
    await profile.close()


async def sign_in(profile: BrowserContext, site: Site, role: str) -> Page:
    """A page of somebody who pasted the sample token of a role."""
    page = await profile.new_page()
    await page.goto("/login")
    await page.fill("#token", site.tokens[role])
    await page.locator("form:has(#token) button").click()
    await page.wait_for_url(lambda address: "/login" not in address)
    return page
