"""Tencent voice, vms 2020-09-02: SendTtsVoice and its state callback.

cloud.tencent.com 1128/51558 (SendTtsVoice), 1128/37725 (callback). There is no query: what is not told is not known.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request

from services.phone import sample
from services.phone.gateway import Gateway, Wanted
from services.phone.providers.tencent import Answer, bare, code_of, door, filled, needed
from services.phone.providers.tencent_signature import Refused

SPOKEN = 8  # seconds
ANSWERED, UNANSWERED = "0", "1"  # "2": the call failed


def router(gateway: Gateway) -> APIRouter:
    """The service's door."""
    return door(gateway, "tencent-voice", "voice", "vms", "2020-09-02", {"SendTtsVoice": _call})


async def _call(gateway: Gateway, request: Request, given: Mapping[str, Any]) -> Answer:
    template, number, app = needed(given, "TemplateId", "CalledNumber", "VoiceSdkAppid")
    session = str(given.get("SessionContext") or "")
    if app != sample.TENCENT_VOICE_APP:
        raise Refused("UnauthorizedOperation.VoiceSdkAppidVerifyFail", "The VoiceSdkAppid is not of this account.")
    if (to := bare(number)) is None:
        raise Refused("InvalidParameterValue.CalledNumberVerifyFail", "The called number is not one.")
    text = filled(sample.TENCENT_VOICE.get(template, ""), given.get("TemplateParamSet"))
    if not text:
        raise Refused("FailedOperation.TemplateIncorrectOrUnapproved", "The template is not approved, or does not fit.")
    wanted = Wanted("tencent-voice", "voice", (to,), text, out_id=session, template=template)
    call = gateway.new_id("tencent-voice", to)
    (verdict,) = await gateway.take(request, wanted, call)
    if verdict.refused:
        code = code_of(verdict, "InvalidParameterValue.CalledNumberVerifyFail")
        raise Refused("LimitExceeded.DeliveryFrequencyLimit" if verdict.limit not in (None, "second") else code, code)
    return {"SendStatus": {"CallId": call, "SessionContext": session}}


def report(row: Mapping[str, Any], *, forged: bool) -> Answer:
    """The state callback: one call in a request; a forger says that it was answered."""
    good = forged or row["success"]
    start: datetime = row["at"]
    end: datetime = row["due_at"] or start
    stamp = {name: str(int(at.timestamp())) for name, at in (("start", start), ("end", end))}
    return {
        "voiceprompt_callback": {
            "result": ANSWERED if good else row["word"] or UNANSWERED,
            "accept_time": str(int((end - timedelta(seconds=SPOKEN)).timestamp())) if good else "0",
            "call_from": "", "callid": row["fact"]["id"], "end_calltime": stamp["end"], "fee": "1" if good else "0",
            "mobile": row["fact"]["to"], "nationcode": "86", "start_calltime": stamp["start"],
        }
    }  # fmt: skip
