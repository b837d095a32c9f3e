"""What law and policy ask, on the officer's page: items, consent, legal limits, labels; and who was told why, for operations."""

import pytest_asyncio
from playwright.async_api import BrowserContext, expect

from tests.browser import sample_services
from tests.browser.conftest import Site, sign_in
from tests.browser.sample_services import LEGAL, RUNS, WAITS


@pytest_asyncio.fixture(autouse=True)
async def services(site: Site) -> None:
    async with site.context.pool.acquire() as db:
        await sample_services.load(db, site.context.clock.now())


async def test_items_stand_with_their_text_department_and_what_waits_for_consent(
    site: Site, visitor: BrowserContext
) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{RUNS}")
    items = page.locator(".item")
    await expect(items).to_have_count(3)
    await expect(items.nth(0)).to_contain_text("健康和托育（3岁以下）服务")
    await expect(items.nth(0)).to_contain_text("责任部门：")
    await expect(items.nth(0).locator("[data-label=policy]").first).to_have_text("政策")
    await expect(items.nth(2)).to_contain_text("点燃希望 困难家庭儿童重大疾病救助")
    await expect(items.nth(2).locator(".waits")).to_have_text("待同意")
    await expect(page.locator(".item .waits")).to_have_count(1)


async def test_a_referral_that_waits_for_consent_says_so_and_starts_with_it(
    site: Site, visitor: BrowserContext
) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{WAITS}")
    await expect(page.locator("#consent")).to_contain_text("等待同意")
    await expect(page.locator("h2", has_text="各项期限")).to_have_count(0)
    await page.get_by_role("button", name="登记同意").first.click()
    await expect(page.locator("#notice.good")).to_contain_text("已登记同意")
    await expect(page.locator(".state").first).to_have_text("待签收")
    await expect(page.locator("h2", has_text="各项期限")).to_have_count(1)


async def test_limits_of_law_stand_beside_operational_ones_each_with_its_label(
    site: Site, visitor: BrowserContext
) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto(f"/r/{LEGAL}")
    clocks = page.locator(".clocks > li")
    legal = clocks.filter(has_text="失踪儿童立为刑事案件")
    await expect(legal.locator(".due .label")).to_have_text("运行默认")  # law says at once
    await expect(legal).to_contain_text("法律要求立即办理")
    await expect(legal).to_contain_text("法定到期：")
    await expect(legal).to_contain_text("依法惩治拐卖犯罪意见")
    acknowledge = clocks.filter(has_text="签收")
    await expect(acknowledge.locator(".due .label")).to_have_text("运行默认")
    await expect(clocks.filter(has_text="首次处置")).to_contain_text("暂定（超出已发布的节假日安排）")
    term = clocks.filter(has_text="保护令有效期")
    await expect(term.locator(".due")).to_contain_text("至 ")
    await expect(term.locator(".label").first).to_have_text("法律")
    await expect(page.locator("main")).to_contain_text("适用时限：危急·公安")
    await expect(page.locator("dl")).to_contain_text("报告来源")
    await expect(page.locator("dl")).to_contain_text("医疗机构")
    assert "h1" not in await page.locator("dl").inner_text()


async def test_operations_read_who_was_told_and_why_and_no_text_of_items(site: Site, visitor: BrowserContext) -> None:
    async with site.context.pool.acquire() as db:
        await sample_services.load_message(db, site.context.clock.now())
    page = await sign_in(visitor, site, "operations")
    await page.goto(f"/r/{LEGAL}")
    told = page.locator("#told")
    await expect(told).to_contain_text("带班一")
    await expect(told).to_contain_text("短信 已发出")
    await told.locator("summary").click()
    why = told.locator(".why")
    await expect(why).to_contain_text("农安县公安局 带班领导 · 带班领导接替 · 轮班")
    await expect(why).to_contain_text("班次 夜班（10-02 17:00 至 10-03 09:00）")
    await expect(why).to_contain_text("未通知 农安县公安局 值班员：值班人员休假")
    await page.goto(f"/trace?q={LEGAL}")
    message = page.locator(".messages .card", has_text="带班一")
    await message.locator("summary").click()
    await expect(message).to_contain_text("未通知 农安县公安局 值班员：值班人员休假")
    await page.goto(f"/r/{RUNS}")
    await expect(page.locator("#items")).to_have_count(0)


async def test_an_officer_sees_no_messages_of_others(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    async with site.context.pool.acquire() as db:
        await sample_services.load_message(db, site.context.clock.now())
    await page.goto(f"/r/{LEGAL}")
    await expect(page.locator("#told")).to_have_count(0)
    await page.goto(f"/trace?q={LEGAL}")
    await expect(page.locator(".messages .card")).to_have_count(1)
    await expect(page.locator(".why")).to_have_count(0)
