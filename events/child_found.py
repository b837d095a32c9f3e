"""Children who were found where no child should be (domain 1.2): on the street, rescued, with strangers."""

from typing import ClassVar

from events.amounts import Count, FlagOrCount
from events.data import EventData, Family, Title
from events.grammar import Code, Codes, DayOrMoment, Ref
from events.source import HOSPITAL, POLICE, PUBLIC, SCHOOL, VILLAGE


class ChildWandering(EventData):
    """A child wanders or begs."""

    TYPE: ClassVar[str] = "child.wandering.v1"
    NUMBER: ClassVar[str] = "E25"
    CLAUSE: ClassVar[str] = "A§2.2, B§2.2, B-T8"
    TITLE: ClassVar[Title] = Title("流浪(乞讨)/有流浪经历", "Child wandering or begging")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, "relief_station", "urban_mgmt", *PUBLIC)
    FAMILY: ClassVar[Family] = "whereabouts"

    found_place: Code | None = None
    companions: Codes = ()
    identity_known: bool | None = None
    found_by: Code | None = None
    needs_medical: bool | None = None


class ChildTraffickingRescued(EventData):
    """Police rescued a child from traffickers. Whether DNA was taken is sealed (C4) even in this event."""

    TYPE: ClassVar[str] = "child.trafficking.rescued.v1"
    NUMBER: ClassVar[str] = "E27"
    CLAUSE: ClassVar[str] = "B§2.2 打拐解救儿童"
    TITLE: ClassVar[Title] = Title("打拐解救", "Child rescued from traffickers")
    SOURCES: ClassVar[tuple[str, ...]] = POLICE
    FAMILY: ClassVar[Family] = "whereabouts"

    case_ref: Ref | None = None
    dna_taken: bool | None = None
    needs_medical: bool | None = None
    infant: bool | None = None


class ChildPrivateCustodyFound(EventData):
    """A person, an organisation or a religious site keeps children without right."""

    TYPE: ClassVar[str] = "child.private_custody.found.v1"
    NUMBER: ClassVar[str] = "E29"
    CLAUSE: ClassVar[str] = "A§2.6, B-T7"
    TITLE: ClassVar[Title] = Title("私自收留抚养", "Children kept privately")
    SOURCES: ClassVar[tuple[str, ...]] = ("religious_affairs", "civil_affairs", *POLICE, *VILLAGE)
    FAMILY: ClassVar[Family] = "whereabouts"

    site_type: Code | None = None
    child_count: Count | None = None
    infants: FlagOrCount | None = None
    sick: bool | None = None
    harm: bool | None = None


class ChildPrivateAdoptionFound(EventData):
    """A child lives with people who adopted it without registration."""

    TYPE: ClassVar[str] = "child.private_adoption.found.v1"
    NUMBER: ClassVar[str] = "E30"
    CLAUSE: ClassVar[str] = 'B-T8 "私自收养的儿童"'
    TITLE: ClassVar[Title] = Title("私自收养", "Child adopted privately")
    SOURCES: ClassVar[tuple[str, ...]] = (*VILLAGE, "civil_affairs", *POLICE)
    FAMILY: ClassVar[Family] = "whereabouts"

    since: DayOrMoment | None = None
    origin_known: bool | None = None


class ChildUnregistered(EventData):
    """A child is in no household register."""

    TYPE: ClassVar[str] = "child.unregistered.v1"
    NUMBER: ClassVar[str] = "E31"
    CLAUSE: ClassVar[str] = "A§2.2, B-T8"
    TITLE: ClassVar[Title] = Title("无户籍", "Child without household registration")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, *VILLAGE, *SCHOOL, *HOSPITAL)
    FAMILY: ClassVar[Family] = "whereabouts"

    ground: Code | None = None


class ChildDeceased(EventData):
    """A child died: the file is reviewed, brothers and sisters are looked after."""

    TYPE: ClassVar[str] = "child.deceased.v1"
    NUMBER: ClassVar[str] = "E32"
    CLAUSE: ClassVar[str] = "CONF K24 art 4(5) where not natural; PROP"
    TITLE: ClassVar[Title] = Title("儿童死亡", "Child died")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, "health", *HOSPITAL)
    FAMILY: ClassVar[Family] = "whereabouts"

    date: DayOrMoment | None = None
    manner_class: Code | None = None


TYPES = (
    ChildWandering,
    ChildTraffickingRescued,
    ChildPrivateCustodyFound,
    ChildPrivateAdoptionFound,
    ChildUnregistered,
    ChildDeceased,
)
