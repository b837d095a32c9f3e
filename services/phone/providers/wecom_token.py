"""WeCom's access tokens: one that is valid for two hours, the same for everybody who asks meanwhile."""

import hmac
import secrets
from datetime import datetime, timedelta

from services.phone import sample

VALID = timedelta(seconds=7200)

Answer = dict[str, object]
OK: Answer = {"errcode": 0, "errmsg": "ok"}


def fault(code: int, message: str) -> Answer:
    """What WeCom answers, with HTTP 200, when it refuses."""
    return {
        "errcode": code,
        "errmsg": f"{message}, more info at https://open.work.weixin.qq.com/devtool/query?e={code}",
    }


class Tokens:
    """Tokens of one process; a restart ends them all, which is why every caller must take 40014 for a refresh."""

    def __init__(self) -> None:
        self._ends: dict[str, datetime] = {}

    def give(self, corp: str, secret: str, now: datetime) -> Answer:
        """`gettoken`."""
        if not corp:
            return fault(41002, "corpid missing")
        if not secret:
            return fault(41004, "corpsecret missing")
        if corp != sample.WECOM_CORP:
            return fault(40013, "invalid corpid")
        if not hmac.compare_digest(secret.encode(), sample.WECOM_SECRET.encode()):
            return fault(40001, "invalid credential")
        token = next((token for token, end in self._ends.items() if end > now), None)
        if token is None:
            token = secrets.token_urlsafe(48)
            self._ends[token] = now + VALID
        return OK | {"access_token": token, "expires_in": int((self._ends[token] - now).total_seconds())}

    def wrong(self, token: str | None, now: datetime) -> Answer | None:
        """What is answered to a call with this token, if it is not good."""
        if not token:
            return fault(41001, "access_token missing")
        end = self._ends.get(token)
        if end is None:
            return fault(40014, "invalid access_token")
        if end <= now:
            return fault(42001, "access_token expired")
        return None

    def end_all(self, now: datetime) -> None:
        """From now on every token that was given is expired."""
        self._ends = dict.fromkeys(self._ends, now)
