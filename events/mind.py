"""Mind and behaviour (domain 1.5)."""

from typing import Annotated, ClassVar

from pydantic import Field

from events.data import EventData, Family, Title
from events.envelope import Classification
from events.grammar import Code, form
from events.source import HOSPITAL, POLICE, SCHOOL, TOWNSHIP, VILLAGE, WELFARE

_CONDUCT = r"^([a-z0-9_]{1,40}|不良|严重不良|不良行为|严重不良行为)$"
Conduct = Annotated[
    str,
    Field(pattern=_CONDUCT),
    form(_CONDUCT, "a code of 1 to 40 of a-z, 0-9 and _, or 不良, 严重不良 as the law says"),
]


class ChildMentalAbnormal(EventData):
    """A child's mind seems troubled."""

    TYPE: ClassVar[str] = "child.mental.abnormal.v1"
    NUMBER: ClassVar[str] = "E56"
    CLAUSE: ClassVar[str] = "A§2.2, A§2.8, B-T2, A-L20, C-L20"
    TITLE: ClassVar[Title] = Title("心理异常", "Psychological abnormality")
    SOURCES: ClassVar[tuple[str, ...]] = (
        *SCHOOL,
        *VILLAGE,
        *TOWNSHIP,
        *WELFARE,
        *HOSPITAL,
        "hotline_12355",
        "youth_league",
    )
    FAMILY: ClassVar[Family] = "health"

    screen_level: Code | None = None
    self_harm_flag: bool | None = None


class ChildBehaviourMisconduct(EventData):
    """A child misbehaves, or its behaviour is not normal."""

    TYPE: ClassVar[str] = "child.behaviour.misconduct.v1"
    NUMBER: ClassVar[str] = "E58"
    CLAUSE: ClassVar[str] = "A§2.2, A§2.8, B-T2, B-T6"
    TITLE: ClassVar[Title] = Title("行为失当/行为异常", "Misconduct or abnormal behaviour")
    SOURCES: ClassVar[tuple[str, ...]] = (*SCHOOL, *VILLAGE, *TOWNSHIP, *POLICE)
    FAMILY: ClassVar[Family] = "health"

    class_: Conduct | None = Field(default=None, alias="class")


class ChildMentalSevereDisorder(EventData):
    """A child with a severe mental disorder lives at home; sealed (C4) from birth."""

    TYPE: ClassVar[str] = "child.mental.severe_disorder.v1"
    NUMBER: ClassVar[str] = "E59"
    CLAUSE: ClassVar[str] = "A-L8"
    TITLE: ClassVar[Title] = Title("严重精神障碍确诊居家", "Severe mental disorder, living at home")
    SOURCES: ClassVar[tuple[str, ...]] = ("health", *HOSPITAL)
    FAMILY: ClassVar[Family] = "health"
    CLASSIFICATION: ClassVar[Classification] = "C4"

    managed: bool | None = None
    at_home: bool | None = None


TYPES = (
    ChildMentalAbnormal,
    ChildBehaviourMisconduct,
    ChildMentalSevereDisorder,
)
