"""Every route, every role, one's own and foreign objects: what is not yours does not exist."""

import pytest

from services.referral.life import ACTIONS
from tests.integration.referral.conftest import POSTS, SOURCE, Doors

INSIDE = ("station", "desk", "civil", "lead", "women", "ops")
OUTSIDE = ("elsewhere", "lead_elsewhere", "hospital", "school")
# Who sees the referral to the police station: its officers, the second endpoint (R11), the county's case lead, operations.
SEES_STATION = {"station", "desk", "lead", "ops", "ops2"}


@pytest.mark.parametrize("who", [*INSIDE, *OUTSIDE])
async def test_a_referral_is_there_for_its_post_and_nobody_else(doors: Doors, who: str) -> None:
    await doors.report()
    station = await doors.referral("police_station")
    for key in (station["id"], station["number"]):
        assert (await doors.get(f"/referrals/{key}", who)).status_code == (200 if who in SEES_STATION else 404)
    listed = {item["id"] for item in await doors.items(who)}
    assert (station["id"] in listed) == (who in SEES_STATION)


@pytest.mark.parametrize("who", [*INSIDE, *OUTSIDE])
async def test_a_case_is_there_for_whoever_has_a_part_of_it(doors: Doors, who: str) -> None:
    await doors.report()
    station = await doors.referral("police_station")
    answer = await doors.get(f"/cases/{station['case']}", who)
    assert answer.status_code == (200 if who in INSIDE else 404)
    if who == "women":
        assert [r["agency"]["kind"] for r in answer.json()["referrals"]] == ["womens_federation"]
    if who in {"lead", "ops"}:
        assert len(answer.json()["referrals"]) == 4


@pytest.mark.parametrize("who", [*INSIDE, *OUTSIDE])
async def test_a_trace_is_there_for_its_source_and_for_whoever_has_a_part_of_it(doors: Doors, who: str) -> None:
    await doors.report()
    answer = await doors.get("/events/a1/trace", who, source=SOURCE)
    assert answer.status_code == (200 if who in (*INSIDE, "hospital") else 404)
    if who == "hospital":  # R9: the outcome's class only
        told = answer.json()
        assert told["outcome"] == "referred"
        assert told["messages"] == []
        assert all(set(r) == {"number", "state", "outcome"} for r in told["referrals"])
    if who == "women":  # a copy shows its own part, not who else was told of what
        told = answer.json()
        assert [r["agency"]["kind"] for r in told["referrals"]] == ["womens_federation"]
        assert {m["agency"]["kind"] for m in told["messages"]} <= {"womens_federation"}
        own = {r["id"] for r in told["referrals"]}
        assert {e["ids"]["referral"] for e in told["timeline"] if "referral" in e["ids"]} <= own
    if who in {"lead", "ops"}:
        assert len(answer.json()["referrals"]) == 4


@pytest.mark.parametrize("action", sorted(ACTIONS))
async def test_nobody_acts_on_what_is_not_his(doors: Doors, action: str) -> None:
    await doors.report()
    station = await doors.referral("police_station")
    for who in (*OUTSIDE, "women", "civil"):
        assert (await doors.act(station, action, who)).status_code == 404
    assert await doors.referral("police_station") == station


@pytest.mark.parametrize("who", ["ops", "lead"])
async def test_whoever_only_watches_does_not_answer_for_the_post(doors: Doors, who: str) -> None:
    await doors.report()
    station = await doors.referral("police_station")
    for action in ("acknowledge", "accept", "start"):
        assert (await doors.act(station, action, who)).status_code == 403
    assert (await doors.referral("police_station"))["state"] == "sent"


@pytest.mark.parametrize("path", ["/referrals", "/referrals/x", "/cases/x", "/events/a1/trace"])
async def test_without_a_token_nothing_is_told(doors: Doors, path: str) -> None:
    await doors.report()
    assert (await doors.http.get(f"/api/v1{path}")).status_code == 401
    wrong = {"Authorization": "Bearer shouhu_officer_wrong"}
    assert (await doors.http.get(f"/api/v1{path}", headers=wrong)).status_code == 401


@pytest.mark.parametrize("path", ["/referrals/nothing", "/cases/nothing", "/events/nothing/trace"])
async def test_what_does_not_exist_is_404_for_everybody(doors: Doors, path: str) -> None:
    for who in (*POSTS, "ops", "hospital"):
        assert (await doors.get(path, who)).status_code == 404


async def test_the_list_pages_without_gaps_or_repeats(doors: Doors) -> None:
    for number in range(3):
        await doors.report(f"a{number}", f"c_{number}")
    whole = [item["id"] for item in await doors.items()]
    assert len(whole) == len(set(whole)) == 12
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await doors.get("/referrals", "ops", limit="5", **({"cursor": cursor} if cursor else {}))).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == whole
    assert (await doors.get("/referrals", "ops", cursor="nonsense")).status_code == 422


async def test_the_list_filters(doors: Doors) -> None:
    await doors.report()
    await doors.report("b1", "c_2", immediate_danger=True)
    station = await doors.referral("police_station", profile="P2-GEN")
    await doors.act(station, "acknowledge", "station")
    assert [r["id"] for r in await doors.items(state="acknowledged")] == [station["id"]]
    assert {r["case"] for r in await doors.items(case=station["case"])} == {station["case"]}
    assert {r["event"]["id"] for r in await doors.items(event="b1")} == {"b1"}
    assert {r["agency"]["kind"] for r in await doors.items(agency="womens_federation")} == {"womens_federation"}
    assert len(await doors.items(agency="civil_affairs@county/220122")) == 2
    assert await doors.items(overdue="true") == []
