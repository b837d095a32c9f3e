"""Storms and hand-overs on a real database: nothing is lost, and nobody is rung for nothing."""

from datetime import datetime, timedelta

from services.chassis.clock import SHANGHAI, SimulatedClock
from services.chassis.context import Context
from services.directory.posts import Post
from services.directory.roster_entries import PostPlan
from services.directory.shifts import Plan
from services.notifier.bounds import bounds
from services.notifier.deliver import deliver_due, next_due
from services.notifier.desk import set_desk
from services.notifier.plan_store import replace_plans
from services.notifier.recorder import Recorder
from tests.integration.notifier import stories

T = datetime(2026, 9, 9, 16, 2, tzinfo=SHANGHAI)
HIGH = {"severity": "HIGH", "ladder": "P2", "profile": "P2-GEN"}
PLAN = {
    "shifts": [
        {"name": "日", "from": "08:30", "to": "17:30", "people": ["a"]},
        {"name": "夜", "from": "17:30", "to": "08:30", "people": ["b"]},
    ]
}


async def desk(context: Context, plan: bool = False) -> tuple[Recorder, SimulatedClock]:
    """A clock that stands at T, channels that remember, and two officers, by shifts if asked for."""
    clock, channels = SimulatedClock(T), Recorder()
    context.clock = clock
    await stories.publish_view(context.pool)
    await stories.roster(context, {"duty_officer": ["a", "b"], "duty_leader": ["l"]})
    if plan:
        async with context.pool.acquire() as db:
            await replace_plans(db, [PostPlan(Post(stories.AGENCY, "duty_officer"), Plan.model_validate(PLAN))], T)
    set_desk(context, channels)
    return channels, clock


async def told(context: Context) -> list[tuple[str, str, int]]:
    """Every message: to whom, why, and how many referrals it is about."""
    rows = await context.pool.fetch(
        "select person_id, reason, referral_ids from notifier.message order by created_at, id"
    )
    return [(row["person_id"], row["reason"], len(row["referral_ids"])) for row in rows]


async def test_a_storm_becomes_one_message_about_all_that_was_held_and_every_referral_is_in_one(
    context: Context,
) -> None:
    channels, clock = await desk(context)
    storm = bounds().storm
    many = storm.alone_in_a_minute + 250  # more than are looked at in one piece
    facts = [stories.referral(n, T, **HIGH) for n in range(many)]
    await stories.hear(context, *(stories.opened(fact) for fact in facts), stories.opened(stories.referral(9999, T)))
    await deliver_due(context)
    alone = await told(context)
    assert len(alone) == storm.alone_in_a_minute
    held = await context.pool.fetch("select notices from notifier.held_view")
    assert [row["notices"] for row in held] == [many + 1 - storm.alone_in_a_minute]
    moment = await next_due(context)
    assert moment is not None
    clock.move_to(moment)
    await deliver_due(context)
    found = await told(context)
    together = [each for each in found if each[1] == "digest"]
    assert together == [("a", "digest", many + 1 - storm.alone_in_a_minute)]
    ids = await context.pool.fetch("select distinct unnest(referral_ids) as id from notifier.message")
    assert len(ids) == many + 1
    assert await context.pool.fetchval("select count(*) from notifier.notice where state <> 'told'") == 0
    text = next(parcel.text for parcel in channels.received if parcel.reason == "digest")
    assert f"等{many + 1 - storm.alone_in_a_minute}件" in text


async def test_critical_referrals_of_a_storm_go_alone_at_once(context: Context) -> None:
    channels, _ = await desk(context)
    await stories.hear(context, *(stories.opened(stories.referral(n, T)) for n in range(40)))
    await deliver_due(context)
    assert await told(context) == [("a", "opened", 1)] * 40
    assert len(channels.received) == 80


async def test_what_was_answered_while_it_was_held_is_not_told(context: Context) -> None:
    _, clock = await desk(context)
    facts = [stories.referral(n, T, **HIGH) for n in range(bounds().storm.alone_in_a_minute + 2)]
    await stories.hear(context, *(stories.opened(fact) for fact in facts))
    for fact in facts:
        await stories.now_is(context, fact.model_copy(update={"state": "acknowledged"}))
    clock.move_to(T + timedelta(minutes=30))
    await deliver_due(context)
    assert "digest" not in {reason for _, reason, _ in await told(context)}
    assert await context.pool.fetchval("select count(*) from notifier.notice where state = 'waiting'") == 0


async def test_whoever_takes_over_is_told_of_what_nobody_acknowledged_and_the_one_before_is_not_rung_again(
    context: Context,
) -> None:
    channels, clock = await desk(context, plan=True)
    fact = stories.referral(1, T, **HIGH)
    await stories.hear(context, stories.opened(fact))
    await stories.now_is(context, fact)
    await deliver_due(context)
    assert await told(context) == [("a", "opened", 1)]
    for hand_over in (T.replace(hour=17, minute=30), T.replace(hour=8, minute=30) + timedelta(days=1)):
        assert await next_due(context) == hand_over
        clock.move_to(hand_over)
        await deliver_due(context)
    assert await told(context) == [("a", "opened", 1), ("b", "reminder", 1)]  # at 08:30 a has it again, who knows
    assert "现由您接班办理" in channels.received[-1].text
    await stories.now_is(context, fact.model_copy(update={"state": "acknowledged"}))
    clock.move_to(T + timedelta(days=3))
    await deliver_due(context)
    assert len(await told(context)) == 2
    assert await next_due(context) is None


async def test_a_post_without_shifts_waits_for_no_hand_over(context: Context) -> None:
    await desk(context)
    await stories.hear(context, stories.opened(stories.referral(1, T, **HIGH)))
    await deliver_due(context)
    assert await next_due(context) is None
