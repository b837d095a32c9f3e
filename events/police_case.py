"""What the police make of a report (domain 1.7): these acts drive the legal clocks."""

from typing import ClassVar

from events.data import EventData, Family, Title
from events.grammar import Code, DayOrMoment, Ref
from events.source import POLICE


class PoliceCaseAccepted(EventData):
    """Police took the report on as a case."""

    TYPE: ClassVar[str] = "police.case.accepted.v1"
    NUMBER: ClassVar[str] = "E98"
    CLAUSE: ClassVar[str] = "CONF K13, K14, K24"
    TITLE: ClassVar[Title] = Title("受案", "Police accepted the case")
    SOURCES: ClassVar[tuple[str, ...]] = POLICE
    FAMILY: ClassVar[Family] = "judicial"

    case_ref: Ref | None = None
    at: DayOrMoment | None = None
    case_kind: Code | None = None


class PoliceCaseFiled(PoliceCaseAccepted):
    """Police opened an investigation."""

    TYPE: ClassVar[str] = "police.case.filed.v1"
    NUMBER: ClassVar[str] = "E98"
    CLAUSE: ClassVar[str] = "CONF K13, K14, K24"
    TITLE: ClassVar[Title] = Title("立案", "Police filed the case")
    SOURCES: ClassVar[tuple[str, ...]] = POLICE
    FAMILY: ClassVar[Family] = "judicial"


class PoliceCaseDeclined(PoliceCaseAccepted):
    """Police will not investigate."""

    TYPE: ClassVar[str] = "police.case.declined.v1"
    NUMBER: ClassVar[str] = "E98"
    CLAUSE: ClassVar[str] = "CONF K13, K14, K24"
    TITLE: ClassVar[Title] = Title("不予立案", "Police declined the case")
    SOURCES: ClassVar[tuple[str, ...]] = POLICE
    FAMILY: ClassVar[Family] = "judicial"


TYPES = (
    PoliceCaseAccepted,
    PoliceCaseFiled,
    PoliceCaseDeclined,
)
