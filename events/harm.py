"""Harm that is no abuse at home (domain 1.3): accident, bullying, forbidden work, drugs."""

from typing import ClassVar, Literal

from events.abuse import InjuryLevel
from events.data import EventData, Family, Title
from events.grammar import Code, Codes, Ref
from events.source import HOSPITAL, HOTLINE, POLICE, SCHOOL, VILLAGE


class InjuryAccidentalSuspected(EventData):
    """A child may have been hurt in an accident."""

    TYPE: ClassVar[str] = "injury.accidental.suspected.v1"
    NUMBER: ClassVar[str] = "E39"
    CLAUSE: ClassVar[str] = "A§2.2, B-T8"
    TITLE: ClassVar[Title] = Title("疑似遭受意外伤害", "Suspected accidental injury")
    SOURCES: ClassVar[tuple[str, ...]] = (*HOSPITAL, *SCHOOL, *VILLAGE, "emergency_mgmt", *POLICE)
    FAMILY: ClassVar[Family] = "harm"

    cause: Code | None = None
    severity: Literal["minor", "serious", "life_threatening", "unknown"] | None = None
    caregiver_absent: bool | None = None
    in_school: bool | None = None
    public_hazard_site: bool | None = None
    needs_medical: bool | None = None
    reported_to_police: bool | None = None


class AbuseBullyingReported(EventData):
    """Pupils bully a child."""

    TYPE: ClassVar[str] = "abuse.bullying.reported.v1"
    NUMBER: ClassVar[str] = "E40"
    CLAUSE: ClassVar[str] = "A§2.10, B-T14; CONF K01 art 39"
    TITLE: ClassVar[Title] = Title("学生欺凌", "Bullying reported")
    SOURCES: ClassVar[tuple[str, ...]] = (*SCHOOL, *HOTLINE, "portal", *POLICE)
    FAMILY: ClassVar[Family] = "harm"

    severity: Literal["minor", "serious", "unknown"] | None = None
    means: Codes = ()
    injury_level: InjuryLevel | None = None
    needs_medical: bool | None = None
    reported_to_police: bool | None = None


class AbuseChildLabourSuspected(EventData):
    """Somebody may employ a child under 16."""

    TYPE: ClassVar[str] = "abuse.child_labour.suspected.v1"
    NUMBER: ClassVar[str] = "E42"
    CLAUSE: ClassVar[str] = "CONF K01 art 61, K07 art 14"
    TITLE: ClassVar[Title] = Title("违法招用未满16周岁", "Suspected child labour")
    SOURCES: ClassVar[tuple[str, ...]] = ("human_resources", *SCHOOL, *POLICE)
    FAMILY: ClassVar[Family] = "harm"

    employer_ref: Ref | None = None
    coercion: bool | None = None


class ChildDrugInvolvement(EventData):
    """A child takes, carries or sells drugs, or is made to."""

    TYPE: ClassVar[str] = "child.drug_involvement.v1"
    NUMBER: ClassVar[str] = "E43"
    CLAUSE: ClassVar[str] = "A§2.10 (prevention)"
    TITLE: ClassVar[Title] = Title("涉毒", "Child involved with drugs")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, *SCHOOL)
    FAMILY: ClassVar[Family] = "harm"

    role: Code | None = None


TYPES = (
    InjuryAccidentalSuspected,
    AbuseBullyingReported,
    AbuseChildLabourSuspected,
    ChildDrugInvolvement,
)
