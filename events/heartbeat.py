"""The heartbeat: once a minute something goes through the whole pipeline, so that its silence is noticed."""

from datetime import datetime
from typing import ClassVar

from events.referral import Message


class PlatformHeartbeat(Message):
    """We are alive: begun by the tracker, let through by the door and the referral service, noted by the notifier.

    No child, no case, no referral: no rule refers it, and no statistics count it. The door takes it from ourselves alone.
    """

    TYPE: ClassVar[str] = "platform.heartbeat.v1"
    at: datetime  # the minute that it stands for
