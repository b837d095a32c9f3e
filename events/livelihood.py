"""Living, shelter and residence (domain 1.6)."""

from typing import ClassVar

from events.amounts import SquareMetres
from events.data import EventData, Family, Title
from events.envelope import Classification
from events.grammar import Code, Codes, DayOrMoment
from events.source import POLICE, SCHOOL, TOWNSHIP, VILLAGE


class LivelihoodDifficulty(EventData):
    """A family can hardly live on what it has."""

    TYPE: ClassVar[str] = "livelihood.difficulty.v1"
    NUMBER: ClassVar[str] = "E68"
    CLAUSE: ClassVar[str] = "A§2.6"
    TITLE: ClassVar[Title] = Title("生活困难", "Difficult living")
    SOURCES: ClassVar[tuple[str, ...]] = ("civil_affairs", *VILLAGE, *SCHOOL)
    FAMILY: ClassVar[Family] = "guardianship"

    indicators: Codes = ()


class LivelihoodEmergency(EventData):
    """A sudden blow leaves a family without the basics."""

    TYPE: ClassVar[str] = "livelihood.emergency.v1"
    NUMBER: ClassVar[str] = "E69"
    CLAUSE: ClassVar[str] = "A-L16, C-L16"
    TITLE: ClassVar[Title] = Title("急难(基本生活突发严重困难)", "Sudden emergency of living")
    SOURCES: ClassVar[tuple[str, ...]] = (*VILLAGE, *TOWNSHIP, "civil_affairs", "emergency_mgmt")
    FAMILY: ClassVar[Family] = "guardianship"

    cause: Code | None = None
    needs_shelter: bool | None = None
    staged: bool | None = None


class HousingDifficulty(EventData):
    """A family lives too narrowly or without a home of its own."""

    TYPE: ClassVar[str] = "housing.difficulty.v1"
    NUMBER: ClassVar[str] = "E70"
    CLAUSE: ClassVar[str] = "A§2.6, A-L9"
    TITLE: ClassVar[Title] = Title("住房困难", "Difficult housing")
    SOURCES: ClassVar[tuple[str, ...]] = ("housing", *VILLAGE)
    FAMILY: ClassVar[Family] = "guardianship"

    tenure: Code | None = None
    area: SquareMetres | None = None


class ResidencePermitRegistered(EventData):
    """A child has a residence permit."""

    TYPE: ClassVar[str] = "residence.permit.registered.v1"
    NUMBER: ClassVar[str] = "E71"
    CLAUSE: ClassVar[str] = "A§2.1"
    TITLE: ClassVar[Title] = Title("居住证登记(儿童)", "Residence permit registered")
    SOURCES: ClassVar[tuple[str, ...]] = POLICE
    FAMILY: ClassVar[Family] = "services"
    CLASSIFICATION: ClassVar[Classification] = "C2"

    issued_at: DayOrMoment | None = None


class ResidencePermitMissing(EventData):
    """A child lives here without a residence permit."""

    TYPE: ClassVar[str] = "residence.permit.missing.v1"
    NUMBER: ClassVar[str] = "E72"
    CLAUSE: ClassVar[str] = "A§2.1"
    TITLE: ClassVar[Title] = Title("未办居住证", "No residence permit")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, *VILLAGE)
    FAMILY: ClassVar[Family] = "services"
    CLASSIFICATION: ClassVar[Classification] = "C2"


TYPES = (
    LivelihoodDifficulty,
    LivelihoodEmergency,
    HousingDifficulty,
    ResidencePermitRegistered,
    ResidencePermitMissing,
)
