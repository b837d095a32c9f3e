"""Visits and the rating that they end in (domain 1.7)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from events.abuse import AbuseGuardianHarmSuspected
from events.amounts import Count, ObligationCode
from events.data import Contract, EventData, Family, Title
from events.envelope import Classification
from events.grammar import Code, Codes, DayOrMoment, Ref
from events.source import DERIVED, TOWNSHIP, VILLAGE

Rating = Literal["good", "fair", "insufficient", "improper", "absent", "harm", "key_care", "unknown"]
"""State of guardianship (A§2.2); `key_care` where only the place on the key-care list is known."""


Found = Annotated[Codes, Field(min_length=1)]


class Findings(Contract):
    """What a visit found, under the policy's four headings; a heading may say `nothing`, none may be absent."""

    livelihood: Found
    guardianship: Found
    health_schooling: Found
    care_services: Found


class VisitCompleted(EventData):
    """Somebody went to the child's home; it counts only if the child was seen."""

    TYPE: ClassVar[str] = "visit.completed.v1"
    NUMBER: ClassVar[str] = "E83"
    CLAUSE: ClassVar[str] = "A§2.2, B-T8"
    TITLE: ClassVar[Title] = Title("走访完成", "Visit completed")
    SOURCES: ClassVar[tuple[str, ...]] = (*VILLAGE, *TOWNSHIP)
    FAMILY: ClassVar[Family] = "care"

    visit_at: DayOrMoment | None = None
    rating: Rating | None = None
    child_seen: bool | None = None
    findings: Findings | None = None
    weekly_contact: bool | None = None


class VisitOverdue(EventData):
    """A visit was due and nobody saw the child."""

    TYPE: ClassVar[str] = "visit.overdue.v1"
    NUMBER: ClassVar[str] = "E84"
    CLAUSE: ClassVar[str] = "A§2.2, B-T8"
    TITLE: ClassVar[Title] = Title("走访逾期", "Visit overdue")
    SOURCES: ClassVar[tuple[str, ...]] = DERIVED
    FAMILY: ClassVar[Family] = "care"
    AHEAD: ClassVar[frozenset[str]] = frozenset({"due_at"})

    due_at: DayOrMoment | None = None
    rating: Rating | None = None
    obligation_code: ObligationCode | None = None
    period: Ref | None = None
    sealed: bool | None = None  # the child's visits belong to a named post (R7)

    @override
    def classification(self) -> Classification:
        """C4 where the child's matter is sealed: its visits say so."""
        return "C4" if self.sealed else self.CLASSIFICATION


class VisitRefused(EventData):
    """Twice nobody was let in."""

    TYPE: ClassVar[str] = "visit.refused.v1"
    NUMBER: ClassVar[str] = "E85"
    CLAUSE: ClassVar[str] = "PROP"
    TITLE: ClassVar[Title] = Title("拒访/无法入户", "Visit refused")
    SOURCES: ClassVar[tuple[str, ...]] = VILLAGE
    FAMILY: ClassVar[Family] = "care"

    attempts: Count | None = None


class RiskRatingChanged(AbuseGuardianHarmSuspected):
    """The rating of a child's guardianship changed; `to: harm` is suspected harm by a guardian and carries its fields."""

    TYPE: ClassVar[str] = "risk.rating.changed.v1"
    NUMBER: ClassVar[str] = "E86"
    CLAUSE: ClassVar[str] = "A§2.2"
    TITLE: ClassVar[Title] = Title("监护状况评级变化", "Rating of guardianship changed")
    SOURCES: ClassVar[tuple[str, ...]] = (*TOWNSHIP, *DERIVED)
    FAMILY: ClassVar[Family] = "care"

    from_: Rating | None = Field(default=None, alias="from")
    to: Rating | None = None
    ground: Code | None = None

    @override
    def family(self) -> Family:
        """Harm when the new rating is harm."""
        return "harm" if self.to == "harm" else "care"


TYPES = (
    VisitCompleted,
    VisitOverdue,
    VisitRefused,
    RiskRatingChanged,
)
