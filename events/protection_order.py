"""Protection orders and warning letters against violence at home (domain 1.7)."""

from typing import ClassVar

from events.data import EventData, Family, Title
from events.grammar import DayOrMoment, Ref
from events.source import DERIVED, POLICE


class CourtProtectionOrderApplied(EventData):
    """A court accepted an application: 72 or 24 hours run."""

    TYPE: ClassVar[str] = "court.protection_order.applied.v1"
    NUMBER: ClassVar[str] = "E91"
    CLAUSE: ClassVar[str] = "C-L17; CONF K02 arts 23-32"
    TITLE: ClassVar[Title] = Title("人身安全保护令申请", "Protection order applied for")
    SOURCES: ClassVar[tuple[str, ...]] = ("court",)
    FAMILY: ClassVar[Family] = "judicial"
    AHEAD: ClassVar[frozenset[str]] = frozenset({"valid_until"})

    accepted_at: DayOrMoment | None = None
    urgent: bool | None = None
    issued_at: DayOrMoment | None = None
    valid_until: DayOrMoment | None = None
    covers_school: bool | None = None
    order_ref: Ref | None = None


class CourtProtectionOrderIssued(CourtProtectionOrderApplied):
    """A court issued the order."""

    TYPE: ClassVar[str] = "court.protection_order.issued.v1"
    NUMBER: ClassVar[str] = "E91"
    CLAUSE: ClassVar[str] = "C-L17; CONF K02 arts 23-32"
    TITLE: ClassVar[Title] = Title("人身安全保护令作出", "Protection order issued")
    SOURCES: ClassVar[tuple[str, ...]] = ("court",)
    FAMILY: ClassVar[Family] = "judicial"


class CourtProtectionOrderRejected(CourtProtectionOrderApplied):
    """A court rejected the application."""

    TYPE: ClassVar[str] = "court.protection_order.rejected.v1"
    NUMBER: ClassVar[str] = "E91"
    CLAUSE: ClassVar[str] = "C-L17; CONF K02 arts 23-32"
    TITLE: ClassVar[Title] = Title("人身安全保护令驳回", "Protection order rejected")
    SOURCES: ClassVar[tuple[str, ...]] = ("court",)
    FAMILY: ClassVar[Family] = "judicial"


class CourtProtectionOrderExpiring(CourtProtectionOrderApplied):
    """An order will soon end unless it is extended."""

    TYPE: ClassVar[str] = "court.protection_order.expiring.v1"
    NUMBER: ClassVar[str] = "E91"
    CLAUSE: ClassVar[str] = "C-L17; CONF K02 arts 23-32"
    TITLE: ClassVar[Title] = Title("人身安全保护令将到期", "Protection order expires soon")
    SOURCES: ClassVar[tuple[str, ...]] = ("court", *DERIVED)
    FAMILY: ClassVar[Family] = "judicial"


class PoliceWarningLetterIssued(EventData):
    """Police warned a violent family member in writing."""

    TYPE: ClassVar[str] = "police.warning_letter.issued.v1"
    NUMBER: ClassVar[str] = "E92"
    CLAUSE: ClassVar[str] = "CONF K02 arts 16-17"
    TITLE: ClassVar[Title] = Title("家庭暴力告诫书", "Warning letter issued")
    SOURCES: ClassVar[tuple[str, ...]] = POLICE
    FAMILY: ClassVar[Family] = "judicial"

    issued_at: DayOrMoment | None = None


TYPES = (
    CourtProtectionOrderApplied,
    CourtProtectionOrderIssued,
    CourtProtectionOrderRejected,
    CourtProtectionOrderExpiring,
    PoliceWarningLetterIssued,
)
