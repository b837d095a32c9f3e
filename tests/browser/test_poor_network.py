"""The officer's page on a phone whose network comes and goes, in large type, and without any script."""

import asyncio
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, Route, expect

from services.access import sessions
from tests.browser import sample_services
from tests.browser.conftest import Site, sign_in
from tests.browser.sample_services import LEGAL, RUNS, WAITS
from tests.browser.test_officer import EDUCATION, POLICE, by_api, state_of

OFFICERS = ("/duty", f"/r/{POLICE}", f"/r/{EDUCATION}", "/r/JL26-SEAL7777", "/r/JL26-CCCC4444", "/trace", f"/r/{WAITS}", f"/r/{RUNS}", f"/r/{LEGAL}",
            "/duties", "/duties/V26-00000000", "/digests", "/law", "/law?type=child.missing", "/law?source=K43")  # fmt: skip


async def answers(site: Site) -> int:
    count: int = await site.context.pool.fetchval("select count(*) from referral.answer")
    return count


async def test_an_answer_given_without_network_is_sent_when_it_is_back(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{POLICE}")
    await visitor.set_offline(True)
    await expect(page.locator("#network")).to_contain_text("网络已断开")
    await page.get_by_role("button", name="签收", exact=True).click()
    await expect(page.locator("form .message.bad")).to_contain_text("还没有送到")
    assert await state_of(site, POLICE) == ("sent", 1)
    await visitor.set_offline(False)
    await expect(page.locator("#notice")).to_contain_text("已签收。下一步：")
    await expect(page.locator("#network")).to_be_hidden()
    assert await state_of(site, POLICE) == ("acknowledged", 2)
    assert page.url.endswith(f"/r/{POLICE}?did=acknowledge")
    assert await page.title() == f"转介 {POLICE} · 守护"


async def test_an_answer_whose_confirmation_was_lost_is_sent_again_and_counts_once(
    site: Site, visitor: BrowserContext
) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{POLICE}")
    arrived = 0

    async def lose_the_first(route: Route) -> None:
        nonlocal arrived
        arrived += 1
        if arrived == 1:
            await route.fetch(max_redirects=0)  # the server has it, the phone never learns
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await page.route(f"**/r/{POLICE}/acknowledge", lose_the_first)
    await page.get_by_role("button", name="签收", exact=True).click()
    await page.get_by_role("button", name="现在再送一次").click()
    await expect(page.locator("#notice.good")).to_contain_text("已签收")
    assert (arrived, await answers(site), await state_of(site, POLICE)) == (2, 1, ("acknowledged", 2))


@pytest.mark.parametrize("script", [True, False])
async def test_a_button_pressed_twice_counts_once(site: Site, browser: Browser, script: bool) -> None:
    profile = await browser.new_context(
        base_url=site.address, viewport={"width": 360, "height": 740}, java_script_enabled=script
    )
    page = await sign_in(profile, site, "officer")
    await page.goto(f"/r/{POLICE}")
    await page.get_by_role("button", name="签收", exact=True).dblclick(no_wait_after=True)
    await expect(page.locator("#notice")).to_contain_text("已签收")
    assert (await answers(site), await state_of(site, POLICE)) == (1, ("acknowledged", 2))
    await profile.close()


async def test_what_changed_while_the_phone_was_away_is_said_with_the_present_state(
    site: Site, visitor: BrowserContext
) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{POLICE}")
    await visitor.set_offline(True)
    await page.get_by_role("button", name="签收", exact=True).click()
    await expect(page.locator("form .message.bad")).to_be_visible()
    assert await by_api(site, POLICE, "accept") == 200
    await visitor.set_offline(False)
    notice = page.locator("#notice.bad")
    await expect(notice).to_contain_text("没有登记：您打开页面之后，本件已有变化。")
    await expect(notice).to_contain_text("现在的状态是“已受理”")
    await expect(page.locator(".state").first).to_have_text("已受理")
    await expect(page.locator(".do-now button")).to_have_text("确认开始办理")
    await page.locator(".do-now button").click()  # what is shown can be worked with at once
    await expect(page.locator("#notice.good")).to_contain_text("已开始办理")


async def test_a_server_that_is_away_for_a_moment_is_asked_again(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{POLICE}")
    await page.route(f"**/r/{POLICE}/acknowledge", lambda route: route.fulfill(status=503, body=""), times=1)
    await page.get_by_role("button", name="签收", exact=True).click()
    await expect(page.locator("#notice.good")).to_contain_text("已签收")  # by itself, after some seconds


async def test_whoever_was_signed_out_meanwhile_comes_back_to_the_same_page(
    site: Site, visitor: BrowserContext
) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{POLICE}")
    await visitor.clear_cookies(name=sessions.COOKIE)
    await page.get_by_role("button", name="签收", exact=True).click()
    await expect(page.locator("h1")).to_have_text("登录")
    await page.fill("#token", site.tokens["officer"])
    await page.locator("form:has(#token) button").click()
    await page.wait_for_url(f"**/r/{POLICE}")
    assert await state_of(site, POLICE) == ("sent", 1)


async def test_on_a_slow_network_the_page_says_at_once_that_it_is_sending(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{POLICE}")

    async def slowly(route: Route) -> None:
        await asyncio.sleep(1)
        await route.continue_()

    await page.route(f"**/r/{POLICE}/acknowledge", slowly)
    await page.get_by_role("button", name="签收", exact=True).click()
    await expect(page.locator("form .message")).to_have_text("正在送出……")
    await expect(page.locator("#notice.good")).to_be_visible()


async def test_the_page_is_small_enough_for_a_slow_network(site: Site) -> None:
    headers = {"authorization": f"Bearer {site.tokens['officer']}", "accept-encoding": "gzip"}
    async with httpx.AsyncClient(base_url=site.address, headers=headers, trust_env=False) as client:
        page = await client.get(f"/r/{POLICE}")
        sizes: dict[str, Any] = {}
        for name in ("console.css", "htmx.min.js", "htmx-sse.min.js", "console.js", "answers.js"):
            answer = await client.get(f"/static/{name}")
            assert answer.headers["content-encoding"] == "gzip"
            sizes[name] = answer.num_bytes_downloaded
    assert len(page.content) < 40_000
    assert sum(sizes.values()) < 40_000  # once; then the browser keeps them


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_type_of_twice_the_size_fits_a_narrow_phone(site: Site, visitor: BrowserContext, lang: str) -> None:
    now = site.context.clock.now()
    async with site.context.pool.acquire() as db:
        await sample_services.load(db, now)
        await sample_services.load_digest(db, now)
        await sample_services.load_obligations(db, now)
    page = await sign_in(visitor, site, "officer")
    for path in OFFICERS:
        await page.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        await page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360, path
        if path.startswith("/r/"):
            await expect(page.locator(".do-now button").first).to_be_visible()
