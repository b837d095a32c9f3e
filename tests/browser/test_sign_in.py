"""Officers sign in by WeCom and by a code, in a real browser, against the phone gateway."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest_asyncio
from fastapi import FastAPI
from playwright.async_api import BrowserContext, Page, expect

from services.access import accounts, sessions
from services.access.headers import SecurityHeaders
from services.access.problems import install_problems
from services.phone import sample
from services.phone.channels import account_channels
from services.phone.routes import router
from tests.browser.conftest import Site
from tests.integration.phone.conftest import served

MOBILE, WECOM, OWN = "19900000001", "li-zhiban", "JL26-EDUC2222"


@dataclass(frozen=True)
class Post:
    """The gateway, and one officer of the education bureau with verified contacts there."""

    site: Site
    gateway: str

    async def codes(self) -> list[str]:
        """The codes that arrived on the officer's phone, oldest first."""
        headers = {"Authorization": f"Bearer {self.site.tokens['operations']}"}
        async with httpx.AsyncClient(base_url=self.gateway, headers=headers) as client:
            items = (await client.get("/phone/api/messages", params={"to": MOBILE})).json()["items"]
        return [found[0] for item in items if (found := re.findall(r"\b\d{6}\b", item["text"]))]

    async def code(self) -> str:
        """The code, once it is there."""
        for _ in range(100):
            if found := await self.codes():
                return found[-1]
            await self.site.context.pool.fetchval("select pg_sleep(0.05)")
        raise AssertionError("no code arrived")

    async def pick_up(self, profile: BrowserContext) -> None:
        """From now on this browser is the officer's phone with WeCom on it."""
        headers = {"Authorization": f"Bearer {self.site.tokens['operations']}"}
        card = {"title": "转介", "description": "请签收", "url": f"{self.site.address}/r/{OWN}", "btntxt": "办理"}
        body = {"touser": WECOM, "agentid": sample.WECOM_AGENT, "msgtype": "textcard", "textcard": card}
        async with httpx.AsyncClient(base_url=self.gateway, headers=headers) as client:
            account = {"corpid": sample.WECOM_CORP, "corpsecret": sample.WECOM_SECRET}
            token = (await client.get("/phone/wecom/cgi-bin/gettoken", params=account)).json()["access_token"]
            await client.post(f"/phone/wecom/cgi-bin/message/send?access_token={token}", json=body)
            answer = await client.get("/phone/wecom/open", params={"user": WECOM, "url": f"{self.site.address}/duty"})
        (cookie,) = answer.cookies.jar
        await profile.add_cookies(
            [{"name": cookie.name, "value": cookie.value or "", "domain": "127.0.0.1", "path": "/phone"}]
        )


@pytest_asyncio.fixture
async def post(site: Site, tmp_path: Path) -> AsyncIterator[Post]:
    """See Post."""
    pool = site.context.pool
    await pool.execute("insert into notifier.person(id, name) values ('p1', '值班一'), ('p2', '值班二')")
    await pool.execute(
        "insert into notifier.contact values ('p1', 'sms', $1), ('p1', 'wecom', $2), ('p2', 'sms', '19900000002')",
        MOBILE,
        WECOM,
    )
    await pool.execute(
        "insert into notifier.verified_contact select person_id, channel, sha256(convert_to(value, 'UTF8')), now()"
        " from notifier.contact where person_id = 'p1'"
    )
    await pool.execute(
        "insert into notifier.holding(post_key, kind, level, area, function, person_id, position)"
        " select 'education@county/220122/duty_officer', 'education', 'county', '220122', 'duty_officer', id, 0 from notifier.person"
    )
    app = FastAPI()
    install_problems(app)
    app.add_middleware(SecurityHeaders)
    app.include_router(router(site.context))
    async with served(app) as host:
        file = tmp_path / "channels.yaml"
        channels = account_channels(f"http://{host}")
        wecom = channels["wecom"]
        assert isinstance(wecom, dict)
        wecom["url"] = re.sub("page=[^&]*", f"page={site.address}", wecom["url"])
        file.write_text(json.dumps(channels))
        site.context.settings = site.context.settings.model_copy(update={"channels": file})
        yield Post(site, f"http://{host}")


async def asked(visitor: BrowserContext, who: str = MOBILE, path: str = f"/r/{OWN}") -> Page:
    page = await visitor.new_page()
    await page.goto(path)
    await page.fill("#who", who)
    await page.get_by_role("button", name="发送验证码").click()
    await page.wait_for_selector("#code")
    assert page.url.endswith(f"/login/code?next={quote(path if path != '/login' else '/', safe='')}")
    return page


async def test_a_link_alone_opens_nothing_and_wecom_signs_in_and_leads_back(
    post: Post, visitor: BrowserContext
) -> None:
    await post.pick_up(visitor)
    page = await visitor.new_page()
    answer = await page.goto(f"/r/{OWN}")
    assert answer is not None
    assert answer.status == 401
    assert "辍学" not in await page.content()
    await page.click("#by-wecom")
    await page.wait_for_url(f"**/r/{OWN}")
    await expect(page.locator("h1")).to_contain_text("辍学")
    (cookie,) = [each for each in await visitor.cookies() if each["name"] == sessions.COOKIE]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    await page.goto("/r/JL26-7KQ2M4XA")
    await expect(page.locator("h1")).to_have_text("没有找到")  # of the police: not this officer's


async def test_in_wecom_itself_the_page_opens_with_no_press_at_all(post: Post, visitor: BrowserContext) -> None:
    await post.pick_up(visitor)
    page = await visitor.new_page()
    await page.set_extra_http_headers(
        {"user-agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger/7.0.1 wxwork/4.1.30"}
    )
    await page.goto(f"/r/{OWN}")
    await page.wait_for_url(f"**/r/{OWN}")
    await expect(page.locator("h1")).to_contain_text("辍学")


async def test_a_state_is_bound_to_its_browser_and_good_once(post: Post, visitor: BrowserContext) -> None:
    await post.pick_up(visitor)
    went = await visitor.request.get("/login/wecom?next=/duty", max_redirects=0)
    there = await visitor.request.get(went.headers["location"], max_redirects=0)
    back = there.headers["location"]
    assert parse_qs(urlsplit(went.headers["location"]).query)["state"] == parse_qs(urlsplit(back).query)["state"]
    async with httpx.AsyncClient(trust_env=False) as thief:
        answer = await thief.get(back)
        assert (answer.status_code, sessions.COOKIE in answer.cookies) == (401, False)
    assert (await visitor.request.get(back)).status == 200
    again = await visitor.request.get(back)
    assert again.status == 401
    assert "请再试一次" in await again.text()


async def test_wecom_knows_somebody_whom_the_roster_does_not(post: Post, visitor: BrowserContext) -> None:
    await post.pick_up(visitor)
    await post.site.context.pool.execute("delete from notifier.verified_contact where channel = 'wecom'")
    page = await visitor.new_page()
    await page.goto("/login")
    await page.click("#by-wecom")
    await expect(page.locator(".message[role=status]")).to_contain_text("名册中没有")
    assert not [each for each in await visitor.cookies() if each["name"] == sessions.COOKIE]


async def test_a_code_that_arrives_on_the_own_phone_signs_in(post: Post, visitor: BrowserContext) -> None:
    page = await asked(visitor)
    code = await post.code()
    await page.reload()  # the phone dropped the page while its owner read the message
    await page.fill("#code", code)
    await page.get_by_role("button", name="登录", exact=True).click()
    await page.wait_for_url(f"**/r/{OWN}")
    await expect(page.locator("h1")).to_contain_text("辍学")
    assert len(await post.codes()) == 1


async def test_a_wrong_code_is_said_to_be_wrong_and_five_end_it(post: Post, visitor: BrowserContext) -> None:
    page = await asked(visitor)
    right = await post.code()
    for _ in range(5):
        await page.fill("#code", f"{(int(right) + 7) % 1_000_000:06d}")
        await page.get_by_role("button", name="登录", exact=True).click()
        await expect(page.locator("#notice.bad")).to_contain_text("验证码不正确")
    await page.fill("#code", right)
    await page.get_by_role("button", name="登录", exact=True).click()
    await expect(page.locator("#notice.bad")).to_contain_text("验证码不正确")
    assert not [each for each in await visitor.cookies() if each["name"] == sessions.COOKIE]


async def test_nothing_tells_who_is_on_the_roster(post: Post, visitor: BrowserContext) -> None:
    pages = {}
    for who in (MOBILE, "19900000002", "19999999999", "nobody"):  # known, known but not verified, unknown
        page = await asked(visitor, who, "/login")
        body = await page.locator("main").inner_html()
        pages[who] = body
        assert (await visitor.request.post("/login/code", form={"who": who})).status == 429
    assert len(set(pages.values())) == 1
    await post.code()
    assert len(await post.codes()) == 1


async def test_an_account_name_leads_to_the_same_contact(post: Post, visitor: BrowserContext) -> None:
    now = post.site.context.clock.now()
    await accounts.add(
        post.site.context.pool,
        account="li",
        name="李",
        role="officer",
        password="a long password",
        person_id="p1",
        now=now,
    )
    await asked(visitor, "li", "/login")
    assert await post.code()


async def test_a_form_of_another_site_sends_no_code(post: Post, visitor: BrowserContext) -> None:
    for path in ("/login/code", "/login/code/check"):
        async with httpx.AsyncClient(base_url=post.site.address, trust_env=False) as client:
            answer = await client.post(path, data={"who": MOBILE}, headers={"sec-fetch-site": "cross-site"})
        assert answer.status_code == 403
