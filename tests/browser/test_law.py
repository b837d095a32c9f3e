"""The page of rules in a real browser: found, read, labelled, and changed by nobody."""

from datetime import timedelta

from playwright.async_api import BrowserContext, expect

from services.referral import editions
from services.referral.activation import Person
from tests.browser.conftest import Site, sign_in


async def test_a_rule_is_found_and_read_with_its_figures_and_labels(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.get_by_role("link", name="规则", exact=True).click()
    await page.fill("#q", "失踪")
    await page.get_by_role("button", name="查询").click()
    await page.get_by_role("link", name="儿童失踪、走失").click()
    rule = page.locator("[id='whereabouts.missing']")
    await expect(rule).to_contain_text("发生地 县级 公安")
    await expect(rule).to_contain_text("须立为刑事案件")
    await expect(rule.locator("[data-label=law]").first).to_have_text("法律")
    figures = page.locator("#figures")
    await expect(figures).to_contain_text("5 分钟")
    await expect(figures.locator("h3", has_text="P1-POL").locator(".label")).to_have_text("运行默认")
    await expect(figures.locator("h3", has_text="失踪儿童立为刑事案件").locator(".label")).to_have_text("运行默认")
    await expect(figures).to_contain_text("法律要求立即办理")
    await expect(page.locator("[id='whereabouts.missing.6h']")).to_contain_text("失踪满6小时未找到")


async def test_a_law_says_what_it_is_and_which_rules_cite_it(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto("/law?type=child.missing")
    await page.get_by_role("link", name="依法惩治拐卖犯罪意见").first.click()
    await expect(page.locator("main")).to_contain_text("施行时间")
    await page.get_by_role("link", name="儿童失踪、走失").click()
    await expect(page.locator("h1")).to_have_text("儿童失踪、走失")


async def test_what_is_proposed_stands_beside_what_is_in_force(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "operations")
    await page.goto("/law")
    await expect(page.locator("#edition")).to_contain_text("没有拟启用的版本")
    now = site.context.clock.now()
    day = (now + timedelta(days=30)).date()
    async with site.context.pool.acquire() as db, db.transaction():
        await editions.store_edition(db, "2027-01-01+abc", {"a.yaml": "a"}, "t", now)
        await editions.activate(db, "2027-01-01+abc", day, Person("t_1", "甲"), now)
    await page.reload()
    await expect(page.locator("#edition")).to_contain_text(f"2027-01-01+abc，自 {day} 起：已提出，待另一人批准")
    assert "甲" not in await page.locator("#edition").inner_text()


async def test_nothing_on_it_can_be_changed(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "operations")
    for path in ("/law", "/law?type=child.missing", "/law?source=K43"):
        await page.goto(path)
        assert await page.locator("main form[method=post], main textarea").count() == 0
        assert (await visitor.request.post(path)).status in (403, 404, 405)


async def test_what_nobody_knows_is_said_in_words(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto("/law?q=zzzz")
    await expect(page.locator("[role=status]").last).to_contain_text("没有找到符合“zzzz”的事件类型或规则")
    for path in ("/law?type=child.nothing", "/law?source=K99"):
        answer = await page.goto(path)
        assert answer is not None
        assert answer.status == 404


async def test_a_referral_leads_to_its_rules_only_who_learns_there_what_happened(
    site: Site, visitor: BrowserContext
) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto("/r/JL26-7KQ2M4XA")
    await page.click("#rules")
    await expect(page.locator("h1")).to_have_text("疑似遭受家庭暴力")
    for number in ("JL26-9PAB3C5D", "JL26-CCCC4444", "JL26-SEAL7777"):  # co, copy, sealed
        await page.goto(f"/r/{number}")
        await expect(page.locator("#rules")).to_have_count(0)


async def test_a_source_system_reads_neither_the_law_nor_digests(site: Site, visitor: BrowserContext) -> None:
    headers = {"authorization": f"Bearer {site.tokens['source']}"}
    for path in (
        "/api/v1/law",
        "/api/v1/law/types/child.missing",
        "/api/v1/law/sources/K01",
        "/api/v1/digests",
        "/law",
        "/digests",
    ):
        assert (await visitor.request.get(path, headers=headers)).status == 403, path
        assert (await visitor.request.get(path)).status == 401, path
