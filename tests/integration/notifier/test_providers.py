"""Our plugins against the providers' interfaces over real HTTP: what each outcome brings about, in every way they can fail."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.chassis.context import Context
from services.notifier.deliver import deliver_due
from services.notifier.receipts import ask_due
from services.phone.channels import Cloud
from tests.integration.notifier.gateway import NUMBERS, World, world

A, B, L = NUMBERS["a"], NUMBERS["b"], NUMBERS["l"]


@pytest_asyncio.fixture(params=["aliyun", "tencent"])
async def made(context: Context, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The notifier with WeCom, and SMS and calls of one cloud."""
    cloud: Cloud = request.param
    async with world(context, cloud) as running:
        yield running


async def test_a_critical_referral_is_on_the_phone_by_sms_and_wecom_and_the_receipt_says_so(made: World) -> None:
    await made.behave("take", receipt_after=0)
    await made.open()
    assert sorted(await made.received()) == [(A, "sms"), ("wx-a", "wecom")]
    ids = await made.rows("select channel, provider_id <> '', receipt_by is not null from notifier.delivery order by 1")
    assert ids == [("sms", True, True), ("wecom", True, False)]
    await made.ask_now()
    assert await made.deliveries() == {("a", "sms"): ("delivered", ""), ("a", "wecom"): ("sent", "")}
    types = await made.rows("select convert_from(value, 'utf8')::jsonb ->> 'type' from chassis.outbox order by id")
    assert [kind for (kind,) in types if kind].count("receipt.recorded.v1") in (0, 1)


async def test_the_sms_carries_number_colour_county_and_deadline_and_the_signature_once(made: World) -> None:
    await made.open()
    (sms,) = [row for row in (await made.client.get("/phone/api/messages")).json()["items"] if row["channel"] == "sms"]
    assert sms["text"].startswith("【吉林儿童保护】红色转介 JL26-00000001(农安县),请于")
    assert sms["text"].count("【") == 1


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ({"aliyun": "isv.MOBILE_NUMBER_ILLEGAL", "tencent": "InvalidParameterValue.IncorrectPhoneNumber"}, "bad_number"),
        ({"aliyun": "isv.AMOUNT_NOT_ENOUGH", "tencent": "FailedOperation.InsufficientBalanceInSmsPackage"}, "no_balance"),
        ({"aliyun": "isv.SMS_TEMPLATE_ILLEGAL", "tencent": "FailedOperation.TemplateUnapprovedOrNotExist"}, "template_wrong"),
        ({"aliyun": "isv.SMS_SIGNATURE_ILLEGAL", "tencent": "FailedOperation.SignatureIncorrectOrUnapproved"}, "signature_wrong"),
        ({"aliyun": "isv.BLACKLIST", "tencent": "FailedOperation.PhoneNumberInBlacklist"}, "blocked"),
        ({"aliyun": "isv.SOMETHING_NEW", "tencent": "FailedOperation.SomethingNew"}, "other"),
    ],
)  # fmt: skip
async def test_a_refusal_for_good_is_named_and_the_next_channel_follows_at_once(
    made: World, code: dict[str, str], reason: str
) -> None:
    await made.behave("refuse", f"{made.cloud}-sms", code=code[made.cloud])
    await made.open(severity="LOW", ladder="P4")
    await made.behave("refuse", "wecom")
    await made.open(2, severity="LOW", ladder="P4")
    found = await made.rows(
        "select channel, state, reason from notifier.delivery where person_id = 'a' and channel = 'sms'"
    )
    assert found == [("sms", "refused", reason)]
    assert (A, "voice") in await made.received()


async def test_a_wecom_user_who_is_unknown_or_has_no_licence_is_not_taken_for_told(made: World) -> None:
    await made.behave("refuse", "wecom", to="wx-a", code="unlicenseduser")
    await made.open(severity="LOW", ladder="P4")
    await made.behave("refuse", "wecom", to="wx-a", code="81013")
    await made.open(2, severity="LOW", ladder="P4")
    wecom = await made.rows("select state, reason from notifier.delivery where channel = 'wecom' order by reason")
    assert wecom == [("refused", "no_such_user"), ("refused", "not_licensed")]
    assert (await made.received()).count((A, "sms")) == 2


async def test_one_token_serves_all_and_an_expired_one_is_fetched_again_once(made: World) -> None:
    for number in range(3):
        await made.open(number, severity="LOW", ladder="P4")
    assert (await made.client.delete("/phone/api/wecom-tokens")).status_code == 200
    for number in range(3, 6):
        await made.open(number, severity="LOW", ladder="P4")
    assert (await made.received()).count(("wx-a", "wecom")) == 6


async def test_a_number_that_had_its_share_is_told_by_another_way_and_keeps_its_turn(made: World) -> None:
    await made.set("limits", provider=f"{made.cloud}-sms", minute=1)
    await made.behave("refuse", "wecom")
    await made.open(severity="LOW", ladder="P4")
    await made.open(2, severity="LOW", ladder="P4")
    assert (await made.received()).count((A, "sms")) == 1
    assert (A, "voice") in await made.received()
    waiting = await made.rows(
        "select state, slow, reason from notifier.delivery where channel = 'sms' and state = 'queued'"
    )
    assert waiting == [("queued", True, "throttled")]


async def test_a_provider_that_takes_it_and_never_answers_is_asked_and_not_sent_to_again(made: World) -> None:
    await made.behave("silent", f"{made.cloud}-sms", seconds=20, receipt_after=0)
    await made.behave("refuse", "wecom")
    await made.open()
    states = await made.deliveries()
    assert states["a", "sms"] == ("sent", "")
    assert ("b", "sms") not in states
    await made.ask_now()
    assert (await made.deliveries())["a", "sms"] == ("delivered", "")
    assert (await made.received()).count((A, "sms")) == 1


async def test_a_provider_of_which_nothing_is_ever_heard_is_unknown_and_others_follow(made: World) -> None:
    await made.behave("half_dead", f"{made.cloud}-sms")
    await made.behave("refuse", "wecom")
    await made.behave("refuse", f"{made.cloud}-voice")
    await made.open()
    states = await made.deliveries()
    assert states["a", "sms"] == ("unknown", "no_answer")
    assert states["l", "sms"] == ("unknown", "no_answer")
    assert await made.received() == []
    assert await made.rows("select state from notifier.notice") == [("undelivered",)]


async def test_a_phone_that_is_off_is_followed_by_a_call_and_then_by_the_next_person(made: World) -> None:
    await made.behave("undelivered", f"{made.cloud}-sms", to=A, receipt_after=0, code="UNDELIV")
    await made.open()
    assert ("a", "voice") not in await made.deliveries()
    await made.ask_now()
    states = await made.deliveries()
    assert states["a", "sms"] == ("failed", "unreachable")
    assert states["a", "voice"][0] == "sent", "WeCom took it, but a phone that is off is a reason to go on"


async def test_no_receipt_within_two_minutes_of_a_p1_brings_the_next_channel(made: World) -> None:
    await made.behave("no_receipt", f"{made.cloud}-sms")
    await made.behave("refuse", "wecom")
    await made.open()
    (window,) = await made.rows("select receipt_by - handed_at from notifier.delivery where channel = 'sms'")
    assert window[0].total_seconds() == 120
    await made.context.pool.execute(
        "update notifier.delivery set receipt_by = $1, ask_at = $1", made.context.clock.now()
    )
    await deliver_due(made.context)
    states = await made.deliveries()
    assert states["a", "sms"] == ("missing", "no_answer")
    assert states["a", "voice"][0] == "sent"


@pytest.mark.parametrize(("ladder", "minutes"), [("P1", 2), ("P2", 10), ("P3", 240), ("CC", 240)])
async def test_the_window_for_a_receipt_follows_the_class_of_the_ladder(made: World, ladder: str, minutes: int) -> None:
    await made.open(ladder=ladder)
    (window,) = await made.rows("select receipt_by - handed_at from notifier.delivery where channel = 'sms'")
    assert window[0].total_seconds() == 60 * minutes


async def test_a_provider_with_trouble_of_its_own_is_tried_again(made: World) -> None:
    await made.behave("refuse_for_now", "wecom", code="45009")
    await made.open(severity="LOW", ladder="P4")
    await made.behave("take")
    await asyncio.sleep(0.5)
    await made.context.pool.execute(
        "update notifier.delivery set next_at = $1 where state = 'queued'", made.context.clock.now()
    )
    await deliver_due(made.context)
    assert await made.rows("select channel, state, attempts from notifier.delivery") == [("wecom", "sent", 2)]


async def test_a_claim_of_a_process_that_died_after_the_hand_over_is_found_by_asking_and_not_sent_twice(
    made: World,
) -> None:
    await made.behave("take", receipt_after=0)
    await made.behave("refuse", "wecom")
    await made.open()
    await made.context.pool.execute(
        "update notifier.delivery set state = 'queued', provider_id = '', again = true, receipt_by = null, ask_at = null"
        " where channel = 'sms' and person_id = 'a'"
    )
    await deliver_due(made.context)
    assert (await made.received()).count((A, "sms")) == 1
    assert (await made.deliveries())["a", "sms"][0] in ("sent", "delivered")


async def test_nothing_is_asked_before_its_time(made: World) -> None:
    await made.open()
    assert await ask_due(made.context) == 0
