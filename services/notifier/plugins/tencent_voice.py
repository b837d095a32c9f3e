# mypy: disallow-untyped-calls=False
# (apprise's classes have no annotations)
"""tencentvoice:// a spoken notification by Tencent Cloud (vms 2020-09-02): SendTtsVoice.

`tencentvoice://ID:KEY@vms.tencentcloudapi.com/?app=1400006666`. There is no query: only the callback says what became of a call.
"""

from typing import Any, ClassVar

from apprise import NotificationManager
from typing_extensions import override

from services.notifier.outcome import Outcome, refused, sent, unknown
from services.notifier.parcel import Parcel
from services.notifier.plugins.numbers import e164
from services.notifier.plugins.provider import Provider
from services.notifier.plugins.reasons import plain
from services.notifier.plugins.tencent import Tencent, error_of
from services.notifier.plugins.tencent_sms import CODES, REGION

VERSION = "2020-09-02"


class TencentVoice(Provider):
    """One application's calls. `delivered` means that somebody took the call."""

    service_name = "Tencent Cloud voice"
    secure_protocol = "tencentvoice"
    promises: ClassVar[bool] = True
    wants: ClassVar[tuple[str, ...]] = ("app",)
    needs_template: ClassVar[bool] = True

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        region = self.options.get("region", REGION)
        self.api = Tencent(self.way, self.key, self.secret, "vms", VERSION, region, self.given.clock)

    @override
    def hand_over(self, parcel: Parcel) -> Outcome:
        """SendTtsVoice; the text is spoken twice."""
        template = self.template(parcel)
        if template is None:
            return refused(f"no template of the provider for {parcel.template or 'this text'}", "template_wrong")
        told = self.api.call("SendTtsVoice", {
            "TemplateId": template.id, "CalledNumber": e164(parcel.to), "VoiceSdkAppid": self.options["app"], "PlayTimes": 2,
            "TemplateParamSet": list(self.filled(template, parcel).values()), "SessionContext": parcel.message_id,
        })  # fmt: skip
        if isinstance(told, Outcome):
            return told
        if (code := error_of(told)) is not None:
            return CODES.outcome(plain(code))
        status = told.get("SendStatus")
        if not (isinstance(status, dict) and status.get("CallId")):
            return unknown("its answer names no call")
        return sent(str(status["CallId"]), promised=True)


NotificationManager().add(TencentVoice)
