"""Care that parents hand to somebody else (domain 1.7)."""

from typing import ClassVar, Literal

from events.amounts import FlagOrCount
from events.data import EventData, Family, Title
from events.grammar import Code, Ref, Refs
from events.source import DERIVED, SCHOOL, VILLAGE


class CareDelegationRegistered(EventData):
    """Parents who are away handed the care of a child to somebody; the village looks at whom."""

    TYPE: ClassVar[str] = "care.delegation.registered.v1"
    NUMBER: ClassVar[str] = "E80"
    CLAUSE: ClassVar[str] = "A§2.7, B-T4, B-T5"
    TITLE: ClassVar[Title] = Title("委托照护登记", "Delegated care registered")
    SOURCES: ClassVar[tuple[str, ...]] = (*VILLAGE, *SCHOOL)
    FAMILY: ClassVar[Family] = "care"

    delegate_ref: Ref | None = None
    agreement_ref: Ref | None = None
    child_heard: bool | None = None
    reason: Code | None = None
    delegate_relation: Code | None = None
    full_capacity: bool | None = None
    care_ability: bool | None = None
    morals_ok: bool | None = None
    family_ok: bool | None = None
    health_ok: bool | None = None
    bond_with_child: bool | None = None
    no_criminal_record: bool | None = None
    no_bad_habits: bool | None = None
    responsibilities_explained: bool | None = None


class CareDelegationImproper(EventData):
    """Nobody was asked to care, or somebody who should not have been."""

    TYPE: ClassVar[str] = "care.delegation.improper.v1"
    NUMBER: ClassVar[str] = "E81"
    CLAUSE: ClassVar[str] = "A§2.7, B-T4, B-T5"
    TITLE: ClassVar[Title] = Title("委托照护失当/未委托", "Delegated care improper or missing")
    SOURCES: ClassVar[tuple[str, ...]] = (*VILLAGE, *SCHOOL, *DERIVED)
    FAMILY: ClassVar[Family] = "care"

    ground: (
        Literal[
            "not_delegated",
            "no_valid_reason",
            "delegate_without_capacity",
            "bad_habits",
            "parenting_method",
            "criminal_record",
            "other",
            "unknown",
        ]
        | None
    ) = None
    talks_done: FlagOrCount | None = None


class CareDelegationUncorrected(EventData):
    """Parents and delegate were spoken to and change nothing."""

    TYPE: ClassVar[str] = "care.delegation.uncorrected.v1"
    NUMBER: ClassVar[str] = "E82"
    CLAUSE: ClassVar[str] = "B-T5"
    TITLE: ClassVar[Title] = Title("父母和被委托人拒绝改善", "Delegated care not corrected")
    SOURCES: ClassVar[tuple[str, ...]] = VILLAGE
    FAMILY: ClassVar[Family] = "care"

    talks_log: Refs = ()


TYPES = (
    CareDelegationRegistered,
    CareDelegationImproper,
    CareDelegationUncorrected,
)
