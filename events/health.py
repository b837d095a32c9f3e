"""Health, disability and mind (domain 1.5)."""

from typing import ClassVar, Literal

from events.data import EventData, Family, Title
from events.source import HOSPITAL, SCHOOL


class ChildSelfHarmRisk(EventData):
    """A child speaks of suicide or self-harm, or has tried."""

    TYPE: ClassVar[str] = "child.self_harm.risk.v1"
    NUMBER: ClassVar[str] = "E57"
    CLAUSE: ClassVar[str] = "A§2.8 implied; CONF K24 art 4(5)"
    TITLE: ClassVar[Title] = Title("自杀自残风险/行为", "Risk or act of suicide or self-harm")
    SOURCES: ClassVar[tuple[str, ...]] = (*SCHOOL, *HOSPITAL, "hotline_12355", "youth_league", "platform")
    FAMILY: ClassVar[Family] = "health"

    act_or_ideation: Literal["act", "ideation", "unknown"] | None = None
    act_in_progress: bool | None = None
    child_alone: bool | None = None
    in_school: bool | None = None
    needs_medical: bool | None = None


TYPES = (ChildSelfHarmRisk,)
