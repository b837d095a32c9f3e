# mypy: disallow-untyped-calls=False
# (apprise's classes have no annotations)
"""wecom:// a WeCom application message to one user: developer.work.weixin.qq.com 90236, its token 91039.

`wecom://CORP:SECRET@qyapi.weixin.qq.com/?agent=1000002&page=https://our-door`. `page`: where the officer's page is; without
it a card leads nowhere. Unlike apprise's wechat:// it reads who was not told, keeps the message's id and never waits.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import orjson
from apprise import NotificationManager
from typing_extensions import override

from services.notifier.outcome import Outcome, Reason, refused, refused_for_now, sent, unknown
from services.notifier.parcel import Parcel
from services.notifier.plugins.connection import judged
from services.notifier.plugins.provider import Provider
from services.notifier.plugins.wecom_card import message
from services.notifier.plugins.wecom_token import AccessToken

OLD_TOKEN = frozenset({40014, 41001, 42001})
NOT_NOW: Mapping[int, Reason] = {-1: "provider_fault", 45009: "throttled", 45033: "throttled", 45047: "throttled"}
FINAL: Mapping[int, Reason] = {
    60111: "no_such_user", 81013: "no_such_user", 46004: "no_such_user", 40003: "no_such_user",
    40001: "not_permitted", 40013: "not_permitted", 40056: "not_permitted", 40091: "not_permitted", 48001: "not_permitted",
    48002: "not_permitted", 50001: "not_permitted", 60011: "not_permitted", 60020: "not_permitted", 301002: "not_permitted",
    81012: "not_permitted", 40008: "template_wrong", 40058: "template_wrong", 41006: "template_wrong", 44004: "template_wrong",
    45002: "template_wrong", 45004: "template_wrong", 45008: "template_wrong", 42039: "template_wrong",
    45024: "no_balance", 41009: "bad_number",
}  # fmt: skip


class WeCom(Provider):
    """An application of one company. WeCom gives no receipt: what it took counts as far as anything can be known."""

    service_name = "WeCom application"
    secure_protocol = "wecom"
    wants: ClassVar[tuple[str, ...]] = ("agent",)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if not self.options["agent"].isdigit():
            raise TypeError("expected ?agent= with the application's number")
        self.tokens = AccessToken(self.way, self.key, self.secret, self.given.clock, meaning)

    @override
    def hand_over(self, parcel: Parcel) -> Outcome:
        """Send it; with a fresh token once more when WeCom says that the token was no good."""
        card = message(parcel, int(self.options["agent"]), self.options.get("page", ""), self.given.buttons)
        body = orjson.dumps(card)
        token = self.tokens.get()
        if isinstance(token, Outcome):
            return token
        outcome = self._send(token, body, parcel)
        if outcome is None:
            fresh = self.tokens.get(bad=token)
            if isinstance(fresh, Outcome):
                return fresh
            outcome = self._send(fresh, body, parcel)
        return outcome or refused_for_now("the access token is refused", "not_permitted")

    def _send(self, token: str, body: bytes, parcel: Parcel) -> Outcome | None:
        path = f"/cgi-bin/message/send?access_token={token}"
        answer = self.way.exchange("POST", path, body=body, headers={"Content-Type": "application/json"})
        if isinstance(answer, Outcome):
            return answer
        return read(answer.body, parcel.to, parcel.again) if answer.status == 200 else judged(answer.status)


def read(body: bytes, to: str, again: bool = False) -> Outcome | None:
    """What an answer to `message/send` says about one user; None: the token was no good, and nothing happened."""
    try:
        told = orjson.loads(body)
        code = int(told["errcode"])
        left_out = {
            name: set(str(told.get(name) or "").lower().split("|")) for name in ("invaliduser", "unlicenseduser")
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return unknown("its answer cannot be read")
    if code in OLD_TOKEN:
        return None
    if again and code == 40058 and "task_id" in str(told.get("errmsg")):
        return sent()  # the process that died had sent this very card
    if code != 0:
        return meaning(code)
    if to.lower() in left_out["invaliduser"]:
        return refused("WeCom knows no such user, or the application may not reach them", "no_such_user")
    if to.lower() in left_out["unlicenseduser"]:
        return refused("this user has no WeCom interface licence", "not_licensed")
    return sent(str(told.get("msgid") or ""))


def meaning(code: int) -> Outcome:
    """A refusal of WeCom in our vocabulary."""
    detail = f"errcode {code}"
    if code in NOT_NOW:
        return refused_for_now(detail, NOT_NOW[code])
    return refused(detail, FINAL.get(code, "other"))


NotificationManager().add(WeCom)
