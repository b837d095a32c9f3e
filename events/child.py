"""Where a child is and with whom (domain 1.2)."""

from typing import ClassVar

from events.data import EventData, Family, Title
from events.grammar import Code, Moment, Ref
from events.source import HOSPITAL, HOTLINE, POLICE, SCHOOL, TOWNSHIP, VILLAGE


class ChildLivingAlone(EventData):
    """A child lives away from any guardian; `since` is when the stated facts began."""

    TYPE: ClassVar[str] = "child.living_alone.v1"
    NUMBER: ClassVar[str] = "E22"
    CLAUSE: ClassVar[str] = "A§2.2, B-T8; CONF K01 art 21"
    TITLE: ClassVar[Title] = Title("脱离监护单独居住生活", "Child living alone without a guardian")
    SOURCES: ClassVar[tuple[str, ...]] = (*VILLAGE, *TOWNSHIP, *SCHOOL, *POLICE)
    FAMILY: ClassVar[Family] = "harm"

    since: Moment | None = None
    reachable_parent: bool | None = None
    heating_ok: bool | None = None
    reported_to_police: bool | None = None


class ChildMissing(EventData):
    """A child cannot be found."""

    TYPE: ClassVar[str] = "child.missing.v1"
    NUMBER: ClassVar[str] = "E23"
    CLAUSE: ClassVar[str] = "A§2.2, B-T8"
    TITLE: ClassVar[Title] = Title("儿童失踪", "Child missing")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, *SCHOOL)
    FAMILY: ClassVar[Family] = "whereabouts"

    last_seen_at: Moment | None = None
    last_seen_place: Code | None = None
    clothing_ref: Ref | None = None
    suspected_cause: Code | None = None


class ChildFound(EventData):
    """A missing child was found: closes E23."""

    TYPE: ClassVar[str] = "child.found.v1"
    NUMBER: ClassVar[str] = "E24"
    CLAUSE: ClassVar[str] = "PROP: closes E23"
    TITLE: ClassVar[Title] = Title("失踪儿童已找到", "Missing child found")
    SOURCES: ClassVar[tuple[str, ...]] = POLICE
    FAMILY: ClassVar[Family] = "whereabouts"

    found_at: Moment | None = None
    condition: Code | None = None


class ChildTraffickingSuspected(EventData):
    """A child may have been trafficked, or nobody can say where it comes from."""

    TYPE: ClassVar[str] = "child.trafficking.suspected.v1"
    NUMBER: ClassVar[str] = "E26"
    CLAUSE: ClassVar[str] = "A§2.10, B§2.2; CONF K24 art 4(7)"
    TITLE: ClassVar[Title] = Title("疑似拐卖/来历不明", "Suspected trafficking, or a child of unknown origin")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, *HOSPITAL, *SCHOOL, *VILLAGE, *HOTLINE)
    FAMILY: ClassVar[Family] = "whereabouts"

    ground: Code | None = None
    with_whom: Code | None = None


class ChildAbandoned(EventData):
    """A child was abandoned, or its parents cannot be found."""

    TYPE: ClassVar[str] = "child.abandoned.v1"
    NUMBER: ClassVar[str] = "E28"
    CLAUSE: ClassVar[str] = "B§2.2 孤弃儿童, 遗弃"
    TITLE: ClassVar[Title] = Title("遗弃/弃婴/查找不到生父母", "Child abandoned, or parents cannot be found")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, *HOSPITAL, *VILLAGE)
    FAMILY: ClassVar[Family] = "whereabouts"

    found_at: Moment | None = None
    condition: Code | None = None
    infant: bool | None = None
    needs_medical: bool | None = None


TYPES = (ChildLivingAlone, ChildMissing, ChildFound, ChildTraffickingSuspected, ChildAbandoned)
