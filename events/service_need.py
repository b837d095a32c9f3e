"""Services that find a child, or that a family needs (domain 1.6)."""

from typing import ClassVar, Literal

from typing_extensions import override

from events.abuse import SEXUAL
from events.amounts import Items, TypeName
from events.data import EventData, Family, Title
from events.envelope import Classification
from events.grammar import Code, Ref
from events.source import DERIVED, HOTLINE, POLICE, SCHOOL, TOWNSHIP, VILLAGE


class ServiceMatchFound(EventData):
    """Service items and programmes fit this child: numbers of the province's list, codes of programmes."""

    TYPE: ClassVar[str] = "service.match.found.v1"
    NUMBER: ClassVar[str] = "E78"
    CLAUSE: ClassVar[str] = "A§2.3, A§2.5, B-T9, B-T18"
    TITLE: ClassVar[Title] = Title("政策找人匹配", "Services matched")
    SOURCES: ClassVar[tuple[str, ...]] = DERIVED
    FAMILY: ClassVar[Family] = "services"
    CLASSIFICATION: ClassVar[Classification] = "C2"

    list_items: Items = ()
    digest_items: Items = ()
    consent_pending: Items = ()
    not_known: Items = ()


class ServiceParentNeed(EventData):
    """Parents need work, or help to bring up a child."""

    TYPE: ClassVar[str] = "service.parent_need.v1"
    NUMBER: ClassVar[str] = "E79"
    CLAUSE: ClassVar[str] = "A§2.12, B-T4, B-T5, B-T12, A-L17..L19, L30, L32"
    TITLE: ClassVar[Title] = Title("父母就业/家教/监护能力需求", "Parents' need")
    SOURCES: ClassVar[tuple[str, ...]] = (*VILLAGE, "human_resources", "womens_federation")
    FAMILY: ClassVar[Family] = "services"
    CLASSIFICATION: ClassVar[Classification] = "C2"

    need: Code | None = None


class TransportNeed(EventData):
    """A pupil needs a card or a line to ride to school."""

    TYPE: ClassVar[str] = "transport.need.v1"
    NUMBER: ClassVar[str] = "E108"
    CLAUSE: ClassVar[str] = "A§2.6"
    TITLE: ClassVar[Title] = Title("出行需求", "Need of transport")
    SOURCES: ClassVar[tuple[str, ...]] = (*SCHOOL, *VILLAGE, "portal")
    FAMILY: ClassVar[Family] = "services"
    CLASSIFICATION: ClassVar[Classification] = "C2"

    need: Literal["card", "route", "unknown"] | None = None
    school_ref: Ref | None = None


class LegalAidNeed(EventData):
    """A child needs a lawyer. Sealed (C4) when it rests on a sexual assault."""

    TYPE: ClassVar[str] = "legal_aid.need.v1"
    NUMBER: ClassVar[str] = "E109"
    CLAUSE: ClassVar[str] = "C§4"
    TITLE: ClassVar[Title] = Title("法律援助需求", "Need of legal aid")
    SOURCES: ClassVar[tuple[str, ...]] = (
        *VILLAGE,
        *TOWNSHIP,
        "womens_federation",
        *POLICE,
        "court",
        *HOTLINE,
        "social_org",
    )
    FAMILY: ClassVar[Family] = "services"

    case_kind: Literal["civil", "criminal_victim", "criminal_suspect", "administrative", "unknown"] | None = None
    urgent: bool | None = None
    rests_on: TypeName | None = None

    @override
    def classification(self) -> Classification:
        """Sealed when it rests on E36."""
        return "C4" if (self.rests_on or "").startswith(SEXUAL) else super().classification()


TYPES = (
    ServiceMatchFound,
    ServiceParentNeed,
    TransportNeed,
    LegalAidNeed,
)
