# mypy: disallow-untyped-calls=False
# (apprise's classes have no annotations)
"""aliyunvoice:// a spoken notification by Aliyun (dyvmsapi 2017-05-25): SingleCallByTts, QueryCallDetailByCallId.

`aliyunvoice://KEY:SECRET@dyvmsapi.aliyuncs.com/`, with `?caller=` where the account has a number of its own.
"""

from typing import Any, ClassVar

import orjson
from apprise import NotificationManager
from typing_extensions import override

from services.notifier.outcome import Outcome, Reason, Receipt, refused, sent
from services.notifier.parcel import Parcel, Question
from services.notifier.plugins.aliyun import Aliyun
from services.notifier.plugins.aliyun_sms import CODES
from services.notifier.plugins.numbers import national
from services.notifier.plugins.provider import Provider
from services.notifier.plugins.reasons import plain

VERSION = "2017-05-25"
SPOKEN = "11010000138001"  # ProdId of calls made by SingleCallByTts
OUT_ID = 15  # the most octets that Aliyun takes here; ours are hexadecimal, and 60 bits of a digest
# help.aliyun.com 55085: what became of a call
HEARD = "200000"
STATES: dict[str, Reason] = {"200004": "bad_number", "200011": "bad_number", "200012": "bad_number"}


class AliyunVoice(Provider):
    """One account's calls. `delivered` means that somebody heard it to the end."""

    service_name = "Aliyun voice"
    secure_protocol = "aliyunvoice"
    promises: ClassVar[bool] = True
    needs_template: ClassVar[bool] = True

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.api = Aliyun(self.way, self.key, self.secret, VERSION, self.given.clock)

    @override
    def hand_over(self, parcel: Parcel) -> Outcome:
        """SingleCallByTts; the text is spoken twice."""
        template = self.template(parcel)
        if template is None:
            return refused(f"no template of the provider for {parcel.template or 'this text'}", "template_wrong")
        query = {
            "CalledNumber": national(parcel.to), "TtsCode": template.id, "PlayTimes": "2",
            "TtsParam": orjson.dumps(self.filled(template, parcel)).decode(), "OutId": parcel.message_id[:OUT_ID],
        }  # fmt: skip
        if self.options.get("caller"):
            query["CalledShowNumber"] = self.options["caller"]
        told = self.api.call("SingleCallByTts", query)
        if isinstance(told, Outcome):
            return told
        if told["Code"] == "OK":
            return sent(str(told.get("CallId") or ""), promised=True)
        return CODES.outcome(plain(told["Code"]))

    @override
    def ask(self, question: Question) -> Receipt | None:
        """QueryCallDetailByCallId; a call whose id never came cannot be asked for."""
        if not question.provider_id:
            return None
        query = {
            "CallId": question.provider_id, "ProdId": SPOKEN, "QueryDate": str(int(question.since.timestamp() * 1000)),
        }  # fmt: skip
        told = self.api.call("QueryCallDetailByCallId", query)
        if isinstance(told, Outcome) or told["Code"] != "OK":
            return None
        try:
            call = orjson.loads(told.get("Data") or "{}")
        except ValueError:
            return None
        return judged(call)


def judged(call: dict[str, Any]) -> Receipt:
    """A call's record: heard to the end, or not, or no state yet. Who hangs up early has not heard which referral it is."""
    state = str(call.get("state") or "")
    if not state:
        return Receipt("waiting")
    if state == HEARD:
        return Receipt("delivered")
    return Receipt("failed", f"the call was not heard ({plain(state)})", STATES.get(state, "unreachable"))


NotificationManager().add(AliyunVoice)
