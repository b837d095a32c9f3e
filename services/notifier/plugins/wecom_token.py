"""WeCom's access token: one for all concurrent sends, fetched once when it is missing, old or refused."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

import orjson

from services.chassis.clock import Clock
from services.notifier.outcome import Outcome, refused_for_now
from services.notifier.plugins.connection import Answer, Way, judged

EARLY = timedelta(minutes=5)  # before its end a token is fetched anew
FAILED_FOR = 0.4  # seconds in which those who wait share a failed fetch instead of repeating it one after the other


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    until: datetime


class AccessToken:
    """`gettoken` for one application."""

    def __init__(self, way: Way, corp: str, secret: str, clock: Clock, meaning: Callable[[int], Outcome]) -> None:
        self._way, self._clock, self._meaning = way, clock, meaning
        self._path = f"/cgi-bin/gettoken?{urlencode({'corpid': corp, 'corpsecret': secret})}"
        self._lock = threading.Lock()
        self._token: _Token | None = None
        self._failed: tuple[float, Outcome] | None = None

    def get(self, bad: str = "") -> str | Outcome:
        """A token that is good as far as we know, and is not `bad`; an Outcome when there is none to be had."""
        if (good := self._good(bad)) is not None:
            return good
        with self._lock:
            if (good := self._good(bad)) is not None:
                return good
            if self._failed is not None and time.monotonic() - self._failed[0] < FAILED_FOR:
                return self._failed[1]
            found = self._fetch()
            if isinstance(found, Outcome):
                self._failed = (time.monotonic(), found)
                return found
            self._token, self._failed = found, None
            return found.value

    def _good(self, bad: str) -> str | None:
        token = self._token
        return token.value if token and token.value != bad and token.until > self._clock.now() else None

    def _fetch(self) -> _Token | Outcome:
        answer = self._way.exchange("GET", self._path)
        if isinstance(answer, Outcome):  # whatever happened, no message was handed over
            return refused_for_now(f"no access token: {answer.detail}", answer.reason)
        return self._read(answer)

    def _read(self, answer: Answer) -> _Token | Outcome:
        if answer.status != 200:
            return refused_for_now(f"no access token: {judged(answer.status).detail}")
        try:
            told = orjson.loads(answer.body)
            code = int(told.get("errcode", 0))
            if code != 0:
                return self._meaning(code)
            ends = timedelta(seconds=int(told["expires_in"]))
            return _Token(str(told["access_token"]), self._clock.now() + max(ends - EARLY, ends / 2))
        except (ValueError, KeyError, TypeError, AttributeError):
            return refused_for_now("no access token: its answer cannot be read")
