"""What providers, and those who pretend to be one, tell our door: receipts, replies and presses."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from services.chassis.context import Context
from services.notifier.deliver import deliver_due
from services.phone.channels import Cloud
from tests.integration.notifier import stories
from tests.integration.notifier.gateway import NUMBERS, PATHS, World, world

A, B = NUMBERS["a"], NUMBERS["b"]


@pytest_asyncio.fixture(params=["aliyun", "tencent"])
async def made(context: Context, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The notifier with WeCom, and SMS and calls of one cloud."""
    cloud: Cloud = request.param
    async with world(context, cloud) as running:
        yield running


@pytest_asyncio.fixture
async def aliyun(context: Context) -> AsyncIterator[World]:
    """The same with Aliyun alone."""
    async with world(context, "aliyun") as running:
        yield running


async def becomes(made: World, sql: str, wanted: list[tuple[Any, ...]], seconds: float = 5.0) -> None:
    """Wait until a query gives this, while whatever is due to be asked is asked."""
    for _ in range(int(seconds / 0.1)):
        await deliver_due(made.context)
        if (found := await made.rows(sql)) == wanted:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(found)


async def post(made: World, path: str, body: Any) -> int:
    """What our door answers to a body."""
    kind = {"content": body} if isinstance(body, bytes) else {"json": body}
    answer = await made.client.post(f"{made.address}/callbacks/{path}", **kind)
    return answer.status_code


async def untouched(made: World) -> None:
    """Nothing was delivered, acknowledged or asked for by what happened."""
    assert await made.rows("select distinct state from notifier.delivery where channel = 'sms'") == [("sent",)]
    assert await made.rows("select * from notifier.reply") == []


async def published(made: World) -> list[dict[str, Any]]:
    """The acknowledgements that went to the referral service."""
    rows = await made.rows("select topic, headers, convert_from(value, 'utf8')::jsonb from chassis.outbox order by id")
    return [body for topic, headers, body in rows if topic == "notifications" and "reply.received.v1" in str(headers)]


@pytest.mark.parametrize("channel", ["sms", "voice"])
async def test_a_receipt_by_callback_is_kept_at_once_after_the_provider_was_asked(made: World, channel: str) -> None:
    await made.tell_at(channel, "receipts")
    if channel == "voice":
        await made.behave("refuse", "wecom")
        await made.behave("refuse", f"{made.cloud}-sms")
    await made.behave("take", f"{made.cloud}-{channel}", receipt_after=1)
    await made.open(severity="HIGH")
    sql = f"select state from notifier.delivery where channel = '{channel}' and person_id = 'a'"
    assert await made.rows(sql) == [("sent",)]
    await becomes(made, sql, [("delivered",)])


async def test_a_forged_receipt_of_a_message_that_did_not_arrive_changes_nothing(made: World) -> None:
    await made.tell_at("sms", "receipts")
    await made.behave("forged", f"{made.cloud}-sms")
    await made.open()
    await asyncio.sleep(0.5)
    await made.ask_now()
    await untouched(made)


async def test_a_call_that_nobody_asks_about_counts_for_our_own_number_only(context: Context) -> None:
    async with world(context, "tencent") as made:
        await made.behave("refuse", "wecom")
        await made.behave("refuse", "tencent-sms")
        await made.open(severity="HIGH")
        ((call,),) = await made.rows(
            "select provider_id from notifier.delivery where channel = 'voice' and person_id = 'a'"
        )
        told = {"voiceprompt_callback": {"result": "0", "callid": call, "mobile": B}}
        assert await post(made, f"{PATHS['voice']}/receipts", told) == 200
        told["voiceprompt_callback"] |= {"callid": "another", "mobile": A}
        assert await post(made, f"{PATHS['voice']}/receipts", told) == 200
        assert await made.rows("select state from notifier.delivery where channel = 'voice' and person_id = 'a'") == [
            ("sent",)
        ]
        told["voiceprompt_callback"]["callid"] = call
        assert await post(made, f"{PATHS['voice']}/receipts", told) == 200
        assert await post(made, f"{PATHS['voice']}/receipts", told) == 200
        assert await made.rows("select state from notifier.delivery where channel = 'voice' and person_id = 'a'") == [
            ("delivered",)
        ]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("nobody-gave-us-this-path/receipts", [], 404),
        (f"{PATHS['wecom']}/receipts", [], 404),
        (f"{PATHS['sms']}/receipts", b"{", 400),
        (f"{PATHS['sms']}/receipts", [], 400),
        (f"{PATHS['sms']}/receipts", [{"phone_number": A}], 400),
        (f"{PATHS['sms']}/receipts", [{"biz_id": 7, "phone_number": A}], 400),
        (f"{PATHS['sms']}/receipts", b"x" * 300_000, 413),
        (f"{PATHS['sms']}/replies", {"phone_number": A}, 400),
        (f"{PATHS['sms']}/replies", [{"phone_number": A, "content": ["1"], "send_time": "x"}], 400),
        (f"{PATHS['voice']}/replies", [{"phone_number": A, "content": "1", "send_time": "x"}], 400),
        (f"{PATHS['wecom']}/presses", b"<xml><Encrypt>abc</Encrypt></xml>", 403),
        (f"{PATHS['wecom']}/presses", b"<!DOCTYPE x [<!ENTITY a 'b'>]><xml/>", 403),
        (f"{PATHS['sms']}/presses", b"<xml/>", 404),
    ],
)
async def test_what_is_malformed_or_comes_to_a_wrong_place_is_refused_and_changes_nothing(
    aliyun: World, path: str, body: Any, status: int
) -> None:
    await aliyun.open()
    assert await post(aliyun, path, body) == status
    await untouched(aliyun)


async def test_a_callback_from_an_address_that_is_not_the_providers_meets_nothing(aliyun: World) -> None:
    await aliyun.open()
    entry = aliyun.channels.opened["sms", False].entry
    assert entry.callback is not None
    elsewhere = entry.callback.model_copy(update={"allow": ()})
    aliyun.channels.opened["sms", False] = _with(aliyun.channels.opened["sms", False], elsewhere)
    said = [{"phone_number": A, "content": "1", "send_time": "2026-10-02 20:20:00"}]
    assert await post(aliyun, f"{PATHS['sms']}/replies", said) == 404
    await untouched(aliyun)


async def test_a_reply_of_1_acknowledges_the_one_open_referral_once(made: World) -> None:
    await made.tell_at("sms", "replies")
    await made.open()
    for _ in range(2):
        assert (await made.client.post("/phone/api/replies", json={"sender": A, "text": " 1 "})).status_code == 200
    await becomes(
        made,
        "select distinct person_id, result, numbers from notifier.reply",
        [("a", "acknowledged", ["JL26-00000001"])],
    )
    acknowledged = {body["referrals"][0] for body in await published(made)}
    assert acknowledged == {"r1"}


@pytest.mark.parametrize(
    ("sender", "text", "result", "referrals"),
    [
        (A, "1", "which_one", []), (A, "1 JL26-00000002", "acknowledged", ["r2"]), (A, "jl26-00000002 1", "acknowledged", ["r2"]),
        (A, "1 0002", "acknowledged", ["r2"]), (A, "签收0001", "acknowledged", ["r1"]), (A, "1 JL26-00000009", "nothing_open", []),
        (A, "2", "not_understood", []), (A, "退订", "not_understood", []), (A, "1; drop table", "not_understood", []),
        (B, "1", "nothing_open", []), ("13999999999", "1", "stranger", []), (f"+86{A}", "1 0001", "acknowledged", ["r1"]),
    ],
)  # fmt: skip
async def test_a_reply_acknowledges_what_its_sender_was_told_of_and_nothing_else(
    aliyun: World, sender: str, text: str, result: str, referrals: list[str]
) -> None:
    await aliyun.open(1)
    await aliyun.open(2)
    said = [{"phone_number": sender, "content": text, "send_time": "2026-10-02 20:20:00", "sequence_id": "7"}]
    assert await post(aliyun, f"{PATHS['sms']}/replies", said) == 200
    assert await post(aliyun, f"{PATHS['sms']}/replies", said) == 200
    assert await aliyun.rows("select result from notifier.reply") == [(result,)]
    assert [body["referrals"] for body in await published(aliyun)] == [[each] for each in referrals]


async def test_whoever_has_no_duty_any_more_acknowledges_nothing(aliyun: World) -> None:
    await aliyun.open()
    now = aliyun.context.clock.now()
    await aliyun.context.pool.execute(
        "insert into notifier.leave values ('a', $1::timestamptz - interval '1 hour', $1::timestamptz + interval '1 hour')",
        now,
    )
    said = [{"phone_number": A, "content": "1", "send_time": "2026-10-02 20:20:00", "sequence_id": "7"}]
    assert await post(aliyun, f"{PATHS['sms']}/replies", said) == 200
    assert await aliyun.rows("select result from notifier.reply") == [("not_on_duty",)]
    assert await published(aliyun) == []


async def test_a_referral_that_was_answered_meanwhile_is_not_open_to_a_reply(aliyun: World) -> None:
    await aliyun.open()
    fact = stories.referral(1, aliyun.context.clock.now(), state="acknowledged")
    await stories.now_is(aliyun.context, fact)
    said = [{"phone_number": A, "content": "1", "send_time": "2026-10-02 20:20:00", "sequence_id": "7"}]
    assert await post(aliyun, f"{PATHS['sms']}/replies", said) == 200
    assert await aliyun.rows("select result from notifier.reply") == [("nothing_open",)]


async def test_a_press_on_the_card_acknowledges_as_its_receiver_and_the_button_gives_way(aliyun: World) -> None:
    await aliyun.tell_at("wecom", "presses")
    await aliyun.open()
    ((card,),) = await aliyun.rows("select provider_id from notifier.delivery where channel = 'wecom'")
    press = {"submission": card, "to": "wx-a", "key": "acknowledge"}
    assert (await aliyun.client.post("/phone/api/presses", json=press)).status_code == 200
    await becomes(aliyun, "select channel, person_id, result from notifier.reply", [("wecom", "a", "acknowledged")])
    assert [body["channel"] for body in await published(aliyun)] == ["wecom"]
    await becomes(
        aliyun, "select card ->> 'replace_text' from phone.submission where card is not null", [("已提交签收",)]
    )


async def test_a_press_that_wecom_did_not_sign_changes_nothing(aliyun: World) -> None:
    await aliyun.tell_at("wecom", "presses")
    await aliyun.behave("forged", "wecom")
    await aliyun.open()
    await asyncio.sleep(0.5)
    await untouched(aliyun)


def _with(opened: Any, callback: Any) -> Any:
    from dataclasses import replace

    return replace(opened, entry=opened.entry.model_copy(update={"callback": callback}))
