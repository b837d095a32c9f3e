"""How Tencent Cloud checks a request: TC3-HMAC-SHA256 over method, path, query, the named headers and the body.

cloud.tencent.com 382/52071 (signature method v3). Clocks may differ by five minutes.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from services.phone import sample

SKEW = 300  # seconds
_TC3 = re.compile(
    r"^TC3-HMAC-SHA256 +Credential=([^/,]+)/(\d{4}-\d\d-\d\d)/([a-z]+)/tc3_request, *SignedHeaders=([a-z0-9;_-]+), *Signature=([0-9a-f]{64})$"
)


class Refused(Exception):
    """The request is answered with an error: code and message, with HTTP 200."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


def check(
    method: str, path: str, query: str, headers: Mapping[str, str], body: bytes, service: str, now: datetime
) -> None:
    """Raises Refused unless the request to this service is signed with the sample account's key, and now."""
    parts = _TC3.match(headers.get("authorization", ""))
    if parts is None:
        raise Refused("AuthFailure.InvalidAuthorization", "The Authorization header does not follow the standard.")
    key, day, named, names, signature = parts.groups()
    stamp = headers.get("x-tc-timestamp", "")
    if not stamp.isdigit() or abs(now.timestamp() - int(stamp)) > SKEW:
        raise Refused(
            "AuthFailure.SignatureExpire",
            "The signature has expired; local and server time differ by more than five minutes.",
        )
    if key != sample.TENCENT_KEY:
        raise Refused(
            "AuthFailure.SecretIdNotFound", "The SecretId is not found, please ensure that your SecretId is correct."
        )
    signed = names.split(";")
    fits = named == service and day == datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%d")
    if not fits or not {"content-type", "host"} <= set(signed):
        raise Refused(
            "AuthFailure.SignatureFailure", "The provided credentials could not be validated: scope or signed headers."
        )
    told = "".join(f"{name}:{headers.get(name, '').strip().lower()}\n" for name in signed)
    request = "\n".join((method, path, query, told, names, hashlib.sha256(body).hexdigest()))
    text = "\n".join(
        ("TC3-HMAC-SHA256", stamp, f"{day}/{service}/tc3_request", hashlib.sha256(request.encode()).hexdigest())
    )
    secret = f"TC3{sample.TENCENT_SECRET}".encode()
    for part in (day, service, "tc3_request"):
        secret = hmac.new(secret, part.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(hmac.new(secret, text.encode(), hashlib.sha256).hexdigest(), signature):
        raise Refused(
            "AuthFailure.SignatureFailure",
            "The provided credentials could not be validated. Please check your signature is correct.",
        )
