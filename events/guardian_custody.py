"""A guardian whose liberty an authority took or gave back (domain 1.1)."""

from typing import ClassVar

from events.amounts import Months
from events.data import EventData, Family, Title
from events.grammar import AreaCode, Code, DayOrMoment
from events.source import POLICE


class GuardianCompulsoryDetox(EventData):
    """A guardian must stay in detoxification."""

    TYPE: ClassVar[str] = "guardian.compulsory_detox.v1"
    NUMBER: ClassVar[str] = "E06"
    CLAUSE: ClassVar[str] = "A§2.3, B-T18, B§2.2"
    TITLE: ClassVar[Title] = Title("监护人被强制隔离戒毒", "Guardian in compulsory detoxification")
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, "justice")
    FAMILY: ClassVar[Family] = "guardianship"

    decision_date: DayOrMoment | None = None
    term_months: Months | None = None
    caregiver_known: bool | None = None
    other_guardian_status: Code | None = None
    guardian_role: Code | None = None


class GuardianLibertyRestricted(EventData):
    """Another measure keeps a guardian from the child."""

    TYPE: ClassVar[str] = "guardian.liberty_restricted.v1"
    NUMBER: ClassVar[str] = "E07"
    CLAUSE: ClassVar[str] = "A§2.3, B-T18"
    TITLE: ClassVar[Title] = Title(
        "监护人被执行其他限制人身自由的措施", "Guardian under another restriction of liberty"
    )
    SOURCES: ClassVar[tuple[str, ...]] = (*POLICE, "procuratorate", "court", "supervisory_organ")
    FAMILY: ClassVar[Family] = "guardianship"
    AHEAD: ClassVar[frozenset[str]] = frozenset({"expected_end"})

    measure: Code | None = None
    start: DayOrMoment | None = None
    expected_end: DayOrMoment | None = None
    caregiver_known: bool | None = None
    other_guardian_status: Code | None = None
    guardian_role: Code | None = None
    child_alone: bool | None = None


class GuardianReleased(EventData):
    """A guardian comes or came free."""

    TYPE: ClassVar[str] = "guardian.released.v1"
    NUMBER: ClassVar[str] = "E12"
    CLAUSE: ClassVar[str] = "B-T18 (implied by 应退未退)"
    TITLE: ClassVar[Title] = Title("监护人刑满释放/解除强戒/解除限制", "Guardian released")
    SOURCES: ClassVar[tuple[str, ...]] = ("prison", "justice", *POLICE)
    FAMILY: ClassVar[Family] = "guardianship"
    AHEAD: ClassVar[frozenset[str]] = frozenset({"release_date"})

    release_date: DayOrMoment | None = None
    destination_code: AreaCode | None = None
    guardian_role: Code | None = None


class GuardianRightsRestored(EventData):
    """A guardian has the right or the strength again, or was found."""

    TYPE: ClassVar[str] = "guardian.rights.restored.v1"
    NUMBER: ClassVar[str] = "E13"
    CLAUSE: ClassVar[str] = "B-T18 implied; CONF K03 art 38"
    TITLE: ClassVar[Title] = Title("恢复监护资格/失联复现/健康好转", "Guardian able again")
    SOURCES: ClassVar[tuple[str, ...]] = ("court", *POLICE, "civil_affairs")
    FAMILY: ClassVar[Family] = "guardianship"

    ground: Code | None = None
    date: DayOrMoment | None = None
    guardian_role: Code | None = None


TYPES = (
    GuardianCompulsoryDetox,
    GuardianLibertyRestricted,
    GuardianReleased,
    GuardianRightsRestored,
)
