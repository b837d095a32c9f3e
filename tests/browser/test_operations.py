"""Operations staff at work on the pages: the chain of an event, the lists, dead letters."""

import orjson
from playwright.async_api import BrowserContext

from services.chassis.record import StoredRecord
from services.chassis.work import transaction
from tests.browser import sample_cases
from tests.browser.conftest import Site, sign_in

HEADERS = (
    ("ce_specversion", b"1.0"), ("ce_id", b"late-1"), ("ce_source", b"/hospital/220122/h1"),
    ("ce_type", b"abuse.domestic_violence.suspected.v1"), ("ce_time", b"2026-10-02T20:10:00+08:00"), ("content-type", b"application/json"),
)  # fmt: skip
DATA = sample_cases.ABUSE | {
    "occurred_at": "2026-10-02T19:50:00+08:00",
    "hukou_code": "220122100",
    "occurrence_code": "220122",
}


async def bury(site: Site, data: dict[str, object]) -> None:
    """A dead letter of intake, sealed as the chassis seals it."""
    record = StoredRecord("in.sample", 0, 17, 1790000000000, None, orjson.dumps(data), HEADERS)
    async with transaction(site.context, "intake") as work:
        work.bury(record, reason="data.confidence: expected suspected or confirmed", rule="missing", event_source="/hospital/220122/h1",
                  event_id="late-1")  # fmt: skip


async def test_a_number_opens_its_list_and_agrees_with_it(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "operations")
    assert page.url.endswith("/ops")
    for name in ("sent", "soon", "late", "returned", "completed", "open"):
        shown = int(await page.locator(f"#strip-{name} strong").inner_text())
        await page.click(f"#strip-{name}")
        assert await page.locator("ol.cards .card").count() == shown, name
    assert int(await page.locator("#strip-late strong").inner_text()) == 1


async def test_filters_stand_in_the_address(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "operations")
    await page.select_option("#severity", "MEDIUM")
    await page.get_by_role("button", name="应用").click()
    await page.wait_for_url("**severity=MEDIUM*")
    assert await page.locator("ol.cards .number").all_inner_texts() == ["JL26-EDUC2222"]


async def test_the_list_goes_on_where_the_page_before_ended(site: Site, visitor: BrowserContext) -> None:
    await sign_in(visitor, site, "operations")
    pool = site.context.pool
    await pool.execute(
        "insert into referral.referral select id || n, number || n, case_id, child, family, 'co', kind, level, area, severity, profile, state,"
        " version, opened_at, event_source, event_id, exercise, binding, next_due, breached,"
        " fact || jsonb_build_object('id', id || n, 'number', number || n), detail"
        " from referral.referral, generate_series(1, 60) n where number = 'JL26-EDUC2222'"
    )
    page = await visitor.new_page()
    await page.goto("/ops?list=open")
    first = await page.locator("ol.cards .number").all_inner_texts()
    await page.get_by_role("link", name="下一页").click()
    second = await page.locator("ol.cards .number").all_inner_texts()
    assert (len(first), len(second)) == (50, 16)
    assert not set(first) & set(second)
    assert (await visitor.request.get("/ops?list=open&cursor=nonsense")).status == 422


async def test_the_trace_says_whose_turn_it_is_and_why_somebody_was_not_told(
    site: Site, visitor: BrowserContext
) -> None:
    page = await sign_in(visitor, site, "operations")
    for query in ("a1", "case_a1", "jl26-7kq2m4xa", "r_7kq2m4xa"):
        await page.goto(f"/trace?q={query}")
        waits = await page.locator("#waits").inner_text()
        assert "农安县民政局 应在" in waits
        assert "签收，已超时 12 分钟" in waits
        assert "另有 2 件未结束" in waits
    assert "岗位“农安县公安派出所 · 值班员”目前无人值守" in await page.locator("#nobody").inner_text()
    assert "E34-CRITICAL" in await page.locator("main").inner_text()
    assert await page.locator(".timeline li").count() >= 3
    await page.goto("/trace?q=nothing")
    assert "没有查到“nothing”" in await page.locator("main").inner_text()


async def test_a_dead_letter_is_replayed_once_however_often_it_is_pressed(site: Site, visitor: BrowserContext) -> None:
    await bury(site, DATA)
    page = await sign_in(visitor, site, "operations")
    await page.goto("/ops?list=dead")
    form = page.locator("form[action$='/replay']")
    action, token = await form.get_attribute("action"), await form.locator("[name=csrf_token]").get_attribute("value")
    await form.get_by_role("button").click()
    assert "已重放" in await page.locator(".message.good").first.inner_text()
    assert action is not None
    assert token is not None
    again = await visitor.request.post(action, form={"csrf_token": token})
    assert "这一件已经重放过" in await again.text()
    assert await site.context.pool.fetchval("select count(*) from intake.event_view where id = 'late-1'") == 1


async def test_a_dead_letter_that_still_fails_stays_and_says_so(site: Site, visitor: BrowserContext) -> None:
    await bury(site, {"confidence": "maybe"})
    page = await sign_in(visitor, site, "operations")
    await page.goto("/ops?list=dead")
    await page.locator("form[action$='/replay'] button").click()
    assert "仍不能处理" in await page.locator(".message.bad").inner_text()
    assert await page.locator("#strip-dead strong").inner_text() == "1"


async def test_the_numbers_follow_by_themselves(site: Site, visitor: BrowserContext) -> None:
    page = await sign_in(visitor, site, "operations")
    async with page.expect_response(lambda answer: "/live/ops" in answer.url):
        await page.goto("/ops")
    await page.focus("#county")
    await bury(site, {"confidence": "maybe"})
    await site.context.pool.execute("update referral.referral set state = 'cancelled' where number = 'JL26-EDUC2222'")
    await page.wait_for_selector("#strip-open strong >> text=5")
    assert await page.evaluate("document.activeElement.id") == "county"
