"""Aliyun voice, dyvmsapi 2017-05-25: SingleCallByTts, QueryCallDetailByCallId, and the report VoiceReport.

help.aliyun.com 393519 (SingleCallByTts), 393529 (QueryCallDetailByCallId), 112505 (VoiceReport), 55085 (states of a call).
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request

from services.chassis.clock import SHANGHAI
from services.phone import sample
from services.phone.gateway import Gateway, Wanted
from services.phone.providers.aliyun import MOBILE, Answer, digits, door, filled, refusal, said

STAMP = "%Y-%m-%d %H:%M:%S"
HEARD, UNANSWERED = "200000", "200003"
STATES = {
    "200000": "用户听完语音", "200001": "用户提前挂机未完整收听", "200002": "用户占线", "200003": "用户收到呼叫但未接听",
    "200004": "用户号码不合法", "200005": "被叫用户无法接通", "200007": "用户无法接通(不在服务区)", "200010": "关机", "200011": "停机",
}  # fmt: skip
SPOKEN = 8  # seconds
OUT_ID = 15  # octets


def router(gateway: Gateway) -> APIRouter:
    """The service's door."""
    actions = {"SingleCallByTts": _call, "QueryCallDetailByCallId": _detail}
    return door(gateway, "aliyun-voice", "voice", "2017-05-25", actions)


async def _call(gateway: Gateway, request: Request, given: Mapping[str, str]) -> Answer:
    number, code, out_id = given.get("CalledNumber", ""), given.get("TtsCode", ""), given.get("OutId", "")
    if not MOBILE.match(number):
        return said("isv.MOBILE_NUMBER_ILLEGAL")
    if len(out_id.encode()) > OUT_ID:
        return said("isv.INVALID_PARAMETERS", f"OutId: 1 to {OUT_ID} bytes")
    text, flaw = filled(sample.ALIYUN_VOICE.get(code), given.get("TtsParam", ""))
    if flaw:
        return said("isv.TTS_TEMPLATE_ILLEGAL" if flaw == "isv.SMS_TEMPLATE_ILLEGAL" else flaw)
    wanted = Wanted("aliyun-voice", "voice", (number,), text, out_id=out_id, template=code)
    identity = gateway.new_id("aliyun-voice", number)
    call = f"{digits(identity[:12], 12)}^{digits(identity[12:], 12)}"
    for verdict in await gateway.take(request, wanted, call):
        if verdict.refused:
            return refusal(verdict, "isv.MOBILE_NUMBER_ILLEGAL")
    return said("OK") | {"CallId": call}


async def _detail(gateway: Gateway, _: Request, given: Mapping[str, str]) -> Answer:
    try:
        since = datetime.fromtimestamp(int(given["QueryDate"]) / 1000, UTC)
        call = given["CallId"]
        int(given["ProdId"])
    except (KeyError, ValueError, OverflowError, OSError):
        return said("isv.INVALID_PARAMETERS")
    now = gateway.context.clock.now()
    # The day that is asked for counts, whatever the hour: see the SDK's own words on QueryDate.
    row = await gateway.context.pool.fetchrow(
        "select * from phone.submission where provider = 'aliyun-voice' and id = $1 and at > $2 and at < $3",
        call, since - timedelta(days=1), since + timedelta(days=1),
    )  # fmt: skip
    if row is None or row["due_at"] is None or row["due_at"] > now:
        return said("OK") | {"Data": json.dumps({"callId": call, "state": "", "stateDesc": ""})}
    state = _state(row["success"], row["code"])
    told = {
        "callId": call, "callee": row["to"], "state": state, "stateDesc": STATES.get(state, state), "gmtCreate": _local(row["at"]),
        "startDate": _local(row["at"]), "endDate": _local(row["due_at"]), "duration": SPOKEN if row["success"] else 0, "caller": "",
    }  # fmt: skip
    return said("OK") | {"Data": json.dumps(told, ensure_ascii=False)}


def report(row: Mapping[str, Any], *, forged: bool) -> Answer:
    """One entry of VoiceReport; a forger says that it was heard."""
    good = forged or row["success"]
    state, end = _state(good, row["word"]), row["due_at"] or row["at"]
    return {
        "call_id": row["fact"]["id"], "originate_time": _local(row["at"]), "ring_time": _local(row["at"]),
        "start_time": _local(end - timedelta(seconds=SPOKEN)) if good else "", "end_time": _local(end), "caller": "",
        "callee": row["fact"]["to"], "duration": str(SPOKEN if good else 0), "status_code": state, "hangup_direction": "用户",
        "status_msg": STATES.get(state, state), "out_id": row["out_id"], "dtmf": "", "voice_type": "voice", "toll_type": "LOCAL",
    }  # fmt: skip


def _state(success: bool, code: str) -> str:
    return HEARD if success else code or UNANSWERED


def _local(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime(STAMP)
