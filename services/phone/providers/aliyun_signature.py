"""How Aliyun checks a request: the RPC style with HMAC-SHA1, or ACS3-HMAC-SHA256 in the headers as today's SDKs send it.

help.aliyun.com: "RPC signature" (canonical query, `METHOD&%2F&…`, key + "&") and "Signature method V3". Clocks may differ by
fifteen minutes, and a nonce is good once in that time.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

from services.phone import sample

SKEW = timedelta(minutes=15)
_ACS3 = re.compile(r"^ACS3-HMAC-SHA256 +Credential=([^,]+), *SignedHeaders=([^,]+), *Signature=([0-9a-fA-F]+)$")


class Refused(Exception):
    """Aliyun's own gateway does not let the request in: HTTP status, code, message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came, with its path after the provider's base path."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def given(self) -> dict[str, str]:
        """Its parameters, from query and form."""
        told = dict(parse_qsl(self.query, keep_blank_values=True))
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            told |= dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))
        return told


class Nonces:
    """Nonces seen lately."""

    def __init__(self) -> None:
        self._seen: dict[str, datetime] = {}
        self._swept: datetime | None = None

    def new(self, nonce: str, now: datetime) -> bool:
        """Whether nobody used it before, within the time that counts."""
        if self._swept is None or now - self._swept > SKEW:
            self._seen = {known: at for known, at in self._seen.items() if now - at < 2 * SKEW}
            self._swept = now
        if nonce in self._seen:
            return False
        self._seen[nonce] = now
        return True


def checked(asked: Asked, version: str, nonces: Nonces, now: datetime) -> tuple[str, dict[str, str]]:
    """The action and its parameters, of a request that is signed as it must be. Raises Refused."""
    given = asked.given
    authorization = asked.headers.get("authorization", "")
    if authorization:
        action, asked_version = asked.headers.get("x-acs-action", ""), asked.headers.get("x-acs-version", "")
        told, nonce = asked.headers.get("x-acs-date", ""), asked.headers.get("x-acs-signature-nonce", "")
        key, right = _by_headers(asked, authorization)
    else:
        action, asked_version = given.get("Action", ""), given.get("Version", "")
        told, nonce = given.get("Timestamp", ""), given.get("SignatureNonce", "")
        key, right = _by_query(asked, given)
    for name, value in (
        ("Action", action),
        ("Version", asked_version),
        ("AccessKeyId", key),
        ("SignatureNonce", nonce),
    ):
        if not value:
            raise Refused(400, f"Missing{name}", f"{name} is mandatory for this action.")
    if key != sample.ALIYUN_KEY:
        raise Refused(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
    _in_time(told, now)
    if not right:
        raise Refused(400, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation.")
    if not nonces.new(nonce, now):
        raise Refused(400, "SignatureNonceUsed", "Specified signature nonce was used already.")
    if asked_version != version:
        raise Refused(400, "InvalidVersion", "Specified parameter Version is not valid.")
    return action, given


def _by_query(asked: Asked, given: Mapping[str, str]) -> tuple[str, bool]:
    """The access key, and whether the signature fits."""
    if given.get("SignatureMethod") != "HMAC-SHA1" or given.get("SignatureVersion") != "1.0":
        return given.get("AccessKeyId", ""), False
    told = {name: value for name, value in given.items() if name != "Signature"}
    text = f"{asked.method}&{_quoted('/')}&{_quoted(_canonical(told))}"
    digest = hmac.new(f"{sample.ALIYUN_SECRET}&".encode(), text.encode(), hashlib.sha1).digest()
    return given.get("AccessKeyId", ""), hmac.compare_digest(
        base64.b64encode(digest).decode(), given.get("Signature", "")
    )


def _by_headers(asked: Asked, authorization: str) -> tuple[str, bool]:
    parts = _ACS3.match(authorization)
    if parts is None:
        raise Refused(400, "IncompleteSignature", "The request signature does not conform to Aliyun standards.")
    key, names, signature = parts.groups()
    signed = names.lower().split(";")
    must = {name for name in asked.headers if name.startswith("x-acs-")} | {"host"}
    digest = hashlib.sha256(asked.body).hexdigest()
    if not must <= set(signed) or asked.headers.get("x-acs-content-sha256") != digest:
        return key, False
    query = _canonical(dict(parse_qsl(asked.query, keep_blank_values=True)))
    headers = "".join(f"{name}:{asked.headers.get(name, '').strip()}\n" for name in signed)
    request = "\n".join((asked.method, asked.path, query, headers, ";".join(signed), digest))
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    right = hmac.new(sample.ALIYUN_SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    return key, hmac.compare_digest(right, signature.lower())


def _canonical(told: Mapping[str, str]) -> str:
    return "&".join(f"{_quoted(name)}={_quoted(told[name])}" for name in sorted(told))


def _quoted(text: str) -> str:
    return quote(text, safe="~")


def _in_time(told: str, now: datetime) -> None:
    try:
        at = datetime.strptime(told, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Refused(
            400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted."
        ) from None
    if abs(now - at) > SKEW:
        raise Refused(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
