"""What posts owe from time to time, and what child directors tell families, in a real browser."""

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, expect

from services.access import tokens
from tests.browser import sample_services
from tests.browser.conftest import Site, sign_in
from tests.browser.test_who_may import officer


@pytest_asyncio.fixture(autouse=True)
async def owed(site: Site) -> None:
    async with site.context.pool.acquire() as db:
        now = site.context.clock.now()
        await sample_services.load_obligations(db, now)
        await sample_services.load_digest(db, now)


async def test_what_is_late_stands_on_top_and_what_is_done_is_not_in_the_way(
    site: Site, visitor: BrowserContext
) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.get_by_role("link", name="定期工作", exact=True).click()
    cards = page.locator(".duties .card")
    await expect(cards.locator(".state")).to_have_text(["已逾期", "临近到期", "未到期"])
    await expect(cards.first).to_contain_text("流动儿童信息更新")
    await expect(cards.first.locator(".due .label").first).to_have_text("运行默认")
    await expect(cards.nth(1)).to_contain_text("暂定")
    await page.click("#show-overdue")
    await expect(cards).to_have_count(1)
    await page.click("#show-all")
    await expect(cards).to_have_count(4)


async def test_a_duty_is_said_to_be_done_once_however_often_it_is_pressed(site: Site, visitor: BrowserContext) -> None:
    pool = site.context.pool
    await pool.execute("update tracker.obligation set code = 'T09', part = 'year'")
    page = await sign_in(visitor, site, "officer")
    await page.goto("/duties/V26-00000000")
    await page.fill("#text", "已抽查 12 份档案")
    form = page.locator("form[data-steady]")
    fields = {
        name: await form.locator(f"[name={name}]").get_attribute("value") or "" for name in ("csrf_token", "request_id")
    }
    await page.get_by_role("button", name="确认已完成").dblclick(no_wait_after=True)
    await expect(page.locator("#notice.good")).to_have_text("已登记完成。")
    await expect(page.locator(".state").first).to_have_text("已完成")
    again = await visitor.request.post("/duties/V26-00000000/complete", form={**fields, "text": "已抽查 12 份档案"})
    assert again.status == 200
    assert await pool.fetchval("select count(*) from tracker.obligation_act") == 1


async def test_what_cannot_be_done_now_says_why_and_keeps_what_was_written(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "officer")
    await page.goto("/duties/V26-00000000")
    await page.fill("#text", "已更新")
    await page.get_by_role("button", name="确认已完成").click()
    await expect(page.locator("#notice.bad")).to_contain_text("本期基础名单尚未收齐：")
    await expect(page.locator("#notice.bad")).to_contain_text("居住证名单")
    await expect(page.locator("#text")).to_have_value("已更新")


async def test_long_lists_go_on_where_the_page_before_ended(site: Site, visitor: BrowserContext) -> None:
    await site.context.pool.execute("delete from tracker.obligation")
    async with site.context.pool.acquire() as db:
        await sample_services.load_obligations(db, site.context.clock.now(), 60)
    page = await sign_in(visitor, site, "officer")
    await page.goto("/duties")
    first = await page.locator(".duties .number").all_inner_texts()
    await page.click("#more")
    second = await page.locator(".duties .number").all_inner_texts()
    assert (len(first), len(second)) == (50, 10)
    assert not set(first) & set(second)
    assert (await visitor.request.get("/duties?cursor=nonsense")).status == 422


async def test_an_officer_sees_the_duties_of_the_own_posts_alone(site: Site, visitor: BrowserContext) -> None:
    token = await officer(site)  # of education
    headers = {"authorization": f"Bearer {token}"}
    answer = await visitor.request.get("/duties", headers=headers)
    assert "目前没有未完成的定期工作" in await answer.text()
    assert (await visitor.request.get("/duties/V26-00000000", headers=headers)).status == 404
    answer = await visitor.request.get("/digests", headers=headers)
    assert "您目前不担任儿童主任" in await answer.text()


@pytest.mark.parametrize("area", ["220122100201", "220122100"])
async def test_a_child_director_reads_what_to_tell_which_family(site: Site, visitor: BrowserContext, area: str) -> None:
    pool, level = site.context.pool, "village"
    await pool.execute("insert into notifier.person(id, name) values ('d1', '儿童主任')")
    await pool.execute(
        "insert into notifier.holding(post_key, kind, level, area, function, person_id, position)"
        " values ($1, 'village_committee', $2, $3, 'child_director', 'd1', 0)",
        f"village_committee@{level}/{area}/child_director", level, area,
    )  # fmt: skip
    made = await tokens.create(pool, role="officer", name="d", person_id="d1", now=site.context.clock.now())
    page = await visitor.new_page()
    await page.set_extra_http_headers({"authorization": f"Bearer {made.secret}"})
    await page.goto("/digests")
    await expect(page.locator(".digest")).to_have_count(2)
    told = page.locator(".digest", has_text="c_8h2k")
    await expect(told).to_contain_text("精神文化生活")
    await expect(told).to_contain_text("12355")
    assert await page.locator(".digest form, .digest .due").count() == 0
