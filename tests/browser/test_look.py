"""What every page must be for every reader: readable, reachable, within the screen, in both languages, without a fault."""

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from tests.browser import sample_services
from tests.browser.conftest import Site, sign_in
from tests.browser.sample_services import LEGAL, RUNS, WAITS

OFFICER = (
    "/duty", "/r/JL26-7KQ2M4XA", "/r/JL26-EDUC2222", "/r/JL26-SEAL7777", "/r/JL26-CCCC4444", "/trace", f"/r/{WAITS}", f"/r/{RUNS}",
    f"/r/{LEGAL}", "/duties", "/duties?show=all", "/duties/V26-00000000", "/digests", "/law", "/law?q=zzzz", "/law?type=child.missing",
    "/law?type=benefit.application.filed", "/law?source=K43",
)  # fmt: skip
OPERATIONS = (
    "/ops", "/ops?list=late", "/ops?list=dead", "/ops?list=undelivered", "/trace?q=a1", "/r/JL26-9PAB3C5D", f"/r/{LEGAL}",
    f"/trace?q={LEGAL}", "/duties", "/digests",
)  # fmt: skip
PAGES = [("officer", path) for path in OFFICER] + [("operations", path) for path in OPERATIONS]
SMALL = """() => [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary, .button, .strip a, .top a, a.number')]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 120))"""
TINY = """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && e.innerText
    && [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()))
    .filter(e => parseFloat(getComputedStyle(e).fontSize) < 16
    || parseFloat(getComputedStyle(e).lineHeight) / parseFloat(getComputedStyle(e).fontSize) < 1.49)
    .map(e => e.outerHTML.slice(0, 120))"""


@pytest_asyncio.fixture
async def full(site: Site) -> None:
    """Something of everything that a page can show."""
    now = site.context.clock.now()
    async with site.context.pool.acquire() as db:
        await sample_services.load(db, now)
        await sample_services.load_message(db, now)
        await sample_services.load_digest(db, now)
        await sample_services.load_obligations(db, now)


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [360, 1440])
async def test_every_page_fits_is_large_enough_and_raises_no_fault(
    site: Site, browser: Browser, width: int, lang: str
) -> None:
    faults: list[str] = []
    for role in ("officer", "operations"):
        profile = await browser.new_context(base_url=site.address, viewport={"width": width, "height": 800})
        page = await sign_in(profile, site, role)
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        for path in [path for who, path in PAGES if who == role]:
            answer = await page.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
            assert answer is not None
            assert answer.status == 200, path
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
            await page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert await page.evaluate(SMALL) == [], path
            assert await page.evaluate(TINY) == [], path
        await profile.close()
    assert faults == []


async def test_the_language_is_switched_and_remembered(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto("/r/JL26-7KQ2M4XA")
    assert await page.get_attribute("html", "lang") == "zh-CN"
    await page.get_by_role("link", name="English").click()
    assert "/r/JL26-7KQ2M4XA" in page.url
    assert await page.get_by_role("button", name="Acknowledge", exact=True).count() == 1
    await page.goto("/duty")
    assert await page.locator("h1").inner_text() == "Waiting for me"


async def test_times_are_beijing_time_wherever_the_browser_is(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto("/r/JL26-7KQ2M4XA")
    due = page.locator(".big-due time")
    machine, shown = await due.get_attribute("datetime"), await due.inner_text()
    assert machine is not None
    assert machine.endswith("+08:00")
    assert machine[11:16] in shown


async def test_urgency_is_said_by_word_and_shape_too(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    card = page.locator(".card", has=page.locator("#open-JL26-7KQ2M4XA"))
    assert "红色" in await card.locator(".urgency").inner_text()
    assert await card.locator(".urgency svg").count() == 1


async def test_pages_are_never_kept_and_run_nothing_from_elsewhere(site: Site, visitor: BrowserContext) -> None:
    for path in ("/login", "/duty", "/r/JL26-7KQ2M4XA", "/nothing-here"):
        headers = (await visitor.request.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
