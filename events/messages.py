"""Every message between our services; sources never send these."""

from collections.abc import Mapping
from types import MappingProxyType

from events.dead_letter import RecordBuried
from events.heartbeat import PlatformHeartbeat
from events.notification import NotificationRecorded, ReceiptRecorded, ReplyReceived
from events.referral import CaseClosed, Message, ReferralChanged, ReferralOpened, TimerCancelled, TimerSet
from events.sla import ObligationWarned, SlaBreached, SlaWarned, TimerDue

_ALL: tuple[type[Message], ...] = (
    ReferralOpened,
    ReferralChanged,
    CaseClosed,
    TimerSet,
    TimerCancelled,
    SlaWarned,
    SlaBreached,
    TimerDue,
    ObligationWarned,
    NotificationRecorded,
    ReceiptRecorded,
    ReplyReceived,
    RecordBuried,
    PlatformHeartbeat,
)

MESSAGES: Mapping[str, type[Message]] = MappingProxyType({kind.TYPE: kind for kind in _ALL})
"""`referral.opened.v1` -> ReferralOpened."""
