"""An acknowledgement from a phone: it counts as the person's own, once, is shown as what it was, and does nothing else."""

import pytest

from events.envelope import Event
from events.notification import ReplyReceived
from services.chassis.work import transaction
from services.console.narrative import said
from services.console.texts import text_of
from tests.integration.referral.conftest import Doors


async def reply(doors: Doors, referral: str, person: str, channel: str = "sms", id_: str = "reply1") -> None:
    """The notifier found out whose phone it was, and says so."""
    context = doors.world.context
    at = context.clock.now()
    told = ReplyReceived(reply=id_, referrals=(referral,), person=person, person_name="样例", channel=channel, at=at)
    event = Event(
        id=f"{id_}-{referral}-{channel}", source="/shouhu/220000/notifier", type=ReplyReceived.TYPE, time=at,
        data=told.model_dump(mode="json"),
    )  # fmt: skip
    async with transaction(context, "notifier") as work:
        work.publish("notifications", referral, event)
    await doors.world.settle()


@pytest.mark.parametrize(("channel", "words"), [("sms", "短信回复"), ("wecom", "政务微信按钮")])
async def test_a_reply_acknowledges_once_and_the_history_says_by_what(doors: Doors, channel: str, words: str) -> None:
    await doors.report()
    station = await doors.referral("police_station")
    await reply(doors, station["id"], "p_station", channel)
    await reply(doors, station["id"], "p_station", channel)
    after = await doors.referral("police_station")
    assert (after["state"], after["version"]) == ("acknowledged", station["version"] + 1)
    rows = await doors.world.context.pool.fetch(
        "select what, ids, detail from referral.log_view where what = 'referral.acknowledge'"
    )
    assert [row["ids"]["by"] for row in rows] == [f"{channel}:p_station"]
    assert words in said(rows[0]["what"], {**rows[0]["ids"], **rows[0]["detail"]}, text_of("zh"))


@pytest.mark.parametrize("person", ["p_elsewhere", "p_lead", "nobody"])
async def test_who_has_nothing_to_do_with_a_referral_acknowledges_nothing(doors: Doors, person: str) -> None:
    await doors.report()
    station = await doors.referral("police_station")
    await reply(doors, station["id"], person)
    assert (await doors.referral("police_station"))["state"] == "sent"
    assert (await doors.world.context.pool.fetchval("select count(*) from chassis.dead_letter")) == 0


async def test_a_reply_that_comes_after_somebody_elses_answer_changes_nothing(doors: Doors) -> None:
    await doors.report()
    station = await doors.referral("police_station")
    await doors.act(station, "start", "station")
    before = await doors.referral("police_station")
    await reply(doors, station["id"], "p_station")
    assert await doors.referral("police_station") == before


async def test_a_reply_to_a_referral_that_does_not_exist_is_no_dead_letter(doors: Doors) -> None:
    await reply(doors, "nosuch", "p_station")
    assert (await doors.world.context.pool.fetchval("select count(*) from chassis.dead_letter")) == 0
