"""Where a child lives who cannot live with its family (domain 1.7). Its address is sealed and has no field."""

from typing import ClassVar, Literal

from events.amounts import RefOrNumber
from events.data import EventData, Family, Title
from events.grammar import Ref


class PlacementTemporaryStarted(EventData):
    """Civil affairs cares for the child for a time; `ground` is the item of article 92."""

    TYPE: ClassVar[str] = "placement.temporary.started.v1"
    NUMBER: ClassVar[str] = "E96"
    CLAUSE: ClassVar[str] = "A§2.6, B-T6/T7"
    TITLE: ClassVar[Title] = Title("临时监护开始", "Temporary guardianship started")
    SOURCES: ClassVar[tuple[str, ...]] = ("civil_affairs", "rescue_protection")
    FAMILY: ClassVar[Family] = "judicial"

    ground: RefOrNumber | None = None
    facility_ref: Ref | None = None


class PlacementTemporaryEnded(PlacementTemporaryStarted):
    """Temporary guardianship is over: an assessment says where the child goes."""

    TYPE: ClassVar[str] = "placement.temporary.ended.v1"
    NUMBER: ClassVar[str] = "E96"
    CLAUSE: ClassVar[str] = "A§2.6, B-T6/T7"
    TITLE: ClassVar[Title] = Title("临时监护结束", "Temporary guardianship ended")
    SOURCES: ClassVar[tuple[str, ...]] = ("civil_affairs", "rescue_protection")
    FAMILY: ClassVar[Family] = "judicial"

    assessment_ref: Ref | None = None


class PlacementLongtermStarted(EventData):
    """Civil affairs cares for the child for good; `ground` is the item of article 94."""

    TYPE: ClassVar[str] = "placement.longterm.started.v1"
    NUMBER: ClassVar[str] = "E97"
    CLAUSE: ClassVar[str] = 'A§2.6, B-T7 "《家庭寄养管理办法》"'
    TITLE: ClassVar[Title] = Title("长期监护", "Long-term guardianship started")
    SOURCES: ClassVar[tuple[str, ...]] = ("civil_affairs", "child_welfare_institution")
    FAMILY: ClassVar[Family] = "judicial"

    ground: RefOrNumber | None = None
    form: Literal["institution", "family_foster", "unknown"] | None = None
    foster_family_ref: Ref | None = None


TYPES = (
    PlacementTemporaryStarted,
    PlacementTemporaryEnded,
    PlacementLongtermStarted,
)
