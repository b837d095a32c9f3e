"""Who belongs to the registers of children under care (domain 1.2)."""

from typing import ClassVar, Literal

from pydantic import Field

from events.data import EventData, Family, Title
from events.grammar import AreaCode, Code, Codes, DayOrMoment
from events.source import DERIVED, HOTLINE, POLICE, SCHOOL, TOWNSHIP, VILLAGE


class ChildMigrantIdentified(EventData):
    """Lists that were compared, or the family itself, tell of a migrant child."""

    TYPE: ClassVar[str] = "child.migrant.identified.v1"
    NUMBER: ClassVar[str] = "E19"
    CLAUSE: ClassVar[str] = "A§2.1"
    TITLE: ClassVar[Title] = Title("新识别流动儿童", "Migrant child identified")
    SOURCES: ClassVar[tuple[str, ...]] = (*DERIVED, *POLICE, "education", "health", "cdc", *VILLAGE)
    FAMILY: ClassVar[Family] = "services"

    matched_lists: Codes = ()
    since: DayOrMoment | None = None


class ChildLeftBehindIdentified(EventData):
    """A child whose parents work elsewhere was found."""

    TYPE: ClassVar[str] = "child.left_behind.identified.v1"
    NUMBER: ClassVar[str] = "E20"
    CLAUSE: ClassVar[str] = "B§2.1, B-T8"
    TITLE: ClassVar[Title] = Title("新识别留守儿童", "Left-behind child identified")
    SOURCES: ClassVar[tuple[str, ...]] = (*VILLAGE, *TOWNSHIP, *SCHOOL)
    FAMILY: ClassVar[Family] = "services"

    parents_status: Code | None = None
    caregiver: Code | None = None


class ChildMobilityChanged(EventData):
    """A child moved, or became or ceased to be migrant or left behind."""

    TYPE: ClassVar[str] = "child.mobility.changed.v1"
    NUMBER: ClassVar[str] = "E21"
    CLAUSE: ClassVar[str] = 'A§2.3 "动态监测…流动和留守情形变化"'
    TITLE: ClassVar[Title] = Title("流动/留守情形变化、居住地变更", "Child moved, or its situation changed")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, "education", *DERIVED)
    FAMILY: ClassVar[Family] = "services"

    from_code: AreaCode | None = None
    to_code: AreaCode | None = None
    date: DayOrMoment | None = None


class HelpRequestedByFamily(EventData):
    """A family asks for help itself."""

    TYPE: ClassVar[str] = "help.requested.by_family.v1"
    NUMBER: ClassVar[str] = "E33"
    CLAUSE: ClassVar[str] = "A§2.2"
    TITLE: ClassVar[Title] = Title("主动提出救助帮扶需求", "Family asks for help")
    SOURCES: ClassVar[tuple[str, ...]] = (*VILLAGE, *TOWNSHIP, "portal", *HOTLINE)
    FAMILY: ClassVar[Family] = "guardianship"

    need_codes: Codes = ()


class ChildDistressedIdentified(EventData):
    """A child in distress by its family, itself or its guardianship was found."""

    TYPE: ClassVar[str] = "child.distressed.identified.v1"
    NUMBER: ClassVar[str] = "E102"
    CLAUSE: ClassVar[str] = 'B§2.2, B-T8 "留守儿童和困境儿童全面摸底排查", B§4(二)'
    TITLE: ClassVar[Title] = Title("新识别困境儿童", "Distressed child identified")
    SOURCES: ClassVar[tuple[str, ...]] = (*VILLAGE, *TOWNSHIP, *SCHOOL, *DERIVED)
    FAMILY: ClassVar[Family] = "services"

    class_: Literal["family", "self", "guardianship", "unknown"] | None = Field(default=None, alias="class")
    subtype: Code | None = None
    matched_facts: Codes = ()


TYPES = (
    ChildMigrantIdentified,
    ChildLeftBehindIdentified,
    ChildMobilityChanged,
    HelpRequestedByFamily,
    ChildDistressedIdentified,
)
