"""Guardians who could care and do not (domain 1.1), found at home or in a case."""

from typing import ClassVar

from events.amounts import Days
from events.data import EventData, Family, Title
from events.grammar import Code, Codes, Ref
from events.source import POLICE, SCHOOL, VILLAGE


class GuardianDutyNeglected(EventData):
    """A guardian is slow or careless in the duty of guardianship."""

    TYPE: ClassVar[str] = "guardian.duty.neglected.v1"
    NUMBER: ClassVar[str] = "E16"
    CLAUSE: ClassVar[str] = "A§2.7, B-T4"
    TITLE: ClassVar[Title] = Title("怠于履行监护责任", "Guardian neglects the duty of guardianship")
    SOURCES: ClassVar[tuple[str, ...]] = (*VILLAGE, *POLICE, "procuratorate", "court", *SCHOOL)
    FAMILY: ClassVar[Family] = "harm"

    acts: Codes = ()
    duration_days: Days | None = None
    child_in_peril: bool | None = None
    serious_consequence: bool | None = None
    warned_before: bool | None = None
    repeated: bool | None = None


class GuardianBreachFoundInCase(EventData):
    """Police, procurators or judges found it while they dealt with a case; the organ acts itself."""

    TYPE: ClassVar[str] = "guardian.breach.found_in_case.v1"
    NUMBER: ClassVar[str] = "E18"
    CLAUSE: ClassVar[str] = "A§2.7"
    TITLE: ClassVar[Title] = Title("办案中发现监护失职/侵害", "Failure of guardianship found in a case")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, "procuratorate", "court")
    FAMILY: ClassVar[Family] = "harm"

    case_ref: Ref | None = None
    act_class: Code | None = None


TYPES = (
    GuardianDutyNeglected,
    GuardianBreachFoundInCase,
)
