"""Duties that fall due and signals that add up (domain 1.7, E100 and E101): our own services publish them."""

from typing import ClassVar

from events.agency import Level
from events.amounts import EventIds, ObligationCode
from events.data import Contract, EventData, Family, Title
from events.envelope import Classification
from events.grammar import AreaCode, Code, Codes, DayOrMoment, Ref
from events.source import DERIVED
from events.visit import Rating


class Owner(Contract):
    """The agency whose duty it is."""

    kind: Code
    level: Level
    area: AreaCode


class TimerObligationDue(EventData):
    """A duty of section 5 will soon be due."""

    TYPE: ClassVar[str] = "timer.obligation.due.v1"
    NUMBER: ClassVar[str] = "E100"
    CLAUSE: ClassVar[str] = "domain section 5"
    TITLE: ClassVar[Title] = Title("周期性义务到期", "Duty due")
    SOURCES: ClassVar[tuple[str, ...]] = DERIVED
    FAMILY: ClassVar[Family] = "organisation"
    CLASSIFICATION: ClassVar[Classification] = "C2"
    ABOUT_CHILD: ClassVar[bool] = False
    AHEAD: ClassVar[frozenset[str]] = frozenset({"due_at"})

    obligation_code: ObligationCode | None = None
    period: Ref | None = None
    due_at: DayOrMoment | None = None
    owner: Owner | None = None
    rating: Rating | None = None


class TimerObligationOverdue(TimerObligationDue):
    """A duty of section 5 was not done in time."""

    TYPE: ClassVar[str] = "timer.obligation.overdue.v1"
    NUMBER: ClassVar[str] = "E100"
    CLAUSE: ClassVar[str] = "domain section 5"
    TITLE: ClassVar[Title] = Title("周期性义务逾期", "Duty overdue")
    SOURCES: ClassVar[tuple[str, ...]] = DERIVED
    FAMILY: ClassVar[Family] = "organisation"
    CLASSIFICATION: ClassVar[Classification] = "C2"
    ABOUT_CHILD: ClassVar[bool] = False

    superior: Owner | None = None  # who hears of it when its owner stays silent (second level of the ladder)


class RiskAggregateRaised(EventData):
    """Several signals about one child add up to a risk that none of them shows alone."""

    TYPE: ClassVar[str] = "risk.aggregate.raised.v1"
    NUMBER: ClassVar[str] = "E101"
    CLAUSE: ClassVar[str] = 'A§2.3 "数据找人" (PROP rule: ≥3 MEDIUM in 30 days)'
    TITLE: ClassVar[Title] = Title("多信号叠加研判升级", "Signals add up")
    SOURCES: ClassVar[tuple[str, ...]] = DERIVED
    FAMILY: ClassVar[Family] = "harm"

    contributing_events: EventIds = ()
    departments: Codes = ()


TYPES = (
    TimerObligationDue,
    TimerObligationOverdue,
    RiskAggregateRaised,
)
