"""The channels file, what an HTTP answer means, whether a message is still needed, and the scenario's recorder."""

import json

import pytest

from services.notifier.channels import ChannelsFault, read_channels
from services.notifier.need import Now, still_needed
from services.notifier.parcel import Parcel
from services.notifier.plugins.handover import judged
from services.notifier.recorder import Recorder
from services.phone.channels import phone_channels

PARCEL = Parcel(
    message_id="m", referral="JL26-AAAAAAAA", to_role="duty_officer", level=0, exercise=False, to="13800000000",
    channel="sms", text="x", reason="opened", kind="civil_affairs", agency_level="county", area="220122",
)  # fmt: skip


def test_a_wrong_channels_file_is_refused_with_every_fault_and_without_its_secrets() -> None:
    with pytest.raises(ChannelsFault) as refused:
        read_channels(
            "sms: nosuch://key-of-mine@host\nwecom: {url: 'json://h', sockets: 3}\n"
            "voice: {url: 'json://h', connections: 0}\ndrill: {mail: 'json://h'}\n"
        )
    faults = "\n".join(refused.value.faults)
    for place in ("sms", "wecom.sockets", "voice.connections", "drill.mail"):
        assert place in faults
    assert "key-of-mine" not in faults


@pytest.mark.parametrize("text", ["{", "mail: json://h", "- sms"])
def test_what_is_not_a_channels_file_is_refused_in_words(text: str) -> None:
    with pytest.raises(ChannelsFault, match="expected"):
        read_channels(text)


def test_real_channels_and_drill_channels_are_kept_apart() -> None:
    made = read_channels("sms: json://127.0.0.1:9/\ndrill: {wecom: 'json://127.0.0.1:9/'}")
    assert (made.configured(exercise=False), made.configured(exercise=True)) == ({"sms"}, {"wecom"})
    made.close()


def test_any_apprise_url_is_a_channel() -> None:
    made = read_channels("wecom: 'wecombot://{to}'\nsms: {url: 'shouhu://127.0.0.1:9/{to}', connections: 2}")
    assert {(lane.channel, lane.connections) for lane in made.lanes()} == {("wecom", 16), ("sms", 2)}
    made.close()


def test_the_gateways_own_addresses_are_good_channels() -> None:
    made = read_channels(json.dumps(phone_channels("http://127.0.0.1:8080")))
    assert made.configured(exercise=False) == made.configured(exercise=True) == {"sms", "wecom", "voice"}
    made.close()


@pytest.mark.parametrize(
    ("status", "result", "transient"),
    [
        (200, "sent", False), (202, "sent", False), (302, "refused", False), (400, "refused", False),
        (404, "refused", False), (429, "refused", True), (500, "refused", True), (503, "refused", True),
        (504, "unknown", False),
    ],
)  # fmt: skip
def test_what_an_http_answer_means(status: int, result: str, transient: bool) -> None:
    outcome = judged(status)
    assert (outcome.result, outcome.transient) == (result, transient)


def clock(**given: object) -> dict[str, object]:
    return {"name": "ack", "state": "running", "stopped_at": None} | given


@pytest.mark.parametrize(
    ("reason", "name", "state", "clocks", "needed"),
    [
        ("opened", None, "sent", [], True),
        ("opened", None, "acknowledged", [], False),
        ("opened", None, "cancelled", [], False),
        ("breached", "ack", "sent", [clock(state="breached")], True),
        ("breached", "ack", "acknowledged", [clock(state="breached", stopped_at="2026-10-02T12:41:00Z")], False),
        ("breached", "start", "acknowledged", [clock(), clock(name="start", state="breached")], True),
        ("warned", "feedback", "on_hold", [clock(name="feedback", state="paused")], False),
        ("warned", "feedback", "sent", [], False),
        ("closed", None, "closed", [], True),
        ("reopened", None, "in_progress", [], True),
    ],
)
def test_whether_a_referral_still_needs_a_message(
    reason: str, name: str | None, state: str, clocks: list[dict[str, object]], needed: bool
) -> None:
    assert still_needed(reason, name, [Now(state, clocks)]) is needed


def test_one_of_several_referrals_is_enough_and_an_unknown_one_is_told_rather_than_not() -> None:
    assert still_needed("opened", None, [Now("acknowledged", []), Now("sent", [])])
    assert still_needed("opened", None, [None])


async def test_a_scenario_sets_the_answer_of_a_channel_and_the_last_word_counts() -> None:
    recorder = Recorder()
    recorder.answer("failed", kind="civil_affairs", channel="sms")
    assert (await recorder.send(PARCEL)).result == "refused"
    recorder.answer("delivered", role="duty_officer")
    assert (await recorder.send(PARCEL)).result == "delivered"
    recorder.answer("no_receipt", area="220122")
    taken = await recorder.send(PARCEL)
    assert (taken.result, taken.promised) == ("sent", True)
    assert len(recorder.received) == 2
