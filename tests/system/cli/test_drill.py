"""`shouhu drill` and `shouhu notify test` on a running demo, as somebody uses them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.system.cli.test_up import ROOT, endpoints, start_up

POST = "civil_affairs@county/220122/duty_officer"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A demo with its phones."""
    place = tmp_path_factory.mktemp("drill") / "data"
    supervisor = start_up(place, "demo")
    try:
        endpoints(place)
        yield place
    finally:
        supervisor.kill()
        supervisor.communicate()


def shouhu(data: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run a command on this data directory."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SHOUHU_")}
    env |= {"SHOUHU_DATA": str(data), "PYTHONPATH": str(ROOT), **settings}
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *arguments], env=env, capture_output=True, text=True, timeout=120
    )


def from_door(data: Path, path: str) -> Any:
    """Something that operations may read."""
    token = (data / "sample-operations.token").read_text().strip()
    answer = httpx.get(endpoints(data)["http"] + path, headers={"Authorization": f"Bearer {token}"}, trust_env=False)
    answer.raise_for_status()
    return answer.json()


def test_a_drill_reaches_every_recipient_says_after_how_long_and_leaves_nothing_open(data: Path) -> None:
    done = shouhu(data, "drill", "--area", "220122", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["reached"]
    assert told["outcome"] == "referred"
    assert len(told["recipients"]) >= 5
    for each in told["recipients"]:
        assert 0 <= each["seconds"] < 60
        assert {t["channel"] for t in each["tries"]} >= {"wecom"}
    states = {r["state"] for r in from_door(data, f"/api/v1/referrals?event={told['event']}")["items"]}
    assert states == {"void"}
    assert told["ended"] == len({each["referral"] for each in told["recipients"]})
    numbers = {each["referral"] for each in told["recipients"]}
    received = [m for m in from_door(data, "/phone/api/messages")["items"] if m["referral"] in numbers]
    assert received
    assert all(m["exercise"] and "【演练】" in m["text"] for m in received)


def test_a_drill_in_a_place_that_is_no_county_is_refused_before_anything_is_sent(data: Path) -> None:
    done = shouhu(data, "drill", "--area", "110000")
    assert done.returncode == 2
    assert "--area" in done.stderr


def test_a_drill_without_a_token_sends_nothing_and_says_which_file_was_missing(data: Path, tmp_path: Path) -> None:
    done = shouhu(data, "drill", "--area", "220122", "--operations-token-file", str(tmp_path / "none"))
    assert done.returncode == 2
    assert "shouhu token create" in done.stderr


def test_one_post_is_tried_end_to_end(data: Path) -> None:
    done = shouhu(data, "notify", "test", "--post", POST, "--wait", "0", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["on_duty"]["because"] == "holder"
    assert {c["channel"]: (c["verified"], c["outcome"]) for c in told["channels"]} == {
        name: (True, "sent") for name in ("sms", "wecom", "voice")
    }
    texts = [m["text"] for m in from_door(data, "/phone/api/messages")["items"] if "岗位联络测试" in m["text"]]
    assert len(texts) == 3
    assert all("【演练】" in text for text in texts)


def test_a_post_that_does_not_exist_is_named(data: Path) -> None:
    done = shouhu(data, "notify", "test", "--post", "nobody@nowhere")
    assert done.returncode == 2
    assert "--post" in done.stderr


def test_without_any_channel_the_test_of_a_post_says_so(data: Path, tmp_path: Path) -> None:
    none = tmp_path / "channels.yaml"
    none.write_text("{}")
    done = shouhu(data, "notify", "test", "--post", POST, "--wait", "0", SHOUHU_CHANNELS=str(none))
    assert done.returncode == 1
    assert "渠道未配置" in done.stdout
