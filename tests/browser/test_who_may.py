"""Every route of the console × every role × a foreign object: who is nobody gets 401, whose it is not gets 404."""

import httpx
import pytest
from fastapi.routing import APIRoute

from services.access import tokens
from services.console.routes import parts
from tests.browser.conftest import Site

FOREIGN, OWN = "JL26-7KQ2M4XA", "JL26-EDUC2222"
OPEN = {"/login", "/static/{name}", "/login/code", "/login/code/check", "/login/wecom", "/login/wecom/back"}
OPERATIONS_ONLY = {"/ops", "/ops/dead-letters/{letter}/replay", "/live/ops"}
FILL = {"number": FOREIGN, "action": "acknowledge", "letter": "1", "name": "console.css"}


def routes(site: Site) -> list[tuple[str, str]]:
    return [
        (method, route.path)
        for part in parts(site.context)
        for route in part.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    ]


def address(path: str) -> str:
    return path.format(**FILL) + ("?version=1" if path == "/live/r/{number}" else "")


async def officer(site: Site) -> str:
    """The token of an officer at the education bureau of the county, who is on no other roster."""
    pool = site.context.pool
    await pool.execute("insert into notifier.person(id, name) values ('p1', '值班一')")
    await pool.execute(
        "insert into notifier.holding(post_key, kind, level, area, function, person_id, position)"
        " values ('education@county/220122/duty_officer', 'education', 'county', '220122', 'duty_officer', 'p1', 0)"
    )
    made = await tokens.create(pool, role="officer", name="值班一", person_id="p1", now=site.context.clock.now())
    return made.secret


async def ask(site: Site, method: str, path: str, token: str = "") -> int:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    form = {"version": "1", "request_id": "x"} if method == "POST" else None
    async with (
        httpx.AsyncClient(base_url=site.address, headers=headers, trust_env=False) as client,
        client.stream(method, path, data=form) as answer,
    ):
        return answer.status_code


async def test_nobody_gets_nothing_but_the_sign_in(site: Site) -> None:
    assert len(routes(site)) >= 14
    for method, path in routes(site):
        if path not in OPEN:
            assert await ask(site, method, address(path)) == 401, (method, path)


@pytest.mark.parametrize("role", ["officer", "source"])
async def test_a_foreign_referral_does_not_exist_and_operations_is_closed(site: Site, role: str) -> None:
    token = await officer(site) if role == "officer" else site.tokens["source"]
    for method, path in routes(site):
        if path in OPERATIONS_ONLY:
            assert await ask(site, method, address(path), token) == 403, (method, path)
        elif "{number}" in path:
            assert await ask(site, method, address(path), token) == 404, (method, path)
    assert await ask(site, "GET", f"/trace?q={FOREIGN}", token) == 404
    row = await site.context.pool.fetchrow("select version from referral.current_view where number = $1", FOREIGN)
    assert row is not None
    assert row["version"] == 1


async def test_the_officer_of_the_post_sees_the_own_one_and_only_that(site: Site) -> None:
    token = await officer(site)
    assert await ask(site, "GET", f"/r/{OWN}", token) == 200
    async with httpx.AsyncClient(
        base_url=site.address, headers={"authorization": f"Bearer {token}"}, trust_env=False
    ) as client:
        page = (await client.get("/duty")).text
    assert OWN in page
    assert FOREIGN not in page


async def test_operations_reads_a_referral_but_may_not_answer_for_its_post(site: Site) -> None:
    assert await ask(site, "GET", f"/r/{FOREIGN}", site.tokens["operations"]) == 200
    assert await ask(site, "POST", f"/r/{FOREIGN}/acknowledge", site.tokens["operations"]) == 403


async def test_a_session_without_its_csrf_token_changes_nothing(site: Site) -> None:
    async with httpx.AsyncClient(base_url=site.address, trust_env=False) as client:
        await client.post("/login", data={"token": site.tokens["officer"]})
        assert (await client.get(f"/r/{FOREIGN}")).status_code == 200
        answer = await client.post(f"/r/{FOREIGN}/acknowledge", data={"version": "1", "request_id": "x"})
        assert answer.status_code == 403
        assert (await client.post("/logout")).status_code == 403


async def test_a_sign_in_form_of_another_site_is_refused(site: Site) -> None:
    async with httpx.AsyncClient(base_url=site.address, trust_env=False) as client:
        answer = await client.post(
            "/login", data={"token": site.tokens["officer"]}, headers={"sec-fetch-site": "cross-site"}
        )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_after_signing_in_nobody_is_sent_to_another_site(site: Site) -> None:
    for wish in ("https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"):
        async with httpx.AsyncClient(base_url=site.address, trust_env=False) as client:
            answer = await client.post("/login", data={"token": site.tokens["officer"], "next": wish})
        assert answer.headers["location"] == "/"
