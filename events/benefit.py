"""Benefits (domain 1.6): who may be due one, who no longer, and what was decided. Never decided by a machine."""

from typing import ClassVar, Literal

from events.amounts import Month
from events.data import EventData, Family, Title
from events.grammar import Code, Codes, DayOrMoment, Ref
from events.source import DERIVED, TOWNSHIP


class BenefitEligibilitySuspected(EventData):
    """Facts that were compared say that a benefit may be due."""

    TYPE: ClassVar[str] = "benefit.eligibility.suspected.v1"
    NUMBER: ClassVar[str] = "E73"
    CLAUSE: ClassVar[str] = "A§2.3, B-T18"
    TITLE: ClassVar[Title] = Title("疑似保障对象", "Possibly due a benefit")
    SOURCES: ClassVar[tuple[str, ...]] = DERIVED
    FAMILY: ClassVar[Family] = "guardianship"

    category: Code | None = None
    matched_facts: Codes = ()
    changed_at: DayOrMoment | None = None
    unsafe: bool | None = None


class BenefitExitSuspected(EventData):
    """Facts that were compared say that a benefit may have ended; a person decides."""

    TYPE: ClassVar[str] = "benefit.exit.suspected.v1"
    NUMBER: ClassVar[str] = "E74"
    CLAUSE: ClassVar[str] = "B-T18"
    TITLE: ClassVar[Title] = Title("应退未退", "Possibly no longer due a benefit")
    SOURCES: ClassVar[tuple[str, ...]] = DERIVED
    FAMILY: ClassVar[Family] = "guardianship"

    benefit: Code | None = None
    changed_fact: Code | None = None
    changed_at: DayOrMoment | None = None


class BenefitApplicationFiled(EventData):
    """An application was accepted: legal limits run from here."""

    TYPE: ClassVar[str] = "benefit.application.filed.v1"
    NUMBER: ClassVar[str] = "E75"
    CLAUSE: ClassVar[str] = "A§2.3, B-T18, A-L10, L11, C-L10"
    TITLE: ClassVar[Title] = Title("保障/救助申请已受理", "Application for a benefit accepted")
    SOURCES: ClassVar[tuple[str, ...]] = (*TOWNSHIP, "portal")
    FAMILY: ClassVar[Family] = "guardianship"

    benefit: Code | None = None
    cross_region: Literal["none", "in-province", "cross-province", "unknown"] | None = None
    accepted_at: DayOrMoment | None = None
    application_ref: Ref | None = None


class BenefitDecided(EventData):
    """An authority decided about a benefit."""

    TYPE: ClassVar[str] = "benefit.decided.v1"
    NUMBER: ClassVar[str] = "E76"
    CLAUSE: ClassVar[str] = "A-L10.."
    TITLE: ClassVar[Title] = Title("认定结果", "Benefit decided")
    SOURCES: ClassVar[tuple[str, ...]] = ("civil_affairs", "disabled_federation", "medical_insurance", "housing")
    FAMILY: ClassVar[Family] = "guardianship"

    benefit: Code | None = None
    result: Code | None = None
    effective_month: Month | None = None
    application_ref: Ref | None = None


class BenefitUnmetAfterPolicy(EventData):
    """Every policy is in place and the need is still there; `needs` are the kinds of agencies to be asked."""

    TYPE: ClassVar[str] = "benefit.unmet_after_policy.v1"
    NUMBER: ClassVar[str] = "E77"
    CLAUSE: ClassVar[str] = "A§2.6, B-T9, C§1, C-L14"
    TITLE: ClassVar[Title] = Title("政策已覆盖仍有现实困难", "Still in need after every policy")
    SOURCES: ClassVar[tuple[str, ...]] = ("civil_affairs",)
    FAMILY: ClassVar[Family] = "guardianship"

    needs: Codes = ()


TYPES = (
    BenefitEligibilitySuspected,
    BenefitExitSuspected,
    BenefitApplicationFiled,
    BenefitDecided,
    BenefitUnmetAfterPolicy,
)
