"""Calls to Tencent Cloud's API 3.0, signed by TC3-HMAC-SHA256 (cloud.tencent.com 382/52072)."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from services.chassis.clock import Clock
from services.notifier.outcome import Outcome, unknown
from services.notifier.plugins.connection import Way, judged

JSON = "application/json"


class Tencent:
    """One service of one account."""

    def __init__(self, way: Way, key: str, secret: str, service: str, version: str, region: str, clock: Clock) -> None:
        self._way, self._key, self._secret, self._clock = way, key, secret, clock
        self._service, self._version, self._region = service, version, region

    def call(self, action: str, given: Mapping[str, Any]) -> dict[str, Any] | Outcome:
        """What stands under `Response`; an Outcome when there was none. Never raises for what happens outside."""
        body, at = orjson.dumps(given), self._clock.now()
        headers = {
            "Content-Type": JSON, "Host": self._way.host, "X-TC-Action": action, "X-TC-Version": self._version,
            "X-TC-Timestamp": str(int(at.timestamp())), "X-TC-Region": self._region,
            "Authorization": signed(self._way.host, self._service, body, self._key, self._secret, at),
        }  # fmt: skip
        answer = self._way.exchange("POST", "/", body=body, headers=headers)
        if isinstance(answer, Outcome):
            return answer
        try:
            told = orjson.loads(answer.body)["Response"]
            if isinstance(told, dict):
                return told
        except (ValueError, KeyError, TypeError):
            pass
        return judged(answer.status) if answer.status >= 300 else unknown("its answer cannot be read")


def signed(host: str, service: str, body: bytes, key: str, secret: str, at: datetime) -> str:
    """The Authorization of a call with this body; its path is always `/` and it has no query."""
    day = f"{at.astimezone(UTC):%Y-%m-%d}"
    request = f"POST\n/\n\ncontent-type:{JSON}\nhost:{host}\n\ncontent-type;host\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{day}/{service}/tc3_request"
    to_sign = f"TC3-HMAC-SHA256\n{int(at.timestamp())}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signing = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        signing = hmac.new(signing, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(signing, to_sign.encode(), hashlib.sha256).hexdigest()
    return f"TC3-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders=content-type;host, Signature={signature}"


def error_of(told: Mapping[str, Any]) -> str | None:
    """The code of a refusal of the whole call."""
    error = told.get("Error")
    return str(error.get("Code")) if isinstance(error, dict) else None
