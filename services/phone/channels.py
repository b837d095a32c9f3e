"""How the notifier reaches the gateway: the content of channels files in which every channel rings a phone here."""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import quote, urlencode, urlsplit

import yaml

from services.phone import sample

NAMES = ("sms", "wecom", "voice")
Cloud = Literal["aliyun", "tencent"]


def phone_channels(http: str) -> dict[str, object]:
    """The file's content for a gateway at `http://host:port`, by the plain JSON channel; drills ring the same phones."""
    url = f"json://{urlsplit(http).netloc}/phone/api/send"
    return {name: url for name in NAMES} | {"drill": {name: url for name in NAMES}}


def with_drills(text: str, http: str) -> str | None:
    """A channels file's text with the phones for exercises; None if it has channels for them, or is none that we understand."""
    try:
        given = yaml.safe_load(text) or {}
    except yaml.YAMLError:
        return None  # whoever reads it for use says what is wrong with it
    if not isinstance(given, dict) or "drill" in given:
        return None
    return yaml.safe_dump({**given, "drill": phone_channels(http)["drill"]}, allow_unicode=True)


def account_channels(
    http: str, cloud: Cloud = "aliyun", callbacks: Mapping[str, str] | None = None
) -> dict[str, object]:
    """The same by the providers' own interfaces, with the sample account: WeCom, and SMS and calls of one cloud.

    `callbacks`: the unguessable path of each channel that has one; what is told there is entered with `callbacks.enter`.
    Any text goes by the sample template that takes it whole. Drills ring the same phones and have no callback of their
    own: the account is the same, and a path belongs to one channel.
    """
    by_name: dict[str, dict[str, object]] = {
        "wecom": {"url": _wecom(http)},
        "sms": {"url": _sms(http, cloud), "templates": {"*": _whole(_CLOUDS[cloud][2])}},
        "voice": {"url": _voice(http, cloud), "templates": {"*": _whole(_CLOUDS[cloud][3])}},
    }
    drill = {name: dict(entry) for name, entry in by_name.items()}
    for name, path in (callbacks or {}).items():
        proof: dict[str, object] = {"allow": ["127.0.0.0/8", "::1/128"]}
        if name == "wecom":
            proof = {"token": sample.WECOM_TOKEN, "aes_key": sample.WECOM_AES_KEY}
        by_name[name]["callback"] = {"path": path, **proof}
    return {**by_name, "drill": drill}


# Key, secret, and the templates for SMS and calls that take a text whole.
_CLOUDS: dict[Cloud, tuple[str, str, str, str]] = {
    "aliyun": (sample.ALIYUN_KEY, sample.ALIYUN_SECRET, "SMS_100000001", "TTS_100000001"),
    "tencent": (sample.TENCENT_KEY, sample.TENCENT_SECRET, "1000001", "1000001"),
}


def _whole(template: str) -> dict[str, object]:
    return {"id": template, "params": ["text"]}


def _wecom(http: str) -> str:
    query = {"agent": str(sample.WECOM_AGENT), "page": http}
    return _url("wecom", sample.WECOM_CORP, sample.WECOM_SECRET, http, "wecom", query)


def _sms(http: str, cloud: Cloud) -> str:
    query = {"sign": sample.SIGN} | ({"app": sample.TENCENT_SMS_APP} if cloud == "tencent" else {})
    return _url(f"{cloud}sms", *_CLOUDS[cloud][:2], http, f"{cloud}-sms", query)


def _voice(http: str, cloud: Cloud) -> str:
    query = {"app": sample.TENCENT_VOICE_APP} if cloud == "tencent" else {}
    return _url(f"{cloud}voice", *_CLOUDS[cloud][:2], http, f"{cloud}-voice", query)


def _url(scheme: str, key: str, secret: str, http: str, base: str, query: dict[str, str]) -> str:
    told = urlencode(query, quote_via=quote)
    return f"{scheme}://{quote(key)}:{quote(secret)}@{urlsplit(http).netloc}/phone/{base}/{'?' if told else ''}{told}"
