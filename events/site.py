"""Sites that are dangerous (domain 1.4 and 1.7, E55 and E107): about the place, not a child."""

from typing import ClassVar, Literal

from events.data import EventData, Family, Title
from events.envelope import Classification
from events.grammar import Code, Ref
from events.source import POLICE, TOWNSHIP, VILLAGE, WELFARE


class SchoolSafetyHazardFound(EventData):
    """Something at a school endangers pupils."""

    TYPE: ClassVar[str] = "school.safety_hazard.found.v1"
    NUMBER: ClassVar[str] = "E55"
    CLAUSE: ClassVar[str] = "B-T14"
    TITLE: ClassVar[Title] = Title("校园安全隐患", "Safety hazard at a school")
    SOURCES: ClassVar[tuple[str, ...]] = ("education", *POLICE)
    FAMILY: ClassVar[Family] = "organisation"
    CLASSIFICATION: ClassVar[Classification] = "C2"
    ABOUT_CHILD: ClassVar[bool] = False

    school_ref: Ref | None = None
    hazard: Code | None = None


class SiteSafetyHazardFound(EventData):
    """Something at a place or in an institution endangers children."""

    TYPE: ClassVar[str] = "site.safety_hazard.found.v1"
    NUMBER: ClassVar[str] = "E107"
    CLAUSE: ClassVar[str] = 'A§2.10, B-T13 (村、社区), B-T14 (服务机构"运行管理、消防、食品、疾病防疫")'
    TITLE: ClassVar[Title] = Title("村(社区)、机构安全隐患", "Safety hazard in a village or an institution")
    SOURCES: ClassVar[tuple[str, ...]] = (*TOWNSHIP, *VILLAGE, "civil_affairs", "emergency_mgmt", *POLICE, *WELFARE)
    FAMILY: ClassVar[Family] = "organisation"
    CLASSIFICATION: ClassVar[Classification] = "C2"
    ABOUT_CHILD: ClassVar[bool] = False

    site_kind: (
        Literal[
            "village",
            "community",
            "water",
            "road",
            "welfare_institution",
            "rescue_institution",
            "activity_site",
            "unknown",
        ]
        | None
    ) = None
    hazard: (
        Literal["fire", "food", "epidemic", "water", "traffic", "electric", "natural", "operation", "unknown"] | None
    ) = None
    site_ref: Ref | None = None
    on_way_to_school: bool | None = None
    child_hurt: bool | None = None


TYPES = (
    SchoolSafetyHazardFound,
    SiteSafetyHazardFound,
)
