"""What follows each outcome of a hand-over, over HTTP to a provider that takes, refuses, is silent or breaks off."""

from typing import Any

import pytest

from services.chassis.context import Context
from services.notifier.channels import read_channels
from services.notifier.claim import claim, release_stuck
from services.notifier.deliver import deliver_due
from services.notifier.parcel import Lane, Parcel
from tests.integration.notifier import stories
from tests.integration.notifier.receiver import Receiver

PARCEL = Parcel(
    message_id="m", referral="JL26-AAAAAAAA", to_role="duty_officer", level=0, exercise=False, to="13800000000",
    channel="sms", text="红色", reason="opened", kind="civil_affairs", agency_level="county", area="220122",
)  # fmt: skip


async def rows(context: Context, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await context.pool.fetch(sql)]


async def test_a_critical_referral_reaches_one_officer_by_sms_and_wecom_with_every_field(
    notifier: Context, receiver: Receiver
) -> None:
    await stories.hear(notifier, stories.opened(stories.referral(1, notifier.clock.now())))
    await deliver_due(notifier)
    assert sorted(each["channel"] for each in receiver.received) == ["sms", "wecom"]
    (sms,) = receiver.by("sms")
    wanted = {
        "to": "1380000smsa", "referral": "JL26-00000001", "to_role": "duty_officer", "level": 0, "exercise": False,
        "reason": "opened", "kind": "civil_affairs", "agency_level": "county", "area": "220122",
    }  # fmt: skip
    assert wanted.items() <= sms.items()
    assert sms["text"].startswith("【吉林儿童保护】红色转介 JL26-00000001(农安县)")
    assert sms["message_id"]
    assert await rows(notifier, "select state from notifier.notice") == [("told",)]


async def test_hearing_of_the_same_referral_again_tells_nobody_again(notifier: Context, receiver: Receiver) -> None:
    event = stories.opened(stories.referral(1, notifier.clock.now()))
    await stories.hear(notifier, event, event)
    await deliver_due(notifier)
    await stories.hear(notifier, event)
    await deliver_due(notifier)
    assert len(receiver.received) == 2


async def test_three_children_of_one_event_are_one_message_that_says_how_many(
    notifier: Context, receiver: Receiver
) -> None:
    now = notifier.clock.now()
    first, *rest = [stories.opened(stories.referral(n, now, event_id="one")) for n in (1, 2, 3)]
    await stories.hear(notifier, first)
    await stories.hear(notifier, *rest)
    await deliver_due(notifier)
    assert len(receiver.received) == 2
    assert "JL26-00000001等3件" in receiver.received[0]["text"]


async def test_a_sibling_heard_of_after_the_message_went_out_gets_a_message_of_its_own(
    notifier: Context, receiver: Receiver
) -> None:
    now = notifier.clock.now()
    await stories.hear(notifier, stories.opened(stories.referral(1, now, event_id="one")))
    await deliver_due(notifier)
    await stories.hear(notifier, stories.opened(stories.referral(2, now, event_id="one")))
    await deliver_due(notifier)
    assert {each["referral"] for each in receiver.received} == {"JL26-00000001", "JL26-00000002"}


async def test_a_channel_that_refuses_for_good_is_followed_by_the_next_one(
    notifier: Context, receiver: Receiver
) -> None:
    receiver.behave = lambda message: 400 if message["channel"] == "wecom" else 200
    await stories.hear(
        notifier, stories.opened(stories.referral(1, notifier.clock.now(), severity="MEDIUM", ladder="P3"))
    )
    await deliver_due(notifier)
    assert [each["channel"] for each in receiver.received] == ["wecom", "sms"]
    assert await rows(notifier, "select channel, state from notifier.delivery order by position") == [
        ("wecom", "refused"),
        ("sms", "sent"),
    ]


@pytest.mark.parametrize("answer", [400, 504, "silent", "reset"])
async def test_when_every_channel_of_an_officer_fails_the_next_one_is_told_and_nobody_twice(
    notifier: Context, receiver: Receiver, answer: int | str
) -> None:
    receiver.behave = lambda message: answer if message["to"].endswith("a") else 200
    await stories.hear(notifier, stories.opened(stories.referral(1, notifier.clock.now())))
    await deliver_due(notifier)
    tried = [(each["to"], each["channel"]) for each in receiver.received]
    assert len(tried) == len(set(tried)), "nobody is told twice on a channel"
    told = await rows(
        notifier, "select person_id, to_role, level, reason, state from notifier.message order by created_at, id"
    )
    assert sorted(told) == [
        ("a", "duty_officer", 0, "opened", "unreached"),
        ("b", "duty_officer", 0, "undelivered", "reached"),
    ]


async def test_after_the_officers_their_leader_is_told_at_level_1(notifier: Context, receiver: Receiver) -> None:
    receiver.behave = lambda message: 200 if message["to_role"] == "duty_leader" else 404
    await stories.hear(notifier, stories.opened(stories.referral(1, notifier.clock.now())))
    await deliver_due(notifier)
    reached = await rows(notifier, "select person_id, level, reason from notifier.message where state = 'reached'")
    assert reached == [("l", 1, "undelivered")]


async def test_a_chain_without_anybody_left_is_on_record_as_undelivered(notifier: Context, receiver: Receiver) -> None:
    receiver.behave = lambda _: 404
    await stories.hear(notifier, stories.opened(stories.referral(1, notifier.clock.now())))
    await deliver_due(notifier)
    assert await rows(notifier, "select state from notifier.notice") == [("undelivered",)]


async def test_a_referral_that_was_answered_meanwhile_rings_nobody(notifier: Context, receiver: Receiver) -> None:
    fact = stories.referral(1, notifier.clock.now())
    await stories.hear(notifier, stories.opened(fact))
    await stories.now_is(notifier, fact.model_copy(update={"state": "acknowledged"}))
    await deliver_due(notifier)
    assert receiver.received == []
    assert await rows(notifier, "select distinct state from notifier.delivery") == [("not_needed",)]
    assert await rows(notifier, "select state from notifier.notice") == [("not_needed",)]


async def test_a_breach_rings_the_leader_by_voice_too_only_while_its_clock_runs(
    notifier: Context, receiver: Receiver
) -> None:
    now = notifier.clock.now()
    fact = stories.referral(1, now, state="acknowledged")
    await stories.now_is(notifier, fact)
    await stories.hear(notifier, stories.breached(fact, 1, now))
    await deliver_due(notifier)
    assert sorted(each["channel"] for each in receiver.received) == ["sms", "voice", "wecom"]
    stopped = fact.clocks[0].model_copy(update={"state": "breached", "stopped_at": now})
    await stories.now_is(notifier, fact.model_copy(update={"clocks": (stopped,)}))
    await stories.hear(notifier, stories.breached(fact, 2, now))
    await deliver_due(notifier)
    assert len(receiver.received) == 3


async def test_an_exercise_reaches_no_real_channel_and_asks_nobody_else(notifier: Context, receiver: Receiver) -> None:
    await stories.hear(notifier, stories.opened(stories.referral(1, notifier.clock.now(), exercise=True)))
    await deliver_due(notifier)
    assert receiver.received == []
    ((text,),) = await rows(notifier, "select text from notifier.message")
    assert text.startswith("【演练】")


async def test_what_a_dead_process_had_claimed_is_handed_over_by_the_next(
    notifier: Context, receiver: Receiver
) -> None:
    await stories.hear(notifier, stories.opened(stories.referral(1, notifier.clock.now())))
    claimed, _ = await claim(notifier, Lane("sms", False, 16), 16)
    assert len(claimed) == 1
    assert await release_stuck(notifier) == 0, "a claim in use is left alone"
    await notifier.pool.execute("update notifier.delivery set claimed_at = claimed_at - interval '61 seconds'")
    assert await release_stuck(notifier) == 1
    await deliver_due(notifier)
    assert sorted(each["channel"] for each in receiver.received) == ["sms", "wecom"]


async def test_the_views_show_a_message_with_its_channels_and_no_contact(notifier: Context, receiver: Receiver) -> None:
    await stories.hear(notifier, stories.opened(stories.referral(1, notifier.clock.now())))
    await deliver_due(notifier)
    assert await rows(
        notifier, "select number, kind, to_role, level, reason, person_id, channels, state from notifier.message_view"
    ) == [("JL26-00000001", "civil_affairs", "duty_officer", 0, "opened", "a", ["sms", "wecom"], "reached")]
    assert await rows(notifier, "select channel, contact_masked, state, attempts from notifier.delivery_view") == [
        ("sms", "***smsa", "sent", 1),
        ("wecom", "***coma", "sent", 1),
    ]
    published = await rows(notifier, "select topic, key from chassis.outbox")
    assert published == [("notifications", b"case1")] * 2


@pytest.mark.parametrize(("answer", "result"), [(200, "sent"), (500, "refused")])
async def test_another_apprise_url_is_a_channel_whose_answer_counts(
    receiver: Receiver, answer: int, result: str
) -> None:
    receiver.behave = lambda _: answer
    channels = read_channels(f"sms: form://127.0.0.1:{receiver.port}/{{to}}")
    outcome = await channels.send(PARCEL)
    channels.close()
    assert (outcome.result, outcome.transient) == (result, False)
    assert "%E7%BA%A2" in receiver.received[0]["body"]


async def test_nothing_listening_means_that_nothing_was_handed_over() -> None:
    channels = read_channels("sms: json://127.0.0.1:9/")
    outcome = await channels.send(PARCEL)
    channels.close()
    assert (outcome.result, outcome.transient) == ("refused", True)
