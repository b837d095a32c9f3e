"""What providers tell us: receipts and replies, read from the bodies that their documentation promises. Pure.

Aliyun: SmsReport 101508, SmsUp 101871, VoiceReport 112505. Tencent: 382/43547, 382/43548, 1128/37725, 1128/37727.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

import orjson

from services.notifier.plugins.numbers import national

Kind = Literal["receipts", "replies", "presses"]


class Malformed(ValueError):
    """Not what the provider's documentation promises; the message names the field, never a value."""


class Told(NamedTuple):
    """A provider says that it knows what became of one message. `arrived`, `to`: its word, where it cannot be asked."""

    provider_id: str
    message_id: str = ""
    arrived: bool | None = None
    to: str = ""


class Said(NamedTuple):
    """Somebody wrote back. `id` is the same for a repeat."""

    id: str
    sender: str
    text: str


def receipts_in(schema: str, body: bytes) -> list[Told]:
    """The receipts in a body; raises Malformed."""
    return _read(_RECEIPTS, schema, body)


def replies_in(schema: str, body: bytes) -> list[Said]:
    """The replies in a body; raises Malformed."""
    return _read(_REPLIES, schema, body)


def _read(readers: Mapping[str, Callable[[Any], list[Any]]], schema: str, body: bytes) -> list[Any]:
    reader = readers.get(schema)
    if reader is None:
        raise Malformed("this provider tells nothing of that kind")
    try:
        return reader(orjson.loads(body))
    except orjson.JSONDecodeError:
        raise Malformed("expected JSON") from None


def _entries(body: Any, *needed: str) -> list[dict[str, Any]]:
    if not isinstance(body, list) or not body or len(body) > 1000:
        raise Malformed("expected an array of 1 to 1000 entries")
    for number, entry in enumerate(body):
        _texts(entry, str(number), *needed)
    return body


def _texts(entry: Any, where: str, *needed: str) -> None:
    if not isinstance(entry, dict):
        raise Malformed(f"{where}: expected an object")
    for name in needed:
        if not isinstance(entry.get(name), str) or len(entry[name]) > 2000:
            raise Malformed(f"{where}.{name}: expected a text")


def _aliyun_sms(body: Any) -> list[Told]:
    return [Told(e["biz_id"], str(e.get("out_id") or "")) for e in _entries(body, "biz_id", "phone_number")]


def _aliyun_voice(body: Any) -> list[Told]:
    return [Told(e["call_id"]) for e in _entries(body, "call_id")]


def _tencent_sms(body: Any) -> list[Told]:
    return [Told(e["sid"]) for e in _entries(body, "sid", "mobile", "report_status")]


def _tencent_voice(body: Any) -> list[Told]:
    if not isinstance(body, dict):
        raise Malformed("expected an object")
    for name in ("voiceprompt_callback", "voice_failure_callback"):
        if (call := body.get(name)) is not None:
            _texts(call, name, "callid", "mobile")
            arrived = name == "voiceprompt_callback" and str(call.get("result")) == "0"
            return [Told(call["callid"], "", arrived, national(call["mobile"]))]
    if "voicekey_callback" in body:  # a key was pressed; what became of the call is told apart
        return []
    raise Malformed("expected voiceprompt_callback or voice_failure_callback")


def _aliyun_replies(body: Any) -> list[Said]:
    return [
        Said(str(e.get("sequence_id") or f"{e['phone_number']} {e['send_time']} {e['content']}"), e["phone_number"], e["content"])
        for e in _entries(body, "phone_number", "content", "send_time")
    ]  # fmt: skip


def _tencent_replies(body: Any) -> list[Said]:
    _texts(body, "body", "mobile", "text")
    return [Said(f"{body['mobile']} {body.get('time')} {body['text']}", body["mobile"], body["text"])]


_RECEIPTS: Mapping[str, Callable[[Any], list[Told]]] = {
    "aliyunsms": _aliyun_sms,
    "aliyunvoice": _aliyun_voice,
    "tencentsms": _tencent_sms,
    "tencentvoice": _tencent_voice,
}
_REPLIES: Mapping[str, Callable[[Any], list[Said]]] = {"aliyunsms": _aliyun_replies, "tencentsms": _tencent_replies}
# What each wants to hear when all was taken.
TAKEN: Mapping[str, dict[str, Any]] = {
    "aliyunsms": {"code": 0, "msg": "成功"},
    "aliyunvoice": {"code": 0, "msg": "成功"},
    "tencentsms": {"result": 0, "errmsg": "OK"},
    "tencentvoice": {"result": 0, "errmsg": "OK"},
}
