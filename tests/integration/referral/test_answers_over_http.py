"""Officers' answers over the door: taken once, refused with what was missing, never lost between two people."""

import asyncio

import pytest

from tests.integration.referral.conftest import Doors


async def test_an_officer_acknowledges_and_sees_what_is_next(doors: Doors) -> None:
    await doors.report()
    station = await doors.referral("police_station")
    answer = await doors.act(station, "acknowledge", "station")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["state"], told["version"]) == ("acknowledged", station["version"] + 1)
    assert "start" in {a["action"] for a in told["allowed_actions"]}
    assert {c["name"]: c["state"] for c in told["clocks"]}["ack"] == "met"
    again = await doors.get(f"/referrals/{station['number']}", "station")
    assert again.json() == told


async def test_the_same_request_again_gives_the_same_answer_and_does_nothing(doors: Doors) -> None:
    await doors.report()
    station = await doors.referral("police_station")
    one = await doors.act(station, "acknowledge", "station", "r-1")
    two = await doors.act(station, "acknowledge", "station", "r-1")
    assert (one.status_code, one.json()) == (two.status_code, two.json())
    assert (await doors.referral("police_station"))["version"] == station["version"] + 1


async def test_a_stale_version_is_shown_the_current_state(doors: Doors) -> None:
    await doors.report()
    station = await doors.referral("police_station")
    await doors.act(station, "acknowledge", "desk")
    late = await doors.act(station, "acknowledge", "station")
    assert late.status_code == 409
    assert late.headers["content-type"].startswith("application/problem+json")
    assert late.json()["current"]["state"] == "acknowledged"


async def test_an_action_out_of_turn_is_409_with_the_current_state(doors: Doors) -> None:
    await doors.report()
    station = await doors.referral("police_station")
    answer = await doors.act(station, "complete", "station", reason="helped", text="x")
    assert answer.status_code == 409
    assert answer.json()["current"]["version"] == station["version"]


@pytest.mark.parametrize(
    ("action", "missing"),
    [("feedback", {"data.text"}), ("redirect", {"data.kind", "data.area", "data.summary"}), ("dance", {"action"})],
)
async def test_what_is_missing_is_named(doors: Doors, action: str, missing: set[str]) -> None:
    await doors.report()
    answer = await doors.act(await doors.referral("civil_affairs"), action, "civil")
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == missing


async def test_a_body_that_is_no_answer_is_422_and_not_repeated(doors: Doors) -> None:
    await doors.report()
    station = await doors.referral("police_station")
    path = f"/api/v1/referrals/{station['id']}/actions/acknowledge"
    answer = await doors.http.post(path, json={"version": "secret-text", "extra": 1}, headers=doors.headers["station"])
    assert answer.status_code == 422
    assert "secret-text" not in answer.text


async def test_the_second_endpoint_may_acknowledge(doors: Doors) -> None:
    await doors.report()  # R11: the county's 110 desk
    assert (await doors.act(await doors.referral("police_station"), "acknowledge", "desk")).status_code == 200


async def test_the_co_ordinator_closes_and_the_handler_does_not(doors: Doors) -> None:
    await doors.report()
    assert (await doors.act(await doors.referral("police_station"), "start", "station")).status_code == 200
    station = await doors.referral("police_station")
    assert (await doors.act(station, "complete", "station", reason="helped", text="x")).status_code == 200
    station = await doors.referral("police_station")
    assert (await doors.act(station, "close", "station")).status_code == 403
    assert (await doors.act(station, "close", "lead_elsewhere")).status_code == 404
    assert (await doors.act(station, "close", "lead")).json()["state"] == "closed"


async def test_void_takes_two_operators(doors: Doors) -> None:
    await doors.report()
    first = await doors.act(await doors.referral("womens_federation"), "void", "ops", reason="test")
    assert first.json()["state"] == "sent"
    same = await doors.act(await doors.referral("womens_federation"), "void", "ops", "again", reason="test")
    assert same.json()["state"] == "sent"
    second = await doors.act(await doors.referral("womens_federation"), "void", "ops2", reason="test")
    assert second.json()["state"] == "void"


async def test_reopening_beside_another_open_case_is_409(doors: Doors) -> None:
    await doors.report()
    for kind, who in (("police_station", "station"), ("civil_affairs", "civil")):
        await doors.act(await doors.referral(kind), "start", who)
        await doors.act(await doors.referral(kind), "complete", who, reason="helped", text="x")
        await doors.act(await doors.referral(kind), "close", "ops")
    old = await doors.referral("police_station")
    await doors.report("a2")
    answer = await doors.act(old, "reopen", "ops", reason="new facts")
    assert answer.status_code == 409


async def test_two_officers_at_the_same_moment_get_one_yes_and_one_look_again(doors: Doors) -> None:
    await doors.report()
    station = await doors.referral("police_station")
    answers = await asyncio.gather(doors.act(station, "acknowledge", "station"), doors.act(station, "accept", "desk"))
    assert sorted(a.status_code for a in answers) == [200, 409]
