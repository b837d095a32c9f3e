"""Orders and reproofs to guardians, and suggestions to organisations (domain 1.7)."""

from typing import ClassVar

from events.amounts import EventId, RefOrNumber
from events.data import EventData, Family, Title
from events.envelope import Classification
from events.grammar import Code, DayOrMoment, Ref, SourceText
from events.source import POLICE


class OrderFamilyEducationIssued(EventData):
    """Court, procuratorate or police order guidance in bringing up the child."""

    TYPE: ClassVar[str] = "order.family_education.issued.v1"
    NUMBER: ClassVar[str] = "E93"
    CLAUSE: ClassVar[str] = "A-L17, A§2.7, C-L17"
    TITLE: ClassVar[Title] = Title("家庭教育指导令/家庭教育令", "Family education ordered")
    SOURCES: ClassVar[tuple[str, ...]] = ("court", "procuratorate", *POLICE)
    FAMILY: ClassVar[Family] = "judicial"

    issuer: Code | None = None
    term: RefOrNumber | None = None
    issued_at: DayOrMoment | None = None


class OrderGuardianshipSupervisionIssued(EventData):
    """The procuratorate urges a guardian by an order."""

    TYPE: ClassVar[str] = "order.guardianship_supervision.issued.v1"
    NUMBER: ClassVar[str] = "E94"
    CLAUSE: ClassVar[str] = "CONF-press K38"
    TITLE: ClassVar[Title] = Title("督促监护令", "Supervision of guardianship ordered")
    SOURCES: ClassVar[tuple[str, ...]] = ("procuratorate",)
    FAMILY: ClassVar[Family] = "judicial"

    term: RefOrNumber | None = None
    issued_at: DayOrMoment | None = None


class SuggestionIssued(EventData):
    """Court or procuratorate suggests a remedy to an organisation, which answers within one month."""

    TYPE: ClassVar[str] = "suggestion.issued.v1"
    NUMBER: ClassVar[str] = "E95"
    CLAUSE: ClassVar[str] = "A§3.2, B-T6"
    TITLE: ClassVar[Title] = Title("司法建议/检察建议", "Suggestion issued")
    SOURCES: ClassVar[tuple[str, ...]] = ("court", "procuratorate")
    FAMILY: ClassVar[Family] = "organisation"
    CLASSIFICATION: ClassVar[Classification] = "C2"
    ABOUT_CHILD: ClassVar[bool] = False

    addressee_org: SourceText | None = None
    issued_at: DayOrMoment | None = None
    suggestion_ref: Ref | None = None


class GuardianAdmonished(EventData):
    """A guardian was admonished: ends the task of those who had to."""

    TYPE: ClassVar[str] = "guardian.admonished.v1"
    NUMBER: ClassVar[str] = "E106"
    CLAUSE: ClassVar[str] = 'A§2.7 "应当予以训诫", B-T5 "采取训诫措施"'
    TITLE: ClassVar[Title] = Title("训诫", "Guardian admonished")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, "procuratorate", "court")
    FAMILY: ClassVar[Family] = "judicial"

    ground_event: EventId | None = None
    issued_at: DayOrMoment | None = None
    family_education_ordered: bool | None = None


TYPES = (
    OrderFamilyEducationIssued,
    OrderGuardianshipSupervisionIssued,
    SuggestionIssued,
    GuardianAdmonished,
)
