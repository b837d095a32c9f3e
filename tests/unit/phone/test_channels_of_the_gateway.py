"""The channels files that a demo and a drill are given."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import yaml

from services.notifier.channels import read_channels
from services.phone import sample
from services.phone.channels import Cloud, account_channels, phone_channels, with_drills

HTTP = "http://127.0.0.1:8080"
TEMPLATES = {
    ("aliyun", "sms"): sample.ALIYUN_SMS, ("aliyun", "voice"): sample.ALIYUN_VOICE,
    ("tencent", "sms"): sample.TENCENT_SMS, ("tencent", "voice"): sample.TENCENT_VOICE,
}  # fmt: skip


def test_the_plain_channel_rings_the_same_phones_in_drills() -> None:
    content = phone_channels(HTTP)
    assert content["sms"] == "json://127.0.0.1:8080/phone/api/send"
    assert content["drill"] == {name: content[name] for name in ("sms", "wecom", "voice")}


@pytest.mark.parametrize("cloud", ["aliyun", "tencent"])
@pytest.mark.parametrize("name", ["sms", "voice"])
def test_a_cloud_is_reached_at_its_base_path_with_the_sample_account(cloud: Cloud, name: str) -> None:
    entry: Any = account_channels(HTTP, cloud)[name]
    url = urlsplit(entry["url"])
    assert (url.scheme, url.hostname, url.port, url.path) == (
        f"{cloud}{name}",
        "127.0.0.1",
        8080,
        f"/phone/{cloud}-{name}/",
    )
    assert unquote(url.password or "") in (sample.ALIYUN_SECRET, sample.TENCENT_SECRET)
    assert entry["templates"]["*"]["id"] in TEMPLATES[cloud, name]


def test_wecom_is_told_its_application_and_its_page() -> None:
    entry: Any = account_channels(HTTP)["wecom"]
    assert parse_qs(urlsplit(entry["url"]).query) == {"agent": [str(sample.WECOM_AGENT)], "page": [HTTP]}


def test_callbacks_are_sealed_by_wecom_and_taken_from_this_machine_of_others() -> None:
    content: Any = account_channels(HTTP, callbacks={"wecom": "w" * 20, "sms": "s" * 20})
    assert content["wecom"]["callback"] == {
        "path": "w" * 20, "token": sample.WECOM_TOKEN, "aes_key": sample.WECOM_AES_KEY,
    }  # fmt: skip
    assert content["sms"]["callback"] == {"path": "s" * 20, "allow": ["127.0.0.0/8", "::1/128"]}
    assert "callback" not in content["voice"]
    assert not any("callback" in entry for entry in content["drill"].values())


def test_exercises_ring_the_phones_where_a_channels_file_has_no_channels_for_them() -> None:
    text = with_drills("sms: json://provider.example/sms", "http://127.0.0.1:8080")
    assert text is not None
    channels = read_channels(text)
    assert channels.configured(exercise=False) == {"sms"}
    assert channels.configured(exercise=True) == {"sms", "wecom", "voice"}
    assert "provider.example" not in str(yaml.safe_load(text)["drill"])


@pytest.mark.parametrize(
    "text", ["sms: json://a/b\ndrill: {sms: json://a/c}", "drill: {}", "- no mapping", "sms: [unclosed"]
)
def test_a_file_that_speaks_of_exercises_or_is_none_stays_as_it_is(text: str) -> None:
    assert with_drills(text, "http://127.0.0.1:8080") is None
