"""Calls to Aliyun's RPC interfaces, signed by ACS3-HMAC-SHA256 (help.aliyun.com 2618276: request syntax and signature V3)."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from services.chassis.clock import Clock
from services.notifier.outcome import Outcome, unknown
from services.notifier.plugins.connection import Way, judged

EMPTY = hashlib.sha256(b"").hexdigest()


class Aliyun:
    """One product of one account."""

    def __init__(self, way: Way, key: str, secret: str, version: str, clock: Clock) -> None:
        self._way, self._key, self._secret, self._version, self._clock = way, key, secret, version, clock

    def call(self, action: str, query: Mapping[str, str]) -> dict[str, Any] | Outcome:
        """The answer's JSON, which holds `Code`; an Outcome when there was none. Never raises for what happens outside."""
        headers = signed(
            self._way.host,
            action,
            self._version,
            query,
            self._key,
            self._secret,
            self._clock.now(),
            secrets.token_hex(16),
        )
        answer = self._way.exchange("POST", f"/?{_canonical(query)}", headers=headers)
        if isinstance(answer, Outcome):
            return answer
        try:
            told = orjson.loads(answer.body)
            if isinstance(told, dict) and "Code" in told:
                return told
        except ValueError:
            pass
        return judged(answer.status) if answer.status >= 300 else unknown("its answer cannot be read")


def signed(
    host: str, action: str, version: str, query: Mapping[str, str], key: str, secret: str, at: datetime, nonce: str
) -> dict[str, str]:
    """The headers of a call whose parameters all stand in its query."""
    headers = {
        "host": host, "x-acs-action": action, "x-acs-content-sha256": EMPTY, "x-acs-date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": nonce, "x-acs-version": version,
    }  # fmt: skip
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = "\n".join(("POST", "/", _canonical(query), lines, names, EMPTY))
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return headers | {
        "authorization": f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={names},Signature={signature}",
        "accept": "application/json",
    }


def _canonical(query: Mapping[str, str]) -> str:
    return urlencode(sorted(query.items()), quote_via=quote, safe="-_.~")
