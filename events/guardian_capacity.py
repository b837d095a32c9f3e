"""Guardians who cannot care (domain 1.1): ill, disabled, overwhelmed, or kept away by an emergency."""

from typing import ClassVar

from events.amounts import Grade
from events.data import EventData, Family, Title
from events.grammar import Code, DayOrMoment, Ref
from events.source import HOSPITAL, POLICE, TOWNSHIP, VILLAGE


class GuardianSeverelyDisabled(EventData):
    """A guardian holds a certificate of severe disability."""

    TYPE: ClassVar[str] = "guardian.severely_disabled.v1"
    NUMBER: ClassVar[str] = "E10"
    CLAUSE: ClassVar[str] = "A§2.3, B-T18, B§2.2"
    TITLE: ClassVar[Title] = Title("监护人重残", "Guardian severely disabled")
    SOURCES: ClassVar[tuple[str, ...]] = ("disabled_federation",)
    FAMILY: ClassVar[Family] = "guardianship"
    AHEAD: ClassVar[frozenset[str]] = frozenset({"effective_date"})

    category: Code | None = None
    grade: Grade | None = None
    effective_date: DayOrMoment | None = None
    caregiver_known: bool | None = None
    other_guardian_status: Code | None = None
    guardian_role: Code | None = None


class GuardianSeriouslyIll(EventData):
    """A guardian has an illness of the catalogue; its code travels, never a diagnosis in words."""

    TYPE: ClassVar[str] = "guardian.seriously_ill.v1"
    NUMBER: ClassVar[str] = "E11"
    CLAUSE: ClassVar[str] = "A§2.3, B-T18, B§2.2"
    TITLE: ClassVar[Title] = Title("监护人重病(含地方病)", "Guardian seriously ill")
    SOURCES: ClassVar[tuple[str, ...]] = ("health", *HOSPITAL, "medical_insurance")
    FAMILY: ClassVar[Family] = "guardianship"

    disease_catalog_code: Ref | None = None
    since: DayOrMoment | None = None
    caregiver_known: bool | None = None
    other_guardian_status: Code | None = None
    guardian_role: Code | None = None


class GuardianCapacityLost(EventData):
    """Somebody found a guardian unable to care for the child."""

    TYPE: ClassVar[str] = "guardian.capacity.lost.v1"
    NUMBER: ClassVar[str] = "E14"
    CLAUSE: ClassVar[str] = "A§2.2, B-T8"
    TITLE: ClassVar[Title] = Title("监护人丧失监护能力", "Guardian unable to care")
    SOURCES: ClassVar[tuple[str, ...]] = (*VILLAGE, *TOWNSHIP, *HOSPITAL, *POLICE)
    FAMILY: ClassVar[Family] = "harm"

    ground: Code | None = None
    caregiver_present: bool | None = None
    child_alone: bool | None = None
    child_in_peril: bool | None = None
    serious_consequence: bool | None = None


class GuardianUnavailableEmergency(EventData):
    """An emergency keeps the guardian from the child."""

    TYPE: ClassVar[str] = "guardian.unavailable.emergency.v1"
    NUMBER: ClassVar[str] = "E17"
    CLAUSE: ClassVar[str] = 'B-T18 "因突发事件影响亟需关爱服务"; CONF K36'
    TITLE: ClassVar[Title] = Title("因突发事件监护缺失", "No guardian because of an emergency")
    SOURCES: ClassVar[tuple[str, ...]] = ("emergency_mgmt", "health", *HOSPITAL, *POLICE, *VILLAGE)
    FAMILY: ClassVar[Family] = "harm"

    incident_ref: Ref | None = None
    since: DayOrMoment | None = None
    child_alone: bool | None = None


TYPES = (
    GuardianSeverelyDisabled,
    GuardianSeriouslyIll,
    GuardianCapacityLost,
    GuardianUnavailableEmergency,
)
