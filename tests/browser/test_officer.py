"""A duty officer at work on the pages, in a real browser."""

from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, BrowserContext, expect

from services.access import accounts
from tests.browser.conftest import Site, sign_in

POLICE, EDUCATION = "JL26-7KQ2M4XA", "JL26-EDUC2222"


async def state_of(site: Site, number: str) -> tuple[str, int]:
    row = await site.context.pool.fetchrow("select state, version from referral.current_view where number = $1", number)
    assert row is not None
    return row["state"], row["version"]


async def by_api(site: Site, number: str, action: str, version: int = 1, **data: Any) -> int:
    async with httpx.AsyncClient(base_url=site.address, trust_env=False) as client:
        answer = await client.post(
            f"/api/v1/referrals/{number}/actions/{action}", headers={"authorization": f"Bearer {site.tokens['officer']}"},
            json={"version": version, "request_id": f"api-{action}", "data": data},
        )  # fmt: skip
    return answer.status_code


async def form_of(profile: BrowserContext, number: str, action: str) -> dict[str, str]:
    """The hidden fields of an action's form, as the page has them now."""
    page = await profile.new_page()
    await page.goto(f"/r/{number}")
    form = page.locator(f"form[action='/r/{number}/{action}']")
    names = ("csrf_token", "version", "request_id")
    values = {name: await form.locator(f"[name={name}]").get_attribute("value") or "" for name in names}
    await page.close()
    return values


async def test_what_waits_is_listed_by_time_left_with_what_is_late_first(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    numbers = await page.locator("#waiting .number").all_inner_texts()
    assert numbers[:2] == ["JL26-9PAB3C5D", POLICE]
    assert "已超时 12 分钟" in await page.locator("#waiting .card").first.inner_text()


async def test_acknowledging_on_the_page_says_the_next_step_and_its_deadline(
    site: Site, visitor: BrowserContext
) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{POLICE}")
    await page.get_by_role("button", name="签收", exact=True).click()
    notice = await page.locator("#notice").inner_text()
    assert "已签收。下一步：" in notice
    assert "首次处置" in notice
    assert await state_of(site, POLICE) == ("acknowledged", 2)


async def test_a_form_sent_twice_counts_once(site: Site, visitor: BrowserContext) -> None:
    await sign_in(visitor, site, "officer")
    fields = await form_of(visitor, POLICE, "acknowledge")
    for _ in range(2):
        answer = await visitor.request.post(f"/r/{POLICE}/acknowledge", form={**fields})
        assert answer.status == 200  # after the redirect to the page that says it is done
    assert await state_of(site, POLICE) == ("acknowledged", 2)
    assert await site.context.pool.fetchval("select count(*) from referral.answer") == 1


async def test_a_stale_page_is_told_what_changed_and_records_nothing(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{POLICE}")
    assert await by_api(site, POLICE, "start") == 200
    async with page.expect_response(f"**/r/{POLICE}/acknowledge") as answered:
        await page.locator(f"form[action='/r/{POLICE}/acknowledge'] button").click()
    assert (await answered.value).status == 409
    await expect(page.locator("#notice")).to_contain_text("没有登记")
    notice = await page.locator("#notice").inner_text()
    assert "办理中" in notice
    assert "最近一次变化：开始办理" in notice
    assert await state_of(site, POLICE) == ("in_progress", 2)


async def test_what_is_missing_is_said_at_its_field_and_what_was_written_stays(
    site: Site, visitor: BrowserContext
) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{EDUCATION}")
    form = page.locator(f"form[action='/r/{EDUCATION}/complete']")
    # The browser's own check is put aside: the owner's answer is what counts.
    await form.evaluate("form => { form.noValidate = true; form.closest('details').open = true; }")
    await form.locator("textarea[name=text]").fill("已上门")
    await form.locator("button").click()
    await page.wait_for_selector("#notice")
    assert await page.locator("#complete-reason[aria-invalid]").count() == 1
    assert "请填写这一项" in await page.locator("#complete-reason-fault").inner_text()
    assert await page.locator("#complete-text").input_value() == "已上门"
    assert (await state_of(site, EDUCATION))[1] == 1


async def test_a_critical_referral_offers_no_return_but_a_redirect(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{POLICE}")
    assert await page.locator(f"form[action='/r/{POLICE}/return']").count() == 0
    assert await page.locator(f"form[action='/r/{POLICE}/redirect'] select[name=kind]").count() == 1


async def test_everything_essential_works_without_javascript(site: Site, browser: Browser) -> None:
    profile = await browser.new_context(base_url=site.address, java_script_enabled=False)
    page = await sign_in(profile, site, "officer")
    await page.click(f"#open-{POLICE}")
    await page.get_by_role("button", name="签收", exact=True).click()
    assert "已签收" in await page.locator("#notice").inner_text()
    await profile.close()


async def test_the_keyboard_alone_reaches_and_presses_the_next_step(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{POLICE}")
    for _ in range(20):
        await page.keyboard.press("Tab")
        focused = await page.evaluate(
            "[document.activeElement.innerText, getComputedStyle(document.activeElement).outlineStyle]"
        )
        if focused[0] == "签收":
            break
    assert focused == ["签收", "solid"]
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#notice")
    assert await state_of(site, POLICE) == ("acknowledged", 2)


async def test_the_list_follows_by_itself_and_keeps_the_focus(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    async with page.expect_response(lambda answer: "/live/duty" in answer.url):
        await page.goto("/duty")
    await page.focus(f"#open-{EDUCATION}")
    assert await by_api(site, POLICE, "acknowledge") == 200
    await page.wait_for_selector(f".card:has(#open-{POLICE}) >> text=已签收")
    assert await page.evaluate("document.activeElement.id") == f"open-{EDUCATION}"


async def test_an_open_page_says_that_somebody_else_answered_and_keeps_what_is_being_written(
    site: Site, visitor: BrowserContext
) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{EDUCATION}")
    await page.fill("#feedback-text", "正在写")
    assert await by_api(site, EDUCATION, "feedback", text="已联系") == 200
    await page.wait_for_selector("#news >> text=本件刚有新情况")
    assert await page.locator("#feedback-text").input_value() == "正在写"


async def test_an_account_signs_in_by_name_and_password_and_comes_back_to_where_it_was(
    site: Site, visitor: BrowserContext
) -> None:
    await accounts.add(
        site.context.pool, account="ops1", name="运行一", role="operations", password="correct horse battery",
        now=site.context.clock.now(),
    )  # fmt: skip
    page = await visitor.new_page()
    answer = await page.goto("/ops?list=late")
    assert answer is not None
    assert answer.status == 401
    await page.fill("#name", "ops1")
    await page.fill("#password", "wrong")
    await page.locator("form:has(#password) button").click()
    assert "不正确" in await page.locator(".message").inner_text()
    await page.fill("#name", "ops1")
    await page.fill("#password", "correct horse battery")
    await page.locator("form:has(#password) button").click()
    await page.wait_for_url("**/ops?list=late")
    await page.get_by_role("button", name="退出登录").click()
    assert "已退出" in await page.locator(".message").inner_text()
    assert (await visitor.request.get("/ops")).status == 401


@pytest.mark.parametrize("number", ["JL26-SEAL7777", "JL26-CCCC4444", POLICE])
async def test_no_page_shows_the_child_the_suspect_or_anything_written_about_them(
    site: Site, visitor: BrowserContext, number: str
) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{number}")
    content = await page.content()
    assert "c_8h2k" not in content
    assert "father" not in content
    shown = await page.locator("main").inner_text()
    assert ("受伤程度" in shown) == (number == POLICE)
    assert ("疑似遭受" in shown) == (number == POLICE)
