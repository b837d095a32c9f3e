"""Illness and disability (domain 1.5)."""

from typing import ClassVar, Literal

from events.amounts import Grade, RefOrFlag, Year
from events.data import EventData, Family, Title
from events.envelope import Classification
from events.grammar import Code, Codes, DayOrMoment, Ref, Refs
from events.source import HOSPITAL, SCHOOL, VILLAGE


class ChildSeriousIllness(EventData):
    """A child has an illness of the catalogue; its code travels, never a diagnosis in words."""

    TYPE: ClassVar[str] = "child.serious_illness.v1"
    NUMBER: ClassVar[str] = "E60"
    CLAUSE: ClassVar[str] = "A§2.3, A§2.5, B§2.2"
    TITLE: ClassVar[Title] = Title("儿童重病", "Child seriously ill")
    SOURCES: ClassVar[tuple[str, ...]] = ("health", *HOSPITAL, "medical_insurance")
    FAMILY: ClassVar[Family] = "health"

    catalog_code: Ref | None = None
    cost_burden: RefOrFlag | None = None


class ChildHivInfected(EventData):
    """A child is infected with HIV; sealed (C4) from birth."""

    TYPE: ClassVar[str] = "child.hiv.infected.v1"
    NUMBER: ClassVar[str] = "E61"
    CLAUSE: ClassVar[str] = "A§2.3, B-T18, A-L10"
    TITLE: ClassVar[Title] = Title("艾滋病病毒感染儿童", "Child infected with HIV")
    SOURCES: ClassVar[tuple[str, ...]] = ("health", "cdc")
    FAMILY: ClassVar[Family] = "health"
    CLASSIFICATION: ClassVar[Classification] = "C4"

    confirmed_at: DayOrMoment | None = None


class ChildDisabilityCertified(EventData):
    """A child holds a certificate of disability."""

    TYPE: ClassVar[str] = "child.disability.certified.v1"
    NUMBER: ClassVar[str] = "E62"
    CLAUSE: ClassVar[str] = "B§2.2, A-L11..L13"
    TITLE: ClassVar[Title] = Title("儿童残疾(持证)", "Disability certified")
    SOURCES: ClassVar[tuple[str, ...]] = ("disabled_federation",)
    FAMILY: ClassVar[Family] = "health"

    category: Code | None = None
    grade: Grade | None = None


class ChildDisabilitySuspected(EventData):
    """A screening, often of a newborn, was positive."""

    TYPE: ClassVar[str] = "child.disability.suspected.v1"
    NUMBER: ClassVar[str] = "E63"
    CLAUSE: ClassVar[str] = "B-T9; CONF K20 art 14"
    TITLE: ClassVar[Title] = Title("残疾筛查阳性/新生儿筛查阳性", "Screening positive")
    SOURCES: ClassVar[tuple[str, ...]] = (*HOSPITAL, "health", "cdc")
    FAMILY: ClassVar[Family] = "health"

    screen_type: Literal["PKU", "CH", "hearing", "CHD", "disability", "other", "unknown"] | None = None
    newborn: bool | None = None


class ChildRehabNeed(EventData):
    """A child needs rehabilitation."""

    TYPE: ClassVar[str] = "child.rehab_need.v1"
    NUMBER: ClassVar[str] = "E64"
    CLAUSE: ClassVar[str] = "A§2.1, A§2.5, A-L12"
    TITLE: ClassVar[Title] = Title("残疾康复需求", "Need of rehabilitation")
    SOURCES: ClassVar[tuple[str, ...]] = ("disabled_federation", *HOSPITAL, *VILLAGE)
    FAMILY: ClassVar[Family] = "health"

    need: Code | None = None


class HealthManagementGap(EventData):
    """A child misses what health management owes it."""

    TYPE: ClassVar[str] = "health.management.gap.v1"
    NUMBER: ClassVar[str] = "E65"
    CLAUSE: ClassVar[str] = "A§2.1, A-L1"
    TITLE: ClassVar[Title] = Title("健康管理缺失", "Gap in health management")
    SOURCES: ClassVar[tuple[str, ...]] = ("health", *HOSPITAL)
    FAMILY: ClassVar[Family] = "health"

    missing_items: Codes = ()


class HealthVaccinationGap(EventData):
    """A child misses a vaccination or its record."""

    TYPE: ClassVar[str] = "health.vaccination.gap.v1"
    NUMBER: ClassVar[str] = "E66"
    CLAUSE: ClassVar[str] = "A§2.1, A§2.5, A-L1"
    TITLE: ClassVar[Title] = Title("疫苗漏种/无接种证", "Vaccination missed")
    SOURCES: ClassVar[tuple[str, ...]] = ("cdc", *SCHOOL)
    FAMILY: ClassVar[Family] = "health"

    vaccines: Refs = ()


class InsuranceUninsured(EventData):
    """A child has no health insurance."""

    TYPE: ClassVar[str] = "insurance.uninsured.v1"
    NUMBER: ClassVar[str] = "E67"
    CLAUSE: ClassVar[str] = "A§2.1, A§2.5, A-L7"
    TITLE: ClassVar[Title] = Title("未参保(居民医保)", "Not insured")
    SOURCES: ClassVar[tuple[str, ...]] = ("medical_insurance",)
    FAMILY: ClassVar[Family] = "health"

    year: Year | None = None


TYPES = (
    ChildSeriousIllness,
    ChildHivInfected,
    ChildDisabilityCertified,
    ChildDisabilitySuspected,
    ChildRehabNeed,
    HealthManagementGap,
    HealthVaccinationGap,
    InsuranceUninsured,
)
