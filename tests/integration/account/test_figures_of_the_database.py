"""Figures are read through the views that the referral service publishes."""

from datetime import date, datetime, timedelta

from services.account.figures import figures
from services.chassis.context import Context
from services.referral.decide import decide
from services.referral.facts import SHANGHAI
from services.referral.join import Desk
from services.referral.save import save
from tests.unit.referral.story_desk import HARM, LAW, event

AT = datetime(2026, 9, 9, 10, tzinfo=SHANGHAI)


async def test_children_count_once_in_their_county_and_an_exercise_never(context: Context) -> None:
    desk = Desk()
    children = [f"c_{n}" for n in range(12)]
    for n, child in enumerate(children):
        told = event(HARM, AT + timedelta(minutes=n), f"e{n}", child, injury_level="multiple")
        decide(LAW, desk, told.model_copy(update={"exercise": n >= 10}), AT + timedelta(minutes=n))
    async with context.pool.acquire() as db, db.transaction():
        await save(db, desk, set(children), AT)
        found = await figures(db, date(2026, 9, 9), date(2026, 9, 9))
        before = await figures(db, date(2026, 9, 1), date(2026, 9, 8))
    assert found.children == {("220122", "harm", "6-11"): 10}
    assert found.as_json()["children"][0]["count"] == 10
    assert found.clocks["220122"]["ack"].owed == 20  # police and civil affairs each; copies are not counted
    assert before.children == {}
